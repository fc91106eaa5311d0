"""Lists of goods receipts, supplier bills and their lines."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.ui import tables
from apps.purchasing.models import BillLine, GoodsReceipt, ReceiptLine, SupplierBill

RECEIPT_TONES = {"draft": "info", "checked": "acc", "parked": "warn", "posted": "ok", "cancelled": "bad"}
BILL_TONES = {"draft": "info", "posted": "ok", "cancelled": "bad"}
"""How each state is coloured."""


class ReceiptTable(tables.Table):
    on_date = tables.DateColumn()
    number = tables.TextColumn(linkify=True, orderable=False, empty_values=())
    supplier = tables.TextColumn(accessor="supplier__name", verbose_name=_("Supplier"), orderable=False)
    bill = tables.CodeColumn(accessor="bill__number", verbose_name=_("Bill"), orderable=False)
    order = tables.CodeColumn(accessor="order__number", verbose_name=_("Order"), orderable=False)
    branch = tables.TextColumn(accessor="branch__name", verbose_name=_("Branch"), orderable=False)
    line_count = tables.NumberColumn(orderable=False)
    units = tables.NumberColumn(orderable=False)
    amount = tables.MoneyColumn()
    unbilled = tables.MoneyColumn(orderable=False)
    state = tables.ChoiceColumn(badges=RECEIPT_TONES, orderable=False)
    challan = tables.CodeColumn(orderable=False)
    note = tables.TextColumn(orderable=False)

    default_columns = ("on_date", "number", "supplier", "bill", "line_count", "amount", "unbilled", "state")
    phone_top = "on_date"
    phone_detail = ("number", "state")
    phone_end = "amount"
    extra_fields = ("id",)

    class Meta:
        model = GoodsReceipt

    def render_number(self, value: str, record: Any) -> str:
        """One that is not in stock has no number yet."""
        return value or str(_("Receipt %(id)s") % {"id": record.id})


class ReceiptLineTable(tables.Table):
    product = tables.TextColumn(
        accessor="product__name", secondary="product__pack", verbose_name=_("Product"), orderable=False, linkify=True
    )
    number = tables.CodeColumn(orderable=False)
    expiry = tables.MonthColumn(orderable=False)
    mrp = tables.MoneyColumn(orderable=False)
    quantity = tables.NumberColumn(orderable=False)
    free = tables.NumberColumn(orderable=False)
    rate = tables.MoneyColumn(orderable=False)
    discount = tables.PercentColumn(orderable=False)
    tax_rate = tables.PercentColumn(orderable=False)
    cost = tables.MoneyColumn(orderable=False)
    accrued = tables.MoneyColumn(orderable=False)
    rejected = tables.FlagColumn(on=tables.Badge(_("Rejected"), "bad"), off=None, orderable=False)

    default_columns = ("product", "number", "expiry", "mrp", "quantity", "free", "rate", "tax_rate", "cost", "rejected")
    phone_top = "quantity"
    phone_detail = ("number", "expiry")
    phone_end = "rate"
    extra_fields = ("batch_id",)

    class Meta:
        model = ReceiptLine


class SupplierBillTable(tables.Table):
    bill_date = tables.DateColumn()
    number = tables.TextColumn(linkify=True, orderable=False)
    supplier = tables.TextColumn(accessor="supplier__name", verbose_name=_("Supplier"), orderable=False)
    gstin = tables.CodeColumn(accessor="supplier__gstin", verbose_name=_("GSTIN"), orderable=False)
    branch = tables.TextColumn(accessor="branch__name", verbose_name=_("Branch"), orderable=False)
    taxable = tables.MoneyColumn(orderable=False)
    cgst = tables.MoneyColumn(orderable=False)
    sgst = tables.MoneyColumn(orderable=False)
    igst = tables.MoneyColumn(orderable=False)
    round_off = tables.MoneyColumn(orderable=False)
    total = tables.MoneyColumn()
    claimed = tables.MoneyColumn(orderable=False)
    withheld = tables.MoneyColumn(orderable=False)
    due_on = tables.DateColumn()
    pay_by = tables.DateColumn(orderable=False)
    booked_on = tables.DateColumn(orderable=False)
    state = tables.ChoiceColumn(badges=BILL_TONES, orderable=False)

    default_columns = ("bill_date", "number", "supplier", "taxable", "total", "due_on", "pay_by", "state")
    phone_top = "bill_date"
    phone_detail = ("number", "state")
    phone_end = "total"

    class Meta:
        model = SupplierBill


class BillLineTable(tables.Table):
    product = tables.TextColumn(
        accessor="product__name", secondary="product__pack", verbose_name=_("Product"), orderable=False, linkify=True
    )
    batch = tables.CodeColumn(accessor="receipt_line__number", verbose_name=_("Batch"), orderable=False)
    hsn = tables.CodeColumn(orderable=False)
    quantity = tables.NumberColumn(orderable=False)
    rate = tables.MoneyColumn(orderable=False)
    discount = tables.PercentColumn(orderable=False)
    taxable = tables.MoneyColumn(orderable=False)
    tax_rate = tables.PercentColumn(orderable=False)
    cgst = tables.MoneyColumn(orderable=False)
    sgst = tables.MoneyColumn(orderable=False)
    igst = tables.MoneyColumn(orderable=False)
    charges = tables.MoneyColumn(orderable=False)
    claimed = tables.MoneyColumn(orderable=False)

    default_columns = (
        "product",
        "batch",
        "hsn",
        "quantity",
        "rate",
        "discount",
        "taxable",
        "tax_rate",
        "charges",
        "claimed",
    )
    phone_top = "quantity"
    phone_detail = ("batch", "rate")
    phone_end = "taxable"
    extra_fields = ("product_id",)

    class Meta:
        model = BillLine


class RegisterTable(tables.Table):
    """Purchases batch by batch, as an inspector asks for them."""

    on_date = tables.DateColumn(accessor="receipt__on_date", verbose_name=_("Received"), orderable=False)
    receipt = tables.TextColumn(accessor="receipt__number", verbose_name=_("Receipt"), linkify=True, orderable=False)
    supplier = tables.TextColumn(accessor="receipt__supplier__name", verbose_name=_("Supplier"), orderable=False)
    bill = tables.CodeColumn(accessor="receipt__bill__number", verbose_name=_("Bill"), orderable=False)
    bill_date = tables.DateColumn(accessor="receipt__bill__bill_date", verbose_name=_("Bill date"), orderable=False)
    product = tables.TextColumn(accessor="product__name", secondary="product__pack", orderable=False)
    maker = tables.TextColumn(accessor="product__manufacturer__name", verbose_name=_("Manufacturer"), orderable=False)
    schedule = tables.CodeColumn(accessor="product__schedule", verbose_name=_("Schedule"), orderable=False)
    number = tables.CodeColumn(orderable=False)
    expiry = tables.MonthColumn(orderable=False)
    mrp = tables.MoneyColumn(orderable=False)
    quantity = tables.NumberColumn(orderable=False)
    free = tables.NumberColumn(orderable=False)
    rate = tables.MoneyColumn(orderable=False)
    cost = tables.MoneyColumn(orderable=False)

    default_columns = (
        "on_date",
        "receipt",
        "supplier",
        "bill",
        "product",
        "maker",
        "number",
        "expiry",
        "mrp",
        "quantity",
        "free",
        "rate",
    )
    phone_top = "on_date"
    phone_detail = ("number", "supplier")
    phone_end = "quantity"
    extra_fields = ("receipt_id",)

    class Meta:
        model = ReceiptLine
