"""A table declaration, and the lean drawing of its rows.

django-tables2 resolves accessors and attributes cell by cell, which costs 12.6 CPU ms for 25 rows of 6 cells. Here a
table class is compiled once: every column becomes a function from a lean record to the HTML of its cell, and the
template only joins finished rows.
"""

from __future__ import annotations

import inspect
import keyword
from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import product
from operator import attrgetter
from typing import Any, ClassVar

import django_tables2
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import models
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core.exchange.cells import Cell
from apps.core.exchange.export import Column as FileColumn
from apps.core.ui.formats import EMPTY
from apps.core.ui.tables.columns import Column, adapted, says_all

Text = str | Promise
Drawer = Callable[[Any, list[str]], str]


class Table(django_tables2.Table):
    """A declaration of columns. Class attributes beside those of django-tables2:

    - default_columns: names shown until the reader chooses others; empty for all.
    - phone_top: the column at the right top of a two-line phone row; the first column is always at the left.
    - phone_detail: columns of the second line, joined by a middle dot. phone_end: the one at its right.
    - extra_fields: further paths that `record` must have.
    """

    default_columns: ClassVar[tuple[str, ...]] = ()
    phone_top: ClassVar[str] = ""
    phone_detail: ClassVar[tuple[str, ...]] = ()
    phone_end: ClassVar[str] = ""
    extra_fields: ClassVar[tuple[str, ...]] = ()


@dataclass(frozen=True)
class LeanColumn:
    """A compiled column."""

    name: str
    header: Text
    path: str
    column: Column
    cell: Callable[[Any, Any], str]
    export: Callable[[Any, Any], Any]
    order_by: tuple[str, ...]
    sources: tuple[str, ...]
    few: bool
    flags: tuple[tuple[bool | None, ...], ...]
    """What each of its sources can be, if all of them are yes or no."""

    def drawer(self) -> Callable[[Any], str]:
        """Makes the cell's content of a record: escaped, or the dash for nothing.

        Made once per table and request, because it may remember what it has drawn.
        """
        path, cell, empty = self.path, self.cell, self.column.empty_values

        def text(record: Any) -> str:
            value = getattr(record, path, None)
            return EMPTY if value in empty else safe(cell(value, record)) or EMPTY

        return _remembering(text, self.sources) if self.few else text

    def value(self, record: Any) -> Any:
        """What stands in a file; None for nothing."""
        value = getattr(record, self.path, None)
        return None if value in self.column.empty_values else self.export(value, record)

    def in_file(self, paths: Sequence[str]) -> FileColumn:
        """The same as PostgreSQL writes it from values in the order of `paths`.

        Where the table or the column has words of its own, `value` makes them: once for each case if few yes and no's
        decide, else of every record.
        """
        place = paths.index(self.path)
        if self.export == self.column.export and tuple(self.column.empty_values) == Column.empty_values:
            known = self.column.file_cell() if says_all(type(self.column)) else None
            if known is not None:
                return FileColumn(place, known)
        if self.few and self.flags:
            record = record_type(self.sources)
            cases = {case: self.value(record(case)) for case in product(*self.flags)}
            return FileColumn(place, cases=cases, decided_by=[paths.index(path) for path in self.sources])
        cell = Cell(self.column.kind, places=getattr(self.column, "digits", None), make=self.value)
        return FileColumn(place, cell)


def _remembering(draw: Callable[[Any], str], sources: Sequence[str]) -> Callable[[Any], str]:
    """Draws once for all records that have the same values there."""
    values = attrgetter(*sources)
    known: dict[Any, str] = {}

    def text(record: Any) -> str:
        key = values(record)
        found = known.get(key)
        if found is None:
            found = known[key] = draw(record)
        return found

    return text


def safe(text: str) -> str:
    """Escaped unless it is HTML already. Django's own way looks for lazy texts too, at six times the cost."""
    return text if isinstance(text, SafeString) else escape(str(text))


def field_of(model: type[models.Model], path: str) -> tuple[models.Field[Any, Any] | None, bool]:
    """The field at the end of a path, and whether it can be NULL; (None, True) for an annotation."""
    current: Any = model
    field: Any = None
    nullable = False
    for part in path.split("__"):
        if current is None:
            return None, True
        try:
            field = current._meta.pk if part == "pk" else current._meta.get_field(part)
        except FieldDoesNotExist:
            return None, True
        nullable = nullable or bool(getattr(field, "null", True))
        current = field.related_model
    return field, nullable


def _flexible(method: Callable[..., Any], column: Column) -> Callable[[Any, Any], Any]:
    """A `render_<name>` or `value_<name>` of the table, which takes any of value, record and column."""
    wanted = set(inspect.signature(method).parameters)
    # The usual ones without a dictionary for each cell.
    if wanted == {"value", "record"}:
        return lambda value, record: method(value=value, record=record)
    if wanted == {"record"}:
        return lambda _value, record: method(record=record)
    if wanted == {"value"}:
        return lambda value, _record: method(value=value)

    def call(value: Any, record: Any) -> Any:
        given = {"value": value, "record": record, "column": column}
        return method(**{name: given[name] for name in wanted & given.keys()})

    return call


def _names(table: type[Table], instance: Table) -> list[str]:
    """Columns in their order. Without Meta.fields only what is declared: django-tables2 would add every model field."""
    if table._meta.fields is not None or table._meta.sequence:
        return list(instance.sequence)
    declared = [(column.creation_counter, name) for name, column in table.base_columns.items() if column._explicit]
    return [name for _counter, name in sorted(declared)]


_COMPILED: dict[tuple[Any, type[models.Model]], dict[str, LeanColumn]] = {}


def compiled(table: type[Table], model: type[models.Model]) -> dict[str, LeanColumn]:
    """The table's columns by name, in their order; worked out once a process."""
    if (table, model) not in _COMPILED:
        _COMPILED[table, model] = _compile(table, model)
    return _COMPILED[table, model]


def _compile(table: type[Table], model: type[models.Model]) -> dict[str, LeanColumn]:
    instance = table(data=[])
    columns: dict[str, LeanColumn] = {}
    for name in _names(table, instance):
        declared = table.base_columns[name]
        path = str(declared.accessor or name).replace(".", "__")
        field, _nullable = field_of(model, path)
        column = adapted(copy(declared), field)
        column.bind(field)
        render = getattr(instance, f"render_{name}", None)
        value = getattr(instance, f"value_{name}", None)
        header = column.verbose_name or capfirst(getattr(field, "verbose_name", name.replace("_", " ")))
        sortable = column.orderable if column.orderable is not None else table._meta.orderable
        order_by = tuple(str(term) for term in column.order_by) if column.order_by else (path,)
        columns[name] = LeanColumn(
            name=name,
            header=header,
            path=path,
            column=column,
            cell=_flexible(render, column) if render else column.cell,
            export=_flexible(value, column) if value else column.export,
            order_by=order_by if sortable else (),
            sources=(path, *column.sources),
            few=column.usually_few and render is None if column.few is None else column.few,
            flags=_flags([field_of(model, source) for source in (path, *column.sources)]),
        )
    if not columns:
        raise ImproperlyConfigured(f"{table.__name__} has no columns.")
    return columns


def _flags(fields: Sequence[tuple[models.Field[Any, Any] | None, bool]]) -> tuple[tuple[bool | None, ...], ...]:
    if len(fields) > 4 or not all(isinstance(field, models.BooleanField) for field, _nullable in fields):
        return ()
    return tuple((True, False, None) if nullable else (True, False) for _field, nullable in fields)


@lru_cache(maxsize=512)
def record_type(paths: tuple[str, ...]) -> Callable[[Iterable[Any]], Any]:
    """Makes records with these attributes from rows of values."""
    if bad := [path for path in paths if path.startswith("_") or keyword.iskeyword(path)]:
        raise ImproperlyConfigured(f"No column can be called {bad[0]}.")
    make: Callable[[Iterable[Any]], Any] = namedtuple("Record", paths)._make  # type: ignore[attr-defined]
    return make


class Renderer:
    """Draws rows of a table with the columns chosen. One per request: it knows addresses."""

    def __init__(
        self,
        table: type[Table],
        model: type[models.Model],
        names: Sequence[str] | None = None,
        *,
        row_url: Callable[[Any], str | None] | None = None,
        selectable: bool = False,
        row_id: str = "row",
    ) -> None:
        self.table = table
        # Several tables of one page give their rows ids that differ.
        self.row_id = row_id
        self.all = compiled(table, model)
        self.columns = [self.all[name] for name in (names or self.default_names()) if name in self.all]
        self.row_url = row_url
        self.selectable = selectable
        self._texts: list[Callable[[Any], str]] = []
        self._places: dict[str, int] = {}
        self._cells = self._plan()

    def default_names(self) -> list[str]:
        return list(self.table.default_columns or self.all)

    def paths(self) -> tuple[str, ...]:
        """What the rows must hold: the key first, then every path that a cell needs, once."""
        phone = [self.all[name] for name in self._phone_names()]
        needed = [path for column in (*self.columns, *phone) for path in column.sources]
        return tuple(dict.fromkeys(["pk", *needed, *self.table.extra_fields]))

    def _phone_names(self) -> list[str]:
        return [name for name in (self.table.phone_top, *self.table.phone_detail, self.table.phone_end) if name]

    def rows(self, records: Iterable[Any]) -> SafeString:
        """Finished table rows, one after the other."""
        texts, cells = self._texts, self._cells
        made = []
        for record in records:
            # Each text once, though a phone row may show it a second time.
            found = [text(record) for text in texts]
            made.append(f'<tr id="{self.row_id}-{record.pk}">{"".join([cell(record, found) for cell in cells])}</tr>\n')
        return SafeString("".join(made))

    def _plan(self) -> list[Drawer]:
        plan: list[Drawer] = [self._box()] if self.selectable else []
        for number, column in enumerate(self.columns):
            marks = ["ma clip"] if number == 0 else ["mb"] if column.name == self.table.phone_top else []
            plan.append(self._cell(column, " ".join([*marks, column.column.classes]).strip(), first=number == 0))
        shown = {column.name for column in self.columns}
        if self.table.phone_top and self.table.phone_top not in shown:
            plan.append(self._phone_cell("mb", (self.table.phone_top,)))
        if self.table.phone_detail:
            plan.append(self._phone_cell("mc", self.table.phone_detail))
        if self.table.phone_end:
            plan.append(self._phone_cell("md", (self.table.phone_end,)))
        return plan

    def _place(self, column: LeanColumn) -> int:
        """Where the column's text stands among the texts of a record."""
        if column.name not in self._places:
            self._places[column.name] = len(self._texts)
            self._texts.append(column.drawer())
        return self._places[column.name]

    def _box(self) -> Drawer:
        first = self.columns[0].path
        select = safe(_("Select"))

        def box(record: Any, texts: list[str]) -> str:  # noqa: ARG001 - as every cell
            name = safe(str(getattr(record, first, None) or record.pk))
            return (
                f'<td class="ckc mk"><input type="checkbox" class="ck" name="pk" form="bulk" value="{record.pk}"'
                f' aria-label="{select} {name}"></td>'
            )

        return box

    def _cell(self, column: LeanColumn, css: str, *, first: bool) -> Drawer:
        opening = f'<td class="{css}">' if css else "<td>"
        place = self._place(column)
        secondary = getattr(column.column, "secondary", "")
        marks = getattr(column.column, "after", None)
        url = self.row_url if first or column.column.leads else None

        def plain(record: Any, texts: list[str]) -> str:  # noqa: ARG001 - as every cell
            return f"{opening}{texts[place]}</td>"

        def leading(record: Any, texts: list[str]) -> str:
            text = texts[place]
            target = url(record) if url else None
            if target:
                text = f'<a class="name t" href="{safe(target)}">{text}</a>'
            more = getattr(record, secondary, None) if secondary else None
            between = safe(marks(record)) if marks else ""
            after = f'<span class="gen only-d">{safe(str(more))}</span>' if more else ""
            return f"{opening}{text}{between}{after}</td>"

        return leading if url or secondary or marks else plain

    def _phone_cell(self, mark: str, names: Sequence[str]) -> Drawer:
        places = [self._place(self.all[name]) for name in names]

        def cell(record: Any, texts: list[str]) -> str:  # noqa: ARG001 - as every cell
            found = [texts[place] for place in places if texts[place] != EMPTY]
            return f'<td class="{mark} only-m">{" · ".join(found)}</td>'

        return cell

    def width(self) -> int:
        """How many cells a full-width row spans."""
        return len(self.columns) + self.selectable
