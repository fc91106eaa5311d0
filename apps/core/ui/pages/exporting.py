"""A list as a file: the same rows, columns and order as on screen."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any, ClassVar

import xlsxwriter
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal
from apps.core.tenancy.context import tenant
from apps.core.ui.formats import exp
from apps.core.ui.pages.base import M
from apps.core.ui.pages.listbase import ListBase
from apps.core.ui.tables.columns import Kind
from apps.core.ui.tables.table import LeanColumn, record_type

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_SHEET_ROWS = 1_048_576
_CHUNK = 2_000
_FORMATS: dict[Kind, str] = {
    "number": "#,##0",
    "money": "#,##0.00",
    "percent": '0.##"%"',
    "date": "dd mmm yyyy",
    "datetime": "dd mmm yyyy hh:mm",
    "month": "mm/yyyy",
}


class TooManyRows(Refusal):
    """More rows than a sheet holds."""


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def harmless(text: str) -> str:
    """Text that no spreadsheet runs as a formula: an apostrophe before what begins like one."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_value(value: Any, kind: Kind) -> str:
    """A value in a CSV file: numbers and dates plain, so that machines read them; text made harmless."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | Decimal):
        return str(value)
    if kind == "month":
        return exp(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    return harmless(str(value))


class ExportPage(ListBase[M]):
    """`?export=csv` and `?export=xlsx` on the address of a list."""

    export_formats: ClassVar[tuple[str, ...]] = ("csv", "xlsx")

    def export(self, file_format: str) -> HttpResponseBase:
        """The file, or 422 when a filter makes no sense or the format cannot hold the rows."""
        if self.filterset is not None and not self.filterset.is_valid():
            return HttpResponse(
                _("A filter was not understood. Remove it, then export."), status=422, content_type="text/plain"
            )
        name = f"{slugify(self.get_title()) or 'list'}-{timezone.localdate():%Y-%m-%d}.{file_format}"
        if file_format == "csv":
            response = StreamingHttpResponse(self._csv(), content_type="text/csv; charset=utf-8")
            response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
            return response
        try:
            return FileResponse(self._xlsx(), as_attachment=True, filename=name)
        except TooManyRows as refusal:
            return HttpResponse(str(refusal), status=422, content_type="text/plain")

    def _columns(self) -> list[LeanColumn]:
        return [column for column in self.renderer.columns if not column.column.exclude_from_export]

    def _records(self) -> Iterator[Any]:
        """The rows, a few thousand at a time from a cursor of the server."""
        paths = self.renderer.paths()
        make = record_type(paths)
        queryset = self.keyset.ordered(self.rows).values_list(*paths)
        return map(make, queryset.iterator(chunk_size=_CHUNK))

    def _csv(self) -> Iterator[str]:
        """Lines of the file. They are made after the request's transaction is over, so the tenant is entered again."""
        columns = self._columns()
        organization_id = self.request.organization.id
        language = translation.get_language() or "en"
        line = csv.writer(_Echo())

        def lines() -> Iterator[str]:
            with translation.override(language), tenant(organization_id):
                # The mark by which Excel knows UTF-8.
                yield "\ufeff" + line.writerow([harmless(str(column.header)) for column in columns])
                for record in self._records():
                    yield line.writerow([csv_value(column.value(record), column.column.kind) for column in columns])

        return lines()

    def _xlsx(self) -> IO[bytes]:
        """The file, written row by row to disk. Raises TooManyRows past what a sheet holds."""
        columns = self._columns()
        out = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
        book = xlsxwriter.Workbook(out, {"constant_memory": True, "default_date_format": "dd mmm yyyy"})
        sheet = book.add_worksheet()
        styles = {kind: book.add_format({"num_format": pattern}) for kind, pattern in _FORMATS.items()}
        head = book.add_format({"bold": True, "bottom": 1})
        for number, column in enumerate(columns):
            sheet.set_column(number, number, max(12, min(len(str(column.header)) + 2, 40)))
            sheet.write_string(0, number, str(column.header), head)
        for row, record in enumerate(self._records(), 1):
            if row >= _SHEET_ROWS:
                raise TooManyRows(
                    _("A sheet holds 1,048,575 rows and this list has more. Export it as CSV, or filter it.")
                )
            for number, column in enumerate(columns):
                _write(sheet, row, number, column.value(record), styles.get(column.column.kind))
        sheet.freeze_panes(1, 0)
        book.close()
        out.seek(0)
        return out


def _write(sheet: Any, row: int, number: int, value: Any, style: Any) -> None:
    if value is None:
        return
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        sheet.write_number(row, number, value, style)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, number, value, style)
    else:
        # Never `write`, which would make a formula of "=…" and a link of "http…".
        sheet.write_string(row, number, str(value))
