"""The life of an import."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where an import stands. READING, MATCHED, MENDING, IMPORTING and UNDOING are worked on in the background."""

    READING = "reading"
    UPLOADED = "uploaded"
    MATCHED = "matched"
    CHECKED = "checked"
    MENDING = "mending"
    IMPORTING = "importing"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """State and name, for the field's choices."""
        return [(state.value, state.value.capitalize()) for state in cls]


# MATCHED: the columns are known and the rows are being checked.
WORKING = frozenset({State.READING, State.MATCHED, State.MENDING, State.IMPORTING, State.UNDOING})

MOVES: dict[State, frozenset[State]] = {
    State.READING: frozenset({State.UPLOADED, State.FAILED}),
    State.UPLOADED: frozenset({State.MATCHED, State.FAILED}),
    State.MATCHED: frozenset({State.CHECKED, State.UPLOADED, State.FAILED}),
    State.CHECKED: frozenset({State.MATCHED, State.UPLOADED, State.MENDING, State.IMPORTING, State.FAILED}),
    State.MENDING: frozenset({State.CHECKED, State.FAILED}),
    # Back to CHECKED: stopped by somebody, or refused; nothing was taken.
    State.IMPORTING: frozenset({State.DONE, State.CHECKED, State.FAILED}),
    State.DONE: frozenset({State.UNDOING}),
    State.UNDOING: frozenset({State.UNDONE, State.DONE}),
    State.UNDONE: frozenset(),
    State.FAILED: frozenset(),
}


def may_move(before: State, after: State) -> bool:
    """Whether an import may go from one state to the other."""
    return after in MOVES[before]
