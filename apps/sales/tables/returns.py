"""The list of returns."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.ui import tables
from apps.sales.models import SalesReturn


class ReturnTable(tables.Table):
    number = tables.CodeColumn(linkify=True, verbose_name=_("Credit note"), empty_values=())
    customer = tables.TextColumn(accessor="customer__name", secondary="customer__city", orderable=False)
    on_date = tables.DateColumn()
    state = tables.ChoiceColumn(badges={"draft": "info", "posted": "ok"}, orderable=False)
    kind = tables.ChoiceColumn(orderable=False)
    branch = tables.TextColumn(accessor="branch__name", orderable=False)
    taxable = tables.MoneyColumn(orderable=False)
    total = tables.MoneyColumn(orderable=False)
    note = tables.TextColumn(orderable=False)

    default_columns = ("number", "customer", "on_date", "state", "kind", "total")
    extra_fields = ("id",)
    phone_top = "total"
    phone_detail = ("customer", "on_date")
    phone_end = "state"

    class Meta:
        model = SalesReturn

    def render_number(self, value: str, record: Any) -> str:
        """Its number, or what a draft is called."""
        return value or _now("Return %(id)s") % {"id": record.id}

    value_number = render_number
