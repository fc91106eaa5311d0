"""Lists of price revisions and of their lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.ui import tables
from apps.core.ui.formats import percent
from apps.inventory.models import RateRevision, RateRevisionLine


class RevisionTable(tables.Table):
    name = tables.TextColumn(linkify=True, orderable=False)
    effective_from = tables.DateColumn()
    state = tables.ChoiceColumn(badges={"draft": "warn", "applied": "ok", "undone": "line"}, orderable=False)
    lines_count = tables.NumberColumn(orderable=False)
    applied_at = tables.DateTimeColumn(orderable=False)

    default_columns = ("name", "effective_from", "state", "lines_count", "applied_at")
    phone_top = "state"
    phone_detail = ("effective_from",)
    phone_end = "lines_count"

    class Meta:
        model = RateRevision


class RevisionLineTable(tables.Table):
    product = tables.TextColumn(
        accessor="product__name", verbose_name=_("Product"), secondary="product__pack", orderable=False
    )
    old_mrp = tables.MoneyColumn(orderable=False)
    new_mrp = tables.MoneyColumn(strong=True, orderable=False)
    change = tables.TextColumn(
        accessor="new_mrp", verbose_name=_("Change"), css="num", sources=("old_mrp",), orderable=False
    )
    old_ptr = tables.NumberColumn(places=4, orderable=False)
    new_ptr = tables.NumberColumn(places=4, orderable=False)
    old_pts = tables.NumberColumn(places=4, orderable=False)
    new_pts = tables.NumberColumn(places=4, orderable=False)

    default_columns = ("product", "old_mrp", "new_mrp", "change", "new_ptr", "new_pts")
    phone_top = "new_mrp"
    phone_detail = ("old_mrp",)
    phone_end = "change"

    class Meta:
        model = RateRevisionLine

    def render_change(self, value: Decimal, record: Any) -> str:
        """By how much the MRP changes, in per cent."""
        return self.value_change(value, record)

    def value_change(self, value: Decimal, record: Any) -> str:
        """The same in a file."""
        if not record.old_mrp:
            return ""
        change = ((value / record.old_mrp - 1) * 100).quantize(Decimal("0.1"))
        return f"{'+' if change > 0 else ''}{percent(change)}"
