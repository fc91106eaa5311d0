"""Lists of purchase orders and of their lines."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.ui import tables
from apps.purchasing.models import OrderLine, PurchaseOrder

TONES = {
    "draft": "line",
    "waiting": "warn",
    "approved": "info",
    "sent": "info",
    "part_received": "warn",
    "received": "ok",
    "closed": "line",
    "cancelled": "bad",
}
"""How each state of an order is coloured."""


class OrderTable(tables.Table):
    on_date = tables.DateColumn()
    number = tables.TextColumn(linkify=True, orderable=False, empty_values=())
    supplier = tables.TextColumn(accessor="supplier__name", verbose_name=_("Supplier"), orderable=False)
    branch = tables.TextColumn(accessor="branch__name", verbose_name=_("Branch"), orderable=False)
    expected_on = tables.DateColumn()
    line_count = tables.NumberColumn(orderable=False)
    amount = tables.MoneyColumn()
    state = tables.ChoiceColumn(badges=TONES, orderable=False)
    received_on = tables.DateColumn(orderable=False)
    note = tables.TextColumn(orderable=False)
    reason = tables.TextColumn(orderable=False)

    default_columns = ("on_date", "number", "supplier", "expected_on", "line_count", "amount", "state")
    phone_top = "on_date"
    phone_detail = ("number", "state")
    phone_end = "amount"
    extra_fields = ("id",)

    class Meta:
        model = PurchaseOrder

    def render_number(self, value: str, record: Any) -> str:
        """A draft has no number yet."""
        return value or str(_("Draft %(id)s") % {"id": record.id})


class OrderLineTable(tables.Table):
    product = tables.TextColumn(
        accessor="product__name", secondary="product__pack", verbose_name=_("Product"), orderable=False, linkify=True
    )
    quantity = tables.NumberColumn(orderable=False)
    free = tables.NumberColumn(orderable=False)
    rate = tables.MoneyColumn(orderable=False)
    discount = tables.PercentColumn(orderable=False)
    amount = tables.MoneyColumn(orderable=False)
    received = tables.NumberColumn(orderable=False)
    received_free = tables.NumberColumn(orderable=False)
    due = tables.NumberColumn(orderable=False)

    default_columns = ("product", "quantity", "free", "rate", "discount", "amount", "received", "received_free", "due")
    phone_detail = ("rate", "received")
    phone_top = "quantity"
    phone_end = "amount"
    extra_fields = ("product_id",)

    class Meta:
        model = OrderLine


class ProductOrderTable(tables.Table):
    """Orders of one product."""

    on_date = tables.DateColumn(accessor="order__on_date", verbose_name=_("Date"), orderable=False)
    number = tables.TextColumn(
        accessor="order__number", verbose_name=_("Order"), linkify=True, orderable=False, empty_values=()
    )
    supplier = tables.TextColumn(accessor="order__supplier__name", verbose_name=_("Supplier"), orderable=False)
    quantity = tables.NumberColumn(orderable=False)
    free = tables.NumberColumn(orderable=False)
    rate = tables.MoneyColumn(orderable=False)
    due = tables.NumberColumn(orderable=False)
    expected_on = tables.DateColumn(accessor="order__expected_on", verbose_name=_("Expected"), orderable=False)
    state = tables.ChoiceColumn(accessor="order__state", verbose_name=_("State"), badges=TONES, orderable=False)

    default_columns = ("on_date", "number", "supplier", "quantity", "rate", "due", "expected_on", "state")
    phone_top = "on_date"
    phone_detail = ("number", "rate")
    phone_end = "quantity"
    extra_fields = ("order_id",)

    class Meta:
        model = OrderLine

    def render_number(self, value: str, record: Any) -> str:
        """A draft has no number yet."""
        return value or str(_("Draft %(id)s") % {"id": record.order_id})
