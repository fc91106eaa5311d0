"""Lists of bills and of what is on them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui import tables
from apps.sales.models import Bill, BillPick

STATES = {"draft": "info", "held": "warn", "posted": "ok", "cancelled": "line"}


class BillTable(tables.Table):
    number = tables.TextColumn(linkify=True, css="code", orderable=False, empty_values=())
    on_date = tables.DateColumn()
    customer = tables.TextColumn(accessor="customer__name", verbose_name=gettext_lazy("Customer"), orderable=False)
    city = tables.TextColumn(accessor="customer__city", verbose_name=gettext_lazy("City"), orderable=False)
    branch = tables.TextColumn(accessor="branch__name", verbose_name=gettext_lazy("Branch"), orderable=False)
    kind = tables.ChoiceColumn(orderable=False)
    lines = tables.NumberColumn(accessor="line_count", verbose_name=gettext_lazy("Lines"), orderable=False)
    taxable = tables.MoneyColumn(orderable=False)
    total = tables.MoneyColumn(strong=True)
    due_on = tables.DateColumn(orderable=False)
    state = tables.ChoiceColumn(badges=STATES, orderable=False)
    reference = tables.CodeColumn(orderable=False)
    gstin = tables.CodeColumn(orderable=False)

    extra_fields = ("id",)
    default_columns = ("number", "on_date", "customer", "city", "lines", "total", "due_on", "state")
    phone_top = "total"
    phone_detail = ("customer", "city")
    phone_end = "on_date"

    class Meta:
        model = Bill

    def render_number(self, value: str, record: Any) -> str:
        return value or _("Draft %(id)s") % {"id": record.id}


class BillPickTable(tables.Table):
    """What left, batch by batch."""

    product = tables.TextColumn(
        accessor="line__product__name", verbose_name=gettext_lazy("Product"), secondary="line__product__pack"
    )
    batch = tables.CodeColumn(accessor="batch__number", verbose_name=gettext_lazy("Batch"))
    expiry = tables.MonthColumn(accessor="batch__expiry", verbose_name=gettext_lazy("Expiry"))
    place = tables.TextColumn(accessor="place__name", verbose_name=gettext_lazy("Place"))
    hsn = tables.CodeColumn(accessor="line__hsn", verbose_name=gettext_lazy("HSN"))
    quantity = tables.NumberColumn()
    free = tables.NumberColumn()
    mrp = tables.MoneyColumn()
    rate = tables.MoneyColumn()
    discount = tables.PercentColumn(accessor="line__discount", verbose_name=gettext_lazy("Discount %"))
    tax_rate = tables.PercentColumn(accessor="line__tax_rate", verbose_name=gettext_lazy("Tax %"))
    taxable = tables.MoneyColumn(strong=True)

    default_columns = (
        "product", "batch", "expiry", "place", "hsn", "quantity", "free", "mrp", "rate", "discount", "tax_rate",
        "taxable",
    )  # fmt: skip
    phone_top = "taxable"
    phone_detail = ("batch", "expiry")
    phone_end = "quantity"

    class Meta:
        model = BillPick
        orderable = False


class CustomerBillTable(tables.Table):
    """A customer's last bills."""

    number = tables.TextColumn(linkify=True, css="code")
    on_date = tables.DateColumn()
    lines = tables.NumberColumn(accessor="line_count", verbose_name=gettext_lazy("Lines"))
    total = tables.MoneyColumn(strong=True)
    due_on = tables.DateColumn()
    state = tables.ChoiceColumn(badges=STATES)

    default_columns = ("number", "on_date", "lines", "total", "due_on", "state")
    phone_top = "total"
    phone_end = "on_date"

    class Meta:
        model = Bill
        orderable = False
