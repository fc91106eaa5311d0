"""Two people changed one line of a document: the three columns of `parts/conflict.html` for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.core.ui.grid import Column, Entry, Line, Pick, Typed


@dataclass(frozen=True)
class Choice:
    """A cell that both changed. What is chosen is posted as the value of the cell, so the line is simply sent again."""

    label: str
    name: str
    opened: str
    theirs: str
    yours: str

    clash = changed_by_them = changed_by_you = True

    @property
    def theirs_value(self) -> str:
        return self.theirs

    @property
    def yours_value(self) -> str:
        return self.yours


def conflict_of(
    *,
    typed: Typed,
    now: Line,
    rows: Sequence[tuple[Entry, str]],
    columns: Sequence[Column],
    version: int,
    url: str,
) -> dict[str, Any]:
    """What the conflict dialog of a line shows, and what it sends again."""
    chosen = [
        Choice(
            str(column.label),
            column.name,
            before,
            text_of(now.values.get(column.name)),
            typed.values.get(column.name, ""),
        )
        for column, before in rows
    ]
    clashing = {row.name for row in chosen}
    kept: list[tuple[str, str]] = [("do", "line"), ("line", str(typed.pk))]
    for column in columns:
        if not isinstance(column, Entry):
            continue
        name = column.name
        if name not in clashing:
            yours = name in typed.changed or not typed.changed
            kept.append((name, typed.values.get(name, "") if yours else text_of(now.values.get(name))))
        if isinstance(column, Pick):
            key = typed.keys.get(name) if name in typed.changed else now.keys.get(name)
            kept.append((f"{name}_id", text_of(key)))
    return {
        "title": _("Somebody else changed this line"),
        "text": now.name,
        "them": _("Theirs"),
        "version": version,
        "url": url,
        "discard_url": url,
        "history_url": "",
        "rows": chosen,
        "kept": kept,
    }


def text_of(value: object) -> str:
    """A value of a line as its input holds it."""
    return "" if value is None else str(value)
