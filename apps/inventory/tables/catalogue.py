"""Lists of products, manufacturers, salts and prices."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.core.ui import tables
from apps.core.ui.tables import Badge
from apps.inventory.models import Manufacturer, Product, ProductPrice, Salt

SCHEDULES = {"H": "warn", "H1": "warn", "X": "bad", "G": "info"}
STORAGES = {"cool": "info", "cold": "info", "frozen": "info"}


class ProductTable(tables.Table):
    name = tables.TextColumn(linkify=True, secondary="pack", order_by=("name", "id"))
    code = tables.CodeColumn(orderable=False)
    manufacturer = tables.TextColumn(accessor="manufacturer__name", verbose_name=_("Manufacturer"), orderable=False)
    composition = tables.TextColumn(orderable=False)
    form = tables.ChoiceColumn(orderable=False)
    strength = tables.TextColumn(orderable=False)
    schedule = tables.ChoiceColumn(badges=SCHEDULES, orderable=False)
    storage = tables.ChoiceColumn(badges=STORAGES, orderable=False)
    hsn = tables.CodeColumn()
    mrp = tables.MoneyColumn(accessor="mrp", verbose_name=_("MRP"), orderable=False)
    price_controlled = tables.FlagColumn(on=Badge(_("Controlled"), "info"), orderable=False)
    on_hand = tables.NumberColumn(accessor="on_hand", verbose_name=_("On hand"), orderable=False)
    reorder_level = tables.NumberColumn()
    standing = tables.FlagColumn(
        accessor="active", verbose_name=_("Standing"), on=None, off=Badge(_("Discontinued"), "line"), orderable=False
    )

    default_columns = ("name", "manufacturer", "composition", "schedule", "storage", "mrp", "on_hand", "standing")
    phone_top = "mrp"
    phone_detail = ("composition", "manufacturer")
    phone_end = "on_hand"

    class Meta:
        model = Product

    def render_schedule(self, value: str, record: Any) -> str:  # noqa: ARG002 - the signature of django-tables2
        """The letter alone: the column's head says what it is."""
        return SafeString(Badge(value, SCHEDULES[value])) if value in SCHEDULES else ""

    def render_storage(self, value: str, record: Any) -> str:  # noqa: ARG002
        """Only what needs care."""
        return SafeString(Badge(_STORAGE[value], STORAGES[value], "snowflake")) if value in STORAGES else ""


_STORAGE = {"cool": _("Cool"), "cold": _("2–8 °C"), "frozen": _("Frozen")}


class ManufacturerTable(tables.Table):
    name = tables.TextColumn(linkify=True)
    convention = tables.ChoiceColumn(orderable=False)
    retailer_margin = tables.PercentColumn(orderable=False)
    stockist_margin = tables.PercentColumn(orderable=False)
    return_window_before_days = tables.NumberColumn(orderable=False)
    return_window_after_days = tables.NumberColumn(orderable=False)
    standing = tables.FlagColumn(
        accessor="active", verbose_name=_("Standing"), on=None, off=Badge(_("Archived"), "line"), orderable=False
    )

    default_columns = (
        "name",
        "convention",
        "retailer_margin",
        "stockist_margin",
        "return_window_before_days",
        "return_window_after_days",
        "standing",
    )
    phone_end = "retailer_margin"

    class Meta:
        model = Manufacturer

    def render_convention(self, value: str, record: Any) -> str:  # noqa: ARG002
        """In one word; the form explains it."""
        return str(_("Mark-up") if value == "markup" else _("Mark-down"))


class SaltTable(tables.Table):
    name = tables.TextColumn(linkify=True)

    default_columns = ("name",)

    class Meta:
        model = Salt


class PriceTable(tables.Table):
    effective_from = tables.DateColumn()
    mrp = tables.MoneyColumn()
    ptr = tables.NumberColumn(places=4)
    pts = tables.NumberColumn(places=4)

    default_columns = ("effective_from", "mrp", "ptr", "pts")

    class Meta:
        model = ProductPrice
