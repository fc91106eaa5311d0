"""Parties for tests."""

from __future__ import annotations

import itertools
from typing import Any

from apps.parties.models import Party

_numbers = itertools.count(1)


def party(name: str = "", **fields: Any) -> Party:
    """A saved customer in Pune; call inside `tenant(...)`."""
    made: Party = Party.objects.create(
        **{"name": name or f"Chemist {next(_numbers)}", "state_code": "27", "city": "Pune", **fields}
    )
    return made
