"""Any list as a file: streamed from the database in constant memory, whatever its length.

`export_response` takes a list's own queryset, so the file has the same rows in its order:

    return export_response(
        organization_id=request.organization.id,
        name="branches",
        format="csv",                                  # or "xlsx"
        headings=[_("Branch name"), _("State"), _("Since")],
        rows=queryset.values_list("name", "state_code", "created_at"),     # or a Statement
        columns=[Column("name", Cell("text")), Column("state_code", Cell("text", choices=STATES)), …],    # optional
    )

Without `columns` each value is a cell, by its type. PostgreSQL writes the file by COPY; only a cell with `make` is made
in Python, of the whole record, and only then rows are read through a server-side cursor. A CSV runs when the response
is sent, after the request's transaction, and so enters the organization again by itself; a workbook is whole before its
first byte leaves. Cells that a spreadsheet would run as a formula are neutralized.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, Any, Literal

from django.db import connection
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext
from psycopg import sql

from apps.core.exchange import workbook
from apps.core.exchange.cells import Cell, cases_cell, csv_cell, sheet_cell
from apps.core.exchange.rules.formulas import neutralized
from apps.core.exchange.rules.sheets import text_cell
from apps.core.tenancy.context import tenant

Format = Literal["csv", "xlsx"]
FORMATS: tuple[Format, ...] = ("csv", "xlsx")
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_BLOCK = 64 * 1024
_FETCH = 2_000
# Excel takes a CSV for Windows-1252 unless it starts with this.
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


@dataclass(frozen=True)
class Statement:
    """A SELECT with its parameters, for what the ORM cannot say. It runs inside the organization."""

    sql: str
    params: Sequence[Any] = ()


@dataclass(frozen=True)
class Column:
    """A column of the file: which value of a row it shows, and how. `source` is the value's place in the row.

    With `cases` the text depends on the values in the places `decided_by`, and is given for each case there can be.
    """

    source: int
    cell: Cell = field(default_factory=Cell)
    cases: Mapping[tuple[bool | None, ...], object] = field(default_factory=dict)
    decided_by: Sequence[int] = ()


Rows = QuerySet[Any, Any] | Statement
Columns = Sequence[Column]
Headings = Sequence[str | Promise]
Record = Callable[[Sequence[Any]], Any]


def export_response(
    *,
    organization_id: int,
    name: str,
    format: Format,  # noqa: A002
    headings: Headings,
    rows: Rows,
    columns: Columns | None = None,
    record: Record = tuple,
) -> HttpResponseBase:
    """The download of a list; `name` is the stem of its file name. `record` makes of a row what `Cell.make` gets.

    Raises:
        TooManyRows: more rows than a workbook holds.
    """
    filename = f"{slugify(name) or 'export'}-{timezone.localdate():%Y-%m-%d}.{format}"
    if format == "xlsx":
        return xlsx_response(filename, workbook.write_sheet(headings, _sheet_rows(rows, columns, record)))
    return csv_response(filename, stream_csv(organization_id, headings, rows, columns, record))


def csv_response(filename: str, blocks: Iterator[bytes]) -> StreamingHttpResponse:
    """The download of a CSV that is made while it is sent."""
    response = StreamingHttpResponse(blocks, content_type=CONTENT_TYPES["csv"])
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename) or ""
    # A proxy that collects the whole answer first would undo the streaming.
    response.headers["X-Accel-Buffering"] = "no"
    return response


def xlsx_response(filename: str, file: IO[bytes]) -> FileResponse:
    """The download of a workbook."""
    return FileResponse(file, as_attachment=True, filename=filename, content_type=CONTENT_TYPES["xlsx"])


def stream_csv(
    organization_id: int, headings: Headings, rows: Rows, columns: Columns | None = None, record: Record = tuple
) -> Iterator[bytes]:
    """The CSV in blocks of some 64 kB, in the language of now. The headings go out before the first row is read."""
    language = translation.get_language() or "en"

    # The generator begins to run when the request, with its language, is over.
    def blocks() -> Iterator[bytes]:
        with translation.override(language):
            yield _BOM.encode() + b"".join(csv_blocks(iter([headings])))
            with tenant(organization_id), _source(rows, columns, csv_cell) as source:
                if source.made:
                    yield from csv_blocks(source.values(record))
                else:
                    yield from _blocks(source.copied("csv"))

    return blocks()


def _sheet_rows(rows: Rows, columns: Columns | None, record: Record) -> Iterator[bytes]:
    with _source(rows, columns, sheet_cell) as source:
        if source.made:
            yield from map(workbook.row_of, source.sheet_cells(record))
        else:
            yield from source.copied("text")


def csv_blocks(rows: Iterator[Sequence[object]]) -> Iterator[bytes]:
    """Rows as CSV, neutralized, in blocks of some 64 kB."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([cell if type(cell) is Done else csv_value(cell) for cell in row])
        if buffer.tell() > _BLOCK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    if buffer.tell():
        yield buffer.getvalue().encode()


def csv_value(value: object, kind: str = "") -> object:
    """A value in a CSV file: numbers and dates plain, so that machines read them; text made harmless."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, int | Decimal | float):
        return value
    if isinstance(value, dt.datetime):
        local = timezone.make_naive(value) if timezone.is_aware(value) else value
        return local.isoformat(" ", "seconds")
    if isinstance(value, dt.date):
        return f"{value:%m/%Y}" if kind == "month" else value.isoformat()
    return neutralized(str(value))


class Done(str):
    """Text that is a finished cell."""

    __slots__ = ()


Expression = Callable[[Cell, str, int], sql.Composable]


@dataclass(frozen=True)
class _Source:
    """The rows of a list and how their cells are written, ready to be read once."""

    cursor: Any
    query: str
    params: tuple[Any, ...] | None
    names: list[str]
    expressions: list[sql.Composable | None]
    columns: Columns

    @property
    def made(self) -> bool:
        """Whether some cell needs Python."""
        return None in self.expressions

    def _select(self, wanted: sql.Composable) -> str:
        """The query's statement stays as it is, with its own placeholders; only what stands around it is composed."""
        head = sql.SQL("SELECT {} FROM (").format(wanted).as_string(self.cursor)
        tail = sql.SQL(") q ({})").format(sql.SQL(", ").join(map(sql.Identifier, self.names))).as_string(self.cursor)
        if self.params is None:
            return head + self.query + tail
        return head.replace("%", "%%") + self.query + tail

    def copied(self, form: Literal["csv", "text"]) -> Iterator[bytes]:
        """Rows as COPY writes them. A sheet's row is one text, with nothing in it that COPY would write otherwise."""
        cells = [one for one in self.expressions if one is not None]
        if form == "text":
            parts = [sql.SQL("'<row>'"), *cells, sql.SQL("'</row>'")]
            cells = [sql.SQL(" || ").join(sql.SQL("({})").format(part) for part in parts)]
        statement = f"COPY ({self._select(sql.SQL(', ').join(cells))}) TO STDOUT (FORMAT {form})"
        with self.cursor.copy(statement, self.params) as copy:
            for piece in copy:
                yield bytes(piece)

    def _records(self) -> Iterator[tuple[list[str], tuple[Any, ...]]]:
        """Per row the finished cells, and the row itself."""
        cells = [sql.SQL("({})::text").format(one) for one in self.expressions if one is not None]
        wanted = [*cells, *map(sql.Identifier, self.names)]
        with connection.connection.cursor(name="exchange_export") as cursor:
            cursor.itersize = _FETCH
            cursor.execute(self._select(sql.SQL(", ").join(wanted)), self.params)
            for row in cursor:
                yield row[: len(cells)], row[len(cells) :]

    def _makers(self) -> list[tuple[Cell, Callable[[Any], object] | None]]:
        return [(column.cell, column.cell.make) for column in self.columns]

    def values(self, record: Record) -> Iterator[Sequence[object]]:
        """Rows for a CSV: finished cells, and what Python made of the record."""
        makers = self._makers()
        for done, row in self._records():
            whole, cells = record(row), iter(done)
            yield [
                Done(next(cells) or "") if make is None else csv_value(make(whole), cell.kind) for cell, make in makers
            ]

    def sheet_cells(self, record: Record) -> Iterator[list[str]]:
        """The same for a sheet."""
        makers = self._makers()
        for done, row in self._records():
            whole, cells = record(row), iter(done)
            yield [
                next(cells) if make is None else workbook.cell_of(make(whole), cell.kind, cell.places)
                for cell, make in makers
            ]


def _expression(
    column: Column, names: Sequence[str], types: Sequence[int], expression: Expression
) -> sql.Composable | None:
    if column.cases:
        written = text_cell if expression is sheet_cell else neutralized
        return cases_cell([names[place] for place in column.decided_by], column.cases, written)
    return None if column.cell.make is not None else expression(column.cell, names[column.source], types[column.source])


@contextmanager
def _source(rows: Rows, columns: Columns | None, expression: Expression) -> Iterator[_Source]:
    if isinstance(rows, QuerySet):
        # A search that can find nothing is a query like any other: the file then has its headings alone.
        text, given = rows.query.get_compiler(connection=connection, elide_empty=False).as_sql()
    else:
        text, given = rows.sql, rows.params
    # Without parameters psycopg leaves percent signs alone, with them they are doubled.
    params = tuple(given) or None
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({text}) q LIMIT 0", params)  # noqa: S608 (a query of ours, with its parameters)
        types = [column.type_code for column in cursor.description]
        names = [f"c{number}" for number in range(len(types))]
        chosen = columns if columns is not None else [Column(place) for place in range(len(types))]
        expressions = [_expression(one, names, types, expression) for one in chosen]
        yield _Source(cursor, text, params, names, expressions, chosen)


def _blocks(parts: Iterable[bytes]) -> Iterator[bytes]:
    """PostgreSQL hands over row by row; sent like that, every row would be a packet of its own."""
    held = bytearray()
    for part in parts:
        held += part
        if len(held) > _BLOCK:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)
