"""Reorder levels of places."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.ui import tables
from apps.inventory.models import ReorderLevel


class ReorderLevelTable(tables.Table):
    """The columns are those that the importer reads, so that an export can be changed and read again."""

    product = tables.TextColumn(accessor="product__name", verbose_name=_("Product"), linkify=True)
    pack = tables.TextColumn(accessor="product__pack", verbose_name=_("Pack"), orderable=False)
    place = tables.TextColumn(accessor="place__name", verbose_name=_("Place"), orderable=False)
    branch = tables.TextColumn(accessor="place__branch__name", verbose_name=_("Branch"), orderable=False)
    level = tables.NumberColumn(orderable=False, strong=True)
    quantity = tables.NumberColumn(orderable=False)

    default_columns = ("product", "pack", "place", "branch", "level", "quantity")
    phone_top = "level"
    phone_detail = ("place", "branch")

    class Meta:
        model = ReorderLevel


class ProductLevelTable(tables.Table):
    """The same of one product."""

    place = tables.TextColumn(accessor="place__name", verbose_name=_("Place"), secondary="place__branch__name")
    level = tables.NumberColumn(strong=True)
    quantity = tables.NumberColumn()

    default_columns = ("place", "level", "quantity")
    phone_top = "level"

    class Meta:
        model = ReorderLevel
