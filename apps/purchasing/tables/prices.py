"""Lists of what suppliers ask."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.ui import tables
from apps.purchasing.models import SupplierPrice


class SupplierPriceTable(tables.Table):
    product = tables.TextColumn(
        accessor="product__name",
        secondary="product__pack",
        verbose_name=_("Product"),
        linkify=True,
        orderable=False,
    )
    supplier = tables.TextColumn(accessor="supplier__name", verbose_name=_("Supplier"), orderable=False)
    effective_from = tables.DateColumn()
    rate = tables.MoneyColumn(orderable=False)
    discount = tables.PercentColumn(orderable=False)
    scheme = tables.TextColumn(
        accessor="scheme_paid", sources=("scheme_free",), few=True, verbose_name=_("Scheme"), orderable=False
    )
    multiple = tables.NumberColumn(orderable=False)
    supplier_code = tables.CodeColumn(orderable=False)

    default_columns = ("product", "supplier", "effective_from", "rate", "discount", "scheme", "supplier_code")
    phone_top = "effective_from"
    phone_detail = ("supplier", "scheme")
    phone_end = "rate"

    class Meta:
        model = SupplierPrice

    def render_scheme(self, value: int, record: Any) -> str:
        """As the trade writes it."""
        return f"{value}+{record.scheme_free}" if value else ""

    def value_scheme(self, value: int, record: Any) -> str:
        """The same in a file."""
        return f"{value}+{record.scheme_free}" if value else ""
