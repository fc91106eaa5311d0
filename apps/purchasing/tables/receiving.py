"""Lists of rules for shelf life and of figures of the law."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui import tables
from apps.purchasing.models import ShelfLifeRule, StatutoryFigure


class ShelfLifeTable(tables.Table):
    minimum_days = tables.NumberColumn(orderable=False)
    supplier = tables.TextColumn(
        accessor="supplier__name", verbose_name=gettext_lazy("Supplier"), orderable=False, empty_values=(), linkify=True
    )
    product = tables.TextColumn(
        accessor="product__name", verbose_name=gettext_lazy("Product"), orderable=False, empty_values=()
    )

    default_columns = ("supplier", "product", "minimum_days")
    phone_detail = ("product",)
    phone_end = "minimum_days"

    class Meta:
        model = ShelfLifeRule
        sequence = ("supplier", "product", "minimum_days")

    def render_supplier(self, value: Any) -> str:
        """A rule of no supplier is for all."""
        return str(value or _("Every supplier"))

    def render_product(self, value: Any) -> str:
        """A rule of no product is for all."""
        return str(value or _("Every product"))


class StatutoryFigureTable(tables.Table):
    kind = tables.ChoiceColumn(linkify=True, orderable=False)
    valid_from = tables.DateColumn(orderable=False)
    valid_to = tables.DateColumn(orderable=False)
    value = tables.NumberColumn(orderable=False)
    source = tables.TextColumn(orderable=False)

    default_columns = ("kind", "valid_from", "valid_to", "value", "source")
    phone_detail = ("valid_from", "source")
    phone_end = "value"

    class Meta:
        model = StatutoryFigure
