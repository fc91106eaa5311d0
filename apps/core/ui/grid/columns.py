"""Columns of a document grid.

A cell is made in Python and the template is a bare loop: a line must cost little, and the hundredth no more than the
first. Each input belongs to the form of its line (`form="f-17"`), so that a line is sent alone, with or without script.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from apps.core.ui.grid.lines import Line, Text


def suffix(line: Line) -> str:
    """What the ids of a line's elements end with; the script replaces "new" when it makes a further line."""
    return "new" if line.pk is None else str(line.pk)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its name in `Line.values`, and its heading."""

    name: str
    label: Text
    width: int | None = None
    """In pixels; None takes what is left."""
    css: str = ""
    """"num", "code" or "mut", as in app.css."""
    phone: str = ""
    """Where it stands on the phone when the line is not the one being typed: "ma", "mb"; empty hides it."""

    def head(self) -> SafeString:
        return format_html(
            '<th scope="col" id="h-{}"{}>{}</th>', self.name, _class("num" if "num" in self.css else ""), self.label
        )

    def cell(self, line: Line) -> SafeString:
        raise NotImplementedError

    def further(self, value: object) -> SafeString:
        """The cell in a further row of the line."""
        return format_html("<td{}>{}</td>", _class(self.css, self.phone), _shown(value))


@dataclass(frozen=True, kw_only=True)
class Shown(Column):
    """What the server works out."""

    def cell(self, line: Line) -> SafeString:
        return format_html(
            '<td{} data-cell="{}">{}</td>',
            _class(self.css, self.phone),
            self.name,
            _shown(line.values.get(self.name)),
        )


@dataclass(frozen=True, kw_only=True)
class Entry(Column):
    """A cell that is typed into."""

    inputmode: str = ""
    """"numeric" or "decimal": the keyboard that a phone shows."""
    maxlength: int = 60
    required: bool = False
    """A line that lacks it is not sent by merely leaving it."""
    commits: bool = False
    """Enter saves the line from here, without walking through the cells behind; Tab reaches those."""
    expiry: bool = False
    """0828 becomes 08/2028."""

    extra: ClassVar[str] = ""
    cell_css: ClassVar[str] = ""

    def cell(self, line: Line) -> SafeString:
        value = line.values.get(self.name)
        if line.fixed:
            return format_html('<td{} data-cell="{}">{}</td>', _class(self.css, self.phone), self.name, _shown(value))
        end = suffix(line)
        return format_html(
            '<td{} data-label="{}"><input id="c-{}-{}" name="{}" form="f-{}" value="{}" aria-labelledby="h-{} n-{}"'
            ' autocomplete="off" maxlength="{}"{}{}{}>{}</td>',
            _class("e", self.css, self.phone, self.cell_css),
            self.label,
            end,
            self.name,
            self.name,
            end,
            "" if value is None else value,
            self.name,
            end,
            self.maxlength,
            self._flags(),
            self._own(line),
            _fault(line, self, end),
            self._behind(line, end),
        )

    def _flags(self) -> SafeString:
        parts = [
            ' class="code"' if "code" in self.css else "",
            f' inputmode="{self.inputmode}"' if self.inputmode else "",
            " data-required" if self.required else "",
            " data-commit" if self.commits else "",
            " data-expiry" if self.expiry else "",
        ]
        return mark_safe("".join(parts))  # noqa: S308 - words of the declaration

    def _own(self, line: Line) -> SafeString:  # noqa: ARG002 - for subclasses
        return SafeString("")

    def _behind(self, line: Line, end: str) -> SafeString:  # noqa: ARG002 - for subclasses
        return SafeString("")


@dataclass(frozen=True, kw_only=True)
class Pick(Entry):
    """A record found by letters. The page gives the address that answers with what is found: `pickers`."""

    picker: str = ""
    """Name of the picker in the page's `pickers`; the column's own when empty."""

    cell_css: ClassVar[str] = "anchor"

    def _own(self, line: Line) -> SafeString:  # noqa: ARG002
        name = self.picker or self.name
        return format_html(
            ' role="combobox" aria-haspopup="grid" aria-expanded="false" aria-autocomplete="list"'
            ' aria-controls="pick-{}-found" data-pick="{}" placeholder="{}"',
            name,
            name,
            self.label,
        )

    def _behind(self, line: Line, end: str) -> SafeString:
        key = line.keys.get(self.name)
        return format_html(
            '<input type="hidden" name="{}_id" form="f-{}" value="{}">', self.name, end, "" if key is None else key
        )


def _class(*names: str) -> SafeString:
    given = " ".join(name for name in names if name)
    return SafeString(f' class="{given}"') if given else SafeString("")


def _shown(value: object) -> str:
    return "" if value is None else format_html("{}", value)


def _fault(line: Line, column: Column, end: str) -> SafeString:
    name = column.name
    was = format_html(' data-was="{}"', line.was[name]) if name in line.was else SafeString("")
    if name not in line.faults:
        return was
    # The heading that names the cell is hidden on the phone, and a reason alone is no name.
    return was + format_html(' aria-invalid="true" aria-describedby="e-{}" aria-label="{}"', end, column.label)
