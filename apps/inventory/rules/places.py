"""Kinds of places."""

from __future__ import annotations

from typing import Final

# What lies anywhere else is damaged, expired, on its way or waiting for a decision.
SALEABLE: Final = frozenset({"godown", "rack", "bin", "van"})
