"""Every import there was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.exchange.filters import ImportJobFilter
from apps.core.exchange.models import ImportJob
from apps.core.exchange.tables import ImportJobTable
from apps.core.exchange.views.jobs import ImportPage, importers_for
from apps.core.ui.links import Link
from apps.core.ui.pages import Empty, ListPage, View


class ImportList(ImportPage, ListPage[ImportJob]):
    """Imports of the kinds that the member may import, the newest first."""

    model = ImportJob
    title = _("Imports")
    table_class = ImportJobTable
    filterset_class = ImportJobFilter
    search_fields = ("filename", "person_name")
    search_hint = _("Search file or person")
    ordering = ("-id",)
    views = (View(_("To be checked"), "status=checked"), View(_("Done"), "status=done"))
    empty = Empty(_("Nothing was imported yet"), _("Files that are brought in are listed with what came of them."))

    def get_queryset(self) -> QuerySet[ImportJob]:
        return super().get_queryset().filter(importer__in=[one.name for one in importers_for(self.request.member)])

    def row_url_maker(self) -> Callable[[Any], str | None]:
        return lambda record: self.url("exchange:import_job", pk=record.pk)

    def actions(self) -> list[Link]:
        return [*super().actions(), Link(_("Import a file"), self.url("exchange:import_start"), "file-upload")]
