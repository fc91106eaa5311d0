"""What an operation raises when it will not do what was asked."""

from __future__ import annotations

from django.utils.functional import Promise


class Stale(Exception):
    """The record has another version than the one that was edited; the page shows both."""


class Refusal(Exception):
    """The facts do not allow it. A page shows the message beside the field that caused it, or as a banner.

    Apps derive their own classes, named after the fact (`StockShortage`). The message says what is so, then what to do:
    "Only 52 free. Type 52 or less, or add another batch." Anything else an operation raises is a fault of ours.
    """

    def __init__(self, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)
