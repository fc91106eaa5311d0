"""A line of a document as its grid draws it, and the buttons around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class NoteButton:
    """What mends the line: posts the line again with this `do`, and `value` behind a colon."""

    label: Text
    do: str
    value: str = ""
    keys: str = ""

    @property
    def posted(self) -> str:
        return f"{self.do}:{self.value}" if self.value else self.do


@dataclass(frozen=True)
class Note:
    """A row under the line that it is about: the reason in one sentence, and the way out."""

    text: Text
    tone: str = "warn"
    buttons: Sequence[NoteButton] = ()


@dataclass
class Line:
    """A line as the grid draws it."""

    pk: int | None = None
    """None while it is not saved: the line that is typed next, or one that was refused."""
    name: str = ""
    """What it is about, for whoever hears the buttons."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """By column: the text of an input, or what is shown."""
    keys: Mapping[str, object] = field(default_factory=dict)
    """By `Pick` column: the key of what was picked."""
    notes: Sequence[Note] = ()
    more: Sequence[Mapping[str, Any]] = ()
    """Further rows of the same line, such as its next batch: what each column shows."""
    phone_detail: Text = ""
    phone_end: Text = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    """By column: why it was refused. "" stands for the line as a whole."""
    was: Mapping[str, str] = field(default_factory=dict)
    """By column, of a line that was refused: what the record says, where something else was typed."""
    fixed: bool = False
    """It can be looked at and not changed."""
    number: int | None = None
    """Set by the page; the script numbers anew after a change."""
    token: str = ""
    """Of a line that is not saved: sent twice, it is one line."""


@dataclass(frozen=True)
class Step:
    """A button of the header that moves the document on; `do` is what it posts. It waits until every line is saved."""

    do: str
    label: Text
    icon: str = ""
    keys: str = ""
    primary: bool = False
    tone: str = ""
    right: str = ""
    question: Text = ""
    """Asked in a dialog before it is done."""
    missing: Sequence[Text] = ()
    """What stands before it; while anything does, the button says so and does nothing."""


@dataclass(frozen=True)
class Key:
    """A key that the grid itself knows, for the strip below and the sheet behind "?"."""

    keys: str
    label: Text
    wide: bool = False
    """Only in the sheet: the strip has no room."""
