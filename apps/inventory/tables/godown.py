"""Lists of transfers, adjustments and counts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.ui import tables
from apps.inventory.models import StockAdjustment, StockCount, Transfer


class TransferTable(tables.Table):
    number = tables.CodeColumn(linkify=True, verbose_name=_("Transfer"), orderable=False, empty_values=())
    from_place = tables.TextColumn(accessor="from_place__name", secondary="from_place__branch__name", orderable=False)
    to_place = tables.TextColumn(accessor="to_place__name", secondary="to_place__branch__name", orderable=False)
    state = tables.ChoiceColumn(badges={"sent": "info", "received": "ok", "cancelled": "line"}, orderable=False)
    sent_at = tables.DateTimeColumn(orderable=False)
    received_at = tables.DateTimeColumn(orderable=False)
    note = tables.TextColumn(orderable=False)

    default_columns = ("number", "from_place", "to_place", "state", "sent_at", "received_at")
    extra_fields = ("id",)
    phone_top = "state"
    phone_detail = ("from_place", "to_place")

    class Meta:
        model = Transfer

    def render_number(self, value: str, record: Any) -> str:
        """Its challan number, or the godown's own where there is none."""
        return value or f"T{record.id}"

    value_number = render_number


class AdjustmentTable(tables.Table):
    id = tables.CodeColumn(linkify=True, verbose_name=_("Document"), orderable=False)
    kind = tables.ChoiceColumn(badges={"destruction": "warn"}, orderable=False)
    place = tables.TextColumn(accessor="place__name", secondary="place__branch__name", orderable=False)
    reason = tables.ChoiceColumn(orderable=False)
    state = tables.ChoiceColumn(badges={"posted": "ok", "cancelled": "line"}, orderable=False)
    posted_at = tables.DateTimeColumn(orderable=False)
    note = tables.TextColumn(orderable=False)

    default_columns = ("id", "kind", "place", "reason", "state", "posted_at", "note")
    phone_top = "state"
    phone_detail = ("reason", "place")

    class Meta:
        model = StockAdjustment

    def render_id(self, value: int, record: Any) -> str:
        return f"{'D' if record.kind == 'destruction' else 'A'}{value}"

    value_id = render_id


class CountTable(tables.Table):
    id = tables.CodeColumn(linkify=True, verbose_name=_("Count"), orderable=False)
    place = tables.TextColumn(accessor="place__name", secondary="place__branch__name", orderable=False)
    state = tables.ChoiceColumn(
        badges={"open": "info", "submitted": "warn", "approved": "ok", "cancelled": "line"}, orderable=False
    )
    created_at = tables.DateTimeColumn(orderable=False, verbose_name=_("Begun"))
    submitted_at = tables.DateTimeColumn(orderable=False)
    approved_at = tables.DateTimeColumn(orderable=False)
    note = tables.TextColumn(orderable=False)

    default_columns = ("id", "place", "state", "created_at", "submitted_at", "approved_at")
    phone_top = "state"
    phone_detail = ("place",)

    class Meta:
        model = StockCount

    def render_id(self, value: int) -> str:
        return f"C{value}"

    value_id = render_id
