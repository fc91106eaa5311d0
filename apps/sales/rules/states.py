"""How far a bill is, and which step may follow which. The database refuses every other one."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """How far a bill is."""

    DRAFT = "draft"
    HELD = "held"
    POSTED = "posted"
    CANCELLED = "cancelled"


MOVES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.HELD, State.POSTED}),
    State.HELD: frozenset({State.DRAFT}),
    State.POSTED: frozenset({State.CANCELLED}),
    State.CANCELLED: frozenset(),
}
"""What may follow. A draft or held bill can also be thrown away; one that was posted never goes."""

OPEN = frozenset({State.DRAFT, State.HELD})
"""Bills that can still be changed: nothing of them is in stock or books."""


class Answer(StrEnum):
    """What became of a question to the owner."""

    WAITING = "waiting"
    ALLOWED = "allowed"
    REFUSED = "refused"


ANSWERS: dict[Answer, frozenset[Answer]] = {
    Answer.WAITING: frozenset({Answer.ALLOWED, Answer.REFUSED}),
    Answer.ALLOWED: frozenset(),
    Answer.REFUSED: frozenset(),
}
"""A question is answered once. Who thinks better of it is asked again."""
