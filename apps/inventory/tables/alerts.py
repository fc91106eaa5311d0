"""Products that are low."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.ui import formats, tables
from apps.inventory.models import ProductStock


class LowTable(tables.Table):
    """What is free, when it was to be ordered again, and how much at a time."""

    product = tables.TextColumn(
        accessor="product__name", verbose_name=_("Product"), linkify=True, secondary="product__pack"
    )
    manufacturer = tables.TextColumn(
        accessor="product__manufacturer__name", verbose_name=_("Manufacturer"), orderable=False
    )
    on_hand = tables.NumberColumn(orderable=False)
    reserved = tables.NumberColumn(orderable=False)
    free = tables.NumberColumn(strong=True, orderable=False)
    reorder_level = tables.NumberColumn(verbose_name=_("Reorder at"), orderable=False)
    short = tables.NumberColumn(accessor="free", verbose_name=_("Short by"), orderable=False)
    quantity = tables.NumberColumn(
        accessor="product__reorder_quantity", verbose_name=_("Reorder quantity"), orderable=False
    )

    default_columns = ("product", "manufacturer", "on_hand", "reserved", "free", "reorder_level", "short", "quantity")
    extra_fields = ("reorder_level", "free", "product_id")
    phone_top = "free"
    phone_detail = ("manufacturer",)
    phone_end = "reorder_level"

    class Meta:
        model = ProductStock

    def render_short(self, value: int, record: Any) -> str:
        """How many units would bring it back to its level."""
        return formats.num(max(record.reorder_level - value, 0))

    def value_short(self, value: int, record: Any) -> int:
        return int(max(record.reorder_level - value, 0))
