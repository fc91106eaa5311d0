"""Lists of places."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.ui import tables
from apps.core.ui.tables import Badge
from apps.inventory.models import Place, Stock


class PlaceTable(tables.Table):
    name = tables.TextColumn(linkify=True, secondary="parent__name")
    kind = tables.ChoiceColumn(badges={"quarantine": "warn", "expired": "bad", "transit": "info"})
    branch = tables.TextColumn(accessor="branch__name", verbose_name=_("Branch"), orderable=False)
    code = tables.CodeColumn(orderable=False)
    active = tables.FlagColumn(on=None, off=Badge(_("Archived")), orderable=False)
    frozen = tables.FlagColumn(on=Badge(_("Being counted"), "info"), off=None, orderable=False)

    default_columns = ("name", "kind", "branch", "code", "frozen")
    phone_top = "kind"
    phone_detail = ("branch", "code")

    class Meta:
        model = Place


class PlaceStockTable(tables.Table):
    product = tables.TextColumn(accessor="product__name", secondary="product__pack", verbose_name=_("Product"))
    batch = tables.CodeColumn(accessor="batch__number", verbose_name=_("Batch"))
    expiry = tables.MonthColumn()
    on_hand = tables.NumberColumn()
    reserved = tables.NumberColumn()

    phone_top = "on_hand"
    phone_detail = ("batch", "expiry")

    class Meta:
        model = Stock
