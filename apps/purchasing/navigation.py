"""Where buying appears in the menu, the palette and on the home page."""

from __future__ import annotations


def register() -> None:
    """Add the entries to the frame."""
