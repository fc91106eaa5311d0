"""Sign-in as one of the demo's people, without a password."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from apps.accounts import queries
from apps.accounts.models import User

# Given people's primary keys, what to write beside their names, such as their role.
Notes = Callable[[Sequence[int]], Mapping[int, str]]

_notes: list[Notes] = []


def add_notes(source: Notes) -> None:
    """Register what an upper app knows about the demo's people; called from `AppConfig.ready()`."""
    if source not in _notes:
        _notes.append(source)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to be in the demo, and what is written beside the name."""

    user: User
    note: str


def people() -> list[DemoPerson]:
    """Everybody a visitor of the demo may be; nobody outside demo mode.

    Somebody of whom no upper app knows anything, such as a member who was switched off, has no place to go and is
    left out.
    """
    users = queries.demo_people()
    ids = [user.pk for user in users]
    notes: dict[int, str] = {}
    for source in _notes:
        notes |= source(ids)
    return [DemoPerson(user, notes.get(user.pk, "")) for user in users if user.pk in notes or not _notes]
