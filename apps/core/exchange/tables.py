"""The list of imports."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.core.exchange.declaration import importers
from apps.core.exchange.models import ImportJob
from apps.core.exchange.rules.states import State
from apps.core.exchange.wording import RESULTS, TONES
from apps.core.ui import tables


class ImportJobTable(tables.Table):
    """Imports of every kind."""

    filename = tables.TextColumn(linkify=True, orderable=False)
    importer = tables.TextColumn(orderable=False)
    created_at = tables.DateTimeColumn(orderable=False)
    person_name = tables.TextColumn(orderable=False)
    rows = tables.NumberColumn(orderable=False)
    errors = tables.NumberColumn(orderable=False)
    created = tables.NumberColumn(_("New"), orderable=False)
    updated = tables.NumberColumn(_("Updated"), orderable=False)
    status = tables.TextColumn(_("Result"), orderable=False)

    default_columns = ("filename", "importer", "created_at", "person_name", "rows", "errors", "status")
    phone_top = "status"
    phone_detail = ("importer", "created_at")

    class Meta:
        model = ImportJob

    def render_importer(self, value: str) -> str:
        return next((str(importer.label) for importer in importers() if importer.name == value), value)

    value_importer = render_importer

    def render_status(self, value: str) -> SafeString:
        state = State(value)
        return format_html('<span class="badge {}">{}</span>', TONES.get(state, "info"), RESULTS[state])

    def value_status(self, value: Any) -> str:
        return str(RESULTS[State(value)])
