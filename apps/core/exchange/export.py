"""Any list as a file: streamed from the database in constant memory, whatever its length.

For the page machinery: `export_response` takes the list's own queryset, so the file has the same rows in its order.

    return export_response(
        organization_id=request.organization.id,
        name="branches",
        format="csv",                                  # or "xlsx"
        headings=[_("Branch name"), _("GSTIN")],
        rows=queryset.values_list("name", "gstin"),    # or a Statement
        prepare=lambda record: [record[0], show(record[1])],   # optional: cells as shown instead of raw values
    )

A CSV without `prepare` never passes through Python: PostgreSQL writes it by COPY. One with `prepare` is read through a
server-side cursor. Both run when the response is sent, after the request's transaction, and so enter the organization
again by themselves. Cells that a spreadsheet would run as a formula are neutralized in either.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any, Literal

import xlsxwriter
from django.db import connection
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext
from psycopg import sql

from apps.core.exchange.rules.formulas import neutralized
from apps.core.exchange.rules.numbers import grouped
from apps.core.refusals import Refusal
from apps.core.tenancy.context import tenant

Format = Literal["csv", "xlsx"]
FORMATS: tuple[Format, ...] = ("csv", "xlsx")
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Writing a workbook takes 60 µs a row, and it must be whole before its first byte leaves.
XLSX_ROWS = 200_000
_BLOCK = 64 * 1024
_FETCH = 2_000
# Excel takes a CSV for Windows-1252 unless it starts with this.
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
_TEXT_OIDS = frozenset({18, 19, 25, 1042, 1043})
_BOOLEAN_OID = 16
_MOMENT_OID = 1184


@dataclass(frozen=True)
class Statement:
    """A SELECT with its parameters, for what the ORM cannot say. It runs inside the organization."""

    sql: str
    params: Sequence[Any] = ()


Rows = QuerySet[Any, Any] | Statement
Prepare = Callable[[Any], Sequence[object]]
Headings = Sequence[str | Promise]


def export_response(
    *,
    organization_id: int,
    name: str,
    format: Format,  # noqa: A002
    headings: Headings,
    rows: Rows,
    prepare: Prepare | None = None,
) -> HttpResponseBase:
    """The download of a list; `name` is the stem of its file name.

    Raises:
        Refusal: more rows than a workbook is made for.
    """
    filename = f"{slugify(name) or 'export'}-{timezone.localdate():%Y-%m-%d}.{format}"
    if format == "xlsx":
        return xlsx_response(filename, write_workbook(headings, _prepared(rows, prepare)))
    response = StreamingHttpResponse(
        stream_csv(organization_id, headings, rows, prepare), content_type=CONTENT_TYPES["csv"]
    )
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename) or ""
    # A proxy that collects the whole answer first would undo the streaming.
    response.headers["X-Accel-Buffering"] = "no"
    return response


def xlsx_response(filename: str, file: IO[bytes]) -> FileResponse:
    """The download of a workbook."""
    return FileResponse(file, as_attachment=True, filename=filename, content_type=CONTENT_TYPES["xlsx"])


def stream_csv(organization_id: int, headings: Headings, rows: Rows, prepare: Prepare | None = None) -> Iterator[bytes]:
    """The CSV in blocks of some 64 kB. The headings go out before the first row is read."""
    yield (_BOM + _line(headings)).encode()
    with tenant(organization_id):
        if prepare is None:
            yield from _copy(rows)
        else:
            yield from csv_blocks(_prepared(rows, prepare))


def csv_blocks(rows: Iterator[Sequence[object]]) -> Iterator[bytes]:
    """Rows as CSV, neutralized, in blocks of some 64 kB."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        if buffer.tell() > _BLOCK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    if buffer.tell():
        yield buffer.getvalue().encode()


def _line(cells: Sequence[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([_cell(value) for value in cells])
    return buffer.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, int | Decimal | float):
        return value
    if isinstance(value, dt.datetime):
        return _local(value).isoformat(" ", "seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    return neutralized(str(value))


def _local(value: dt.datetime) -> dt.datetime:
    return timezone.make_naive(value) if timezone.is_aware(value) else value


def _prepared(rows: Rows, prepare: Prepare | None) -> Iterator[Sequence[object]]:
    found: Iterator[Any] = rows.iterator(chunk_size=_FETCH) if isinstance(rows, QuerySet) else _fetched(rows)
    return map(prepare, found) if prepare is not None else found


def _fetched(statement: Statement) -> Iterator[Any]:
    connection.ensure_connection()
    with connection.connection.cursor(name="exchange_export") as cursor:
        cursor.itersize = _FETCH
        cursor.execute(statement.sql, statement.params)
        yield from cursor


def _copy(rows: Rows) -> Iterator[bytes]:
    text, given = rows.query.sql_with_params() if isinstance(rows, QuerySet) else (rows.sql, rows.params)
    # Without parameters psycopg leaves percent signs alone, with them they are doubled.
    params = tuple(given) or None
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({text}) q LIMIT 0", params)  # noqa: S608 (a query of ours, with its parameters)
        names = [f"c{number}" for number in range(len(cursor.description))]
        cells = [_expression(name, column.type_code) for name, column in zip(names, cursor.description, strict=True)]
        # The statement itself stays as it is, with its own placeholders; only what stands around it is composed.
        head = sql.SQL("COPY (SELECT {} FROM (").format(sql.SQL(", ").join(cells)).as_string(cursor)
        tail = sql.SQL(") q ({})) TO STDOUT (FORMAT csv)").format(sql.SQL(", ").join(map(sql.Identifier, names)))
        statement = (head.replace("%", "%%") if params else head) + text + tail.as_string(cursor)
        with cursor.copy(statement, params) as copy:
            yield from _blocks(copy)


def _expression(name: str, oid: int) -> sql.Composable:
    column = sql.Identifier(name)
    if oid == _BOOLEAN_OID:
        return sql.SQL("CASE WHEN {0} THEN {1} WHEN NOT {0} THEN {2} END").format(
            column, sql.Literal(gettext("Yes")), sql.Literal(gettext("No"))
        )
    if oid == _MOMENT_OID:
        return sql.SQL("to_char({} AT TIME ZONE {}, 'YYYY-MM-DD HH24:MI:SS')").format(
            column, sql.Literal(timezone.get_current_timezone_name())
        )
    if oid in _TEXT_OIDS:
        # The same rule as `rules.formulas.neutralized`; the first letter is looked at before the costly pattern.
        return sql.SQL(
            r"CASE WHEN left({0}, 1) IN ('=', '+', '-', '@', E'\t', E'\r', E'\n', '＝', '＋', '－', '＠') "
            r"AND {0} !~ '^[+-]?[0-9][0-9,]*([.][0-9]+)?%?$' THEN '''' || {0} ELSE {0} END"
        ).format(column)
    return column


def _blocks(parts: Iterator[Any]) -> Iterator[bytes]:
    """PostgreSQL hands over row by row; sent like that, every row would be a packet of its own."""
    held = bytearray()
    for part in parts:
        held += part
        if len(held) > _BLOCK:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def write_workbook(headings: Headings, rows: Iterator[Sequence[object]], *, limit: int = XLSX_ROWS) -> IO[bytes]:
    """A workbook in a temporary file, written row by row. Text is stored as text, so nothing in it is ever run.

    Raises:
        Refusal: more than `limit` rows.
    """
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115
    try:
        with xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "dd mmm yyyy"}) as book:
            sheet = book.add_worksheet()
            bold = book.add_format({"bold": True})
            sheet.freeze_panes(1, 0)
            for place, heading in enumerate(headings):
                sheet.write_string(0, place, str(heading), bold)
            for number, row in enumerate(rows, 1):
                if number > limit:
                    raise Refusal(
                        ngettext(
                            "An Excel file is made of up to %(limit)s row. Filter the list, or take CSV.",
                            "An Excel file is made of up to %(limit)s rows. Filter the list, or take CSV.",
                            limit,
                        )
                        % {"limit": grouped(limit)}
                    )
                for place, value in enumerate(row):
                    _write(sheet, number, place, value)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _write(sheet: Any, row: int, place: int, value: object) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(row, place, gettext("Yes") if value else gettext("No"))
    elif isinstance(value, int | float | Decimal) and -(10**15) < value < 10**15:
        sheet.write_number(row, place, value)
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(row, place, _local(value))
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, place, value)
    else:
        sheet.write_string(row, place, str(value)[:32_767])
