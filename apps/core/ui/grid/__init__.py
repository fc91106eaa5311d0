"""What a document grid is declared with: columns, lines, what was typed. `core.ui.pages.GridPage` serves it."""

from apps.core.ui.grid.columns import Column, Entry, Pick, Shown
from apps.core.ui.grid.lines import Key, Line, Note, NoteButton, Step
from apps.core.ui.grid.typed import Typed

__all__ = ["Column", "Entry", "Key", "Line", "Note", "NoteButton", "Pick", "Shown", "Step", "Typed"]
