"""A list as a file: the same rows, columns and order as on screen."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from apps.core.exchange.export import Format, export_response
from apps.core.exchange.workbook import TooManyRows
from apps.core.ui.pages.base import M
from apps.core.ui.pages.listbase import ListBase
from apps.core.ui.tables.table import record_type


class ExportPage(ListBase[M]):
    """`?export=csv` and `?export=xlsx` on the address of a list."""

    export_formats: ClassVar[tuple[Format, ...]] = ("csv", "xlsx")

    def export(self, file_format: str) -> HttpResponseBase:
        """The file, or 422 when a filter makes no sense or the format cannot hold the rows."""
        if self.filterset is not None and not self.filterset.is_valid():
            return HttpResponse(
                _("A filter was not understood. Remove it, then export."), status=422, content_type="text/plain"
            )
        columns = [column for column in self.renderer.columns if not column.column.exclude_from_export]
        paths = self.renderer.paths()
        try:
            return export_response(
                organization_id=self.request.organization.id,
                name=self.get_title() or "list",
                format="xlsx" if file_format == "xlsx" else "csv",
                headings=[str(column.header) for column in columns],
                rows=self.keyset.ordered(self.rows).values_list(*paths),
                columns=[column.in_file(paths) for column in columns],
                record=record_type(paths),
            )
        except TooManyRows as refusal:
            return HttpResponse(str(refusal), status=422, content_type="text/plain")
