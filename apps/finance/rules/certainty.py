"""How sure a seeded rate or limit is, so that an accountant sees what to look up before relying on it."""

from __future__ import annotations

from enum import StrEnum


class Certainty(StrEnum):
    """Where a figure was taken from."""

    CHECKED = "checked"
    """Compared with the notification or the Act itself, or entered by somebody who had it before them."""
    PUBLISHED = "published"
    """From published tables and commentaries, not from the Gazette."""
    TRADE = "trade"
    """What the trade knows and applies. Look it up."""
