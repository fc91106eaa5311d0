"""Lists of parties and of what belongs to them."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.core.ui import tables
from apps.core.ui.tables import Badge
from apps.parties.models import Party, PartyAddress, PartyContact, PartyLicence, PriceGroup, Route


class PartyTable(tables.Table):
    name = tables.TextColumn(linkify=True, secondary="city")
    registration = tables.ChoiceColumn()
    gstin = tables.CodeColumn()
    pan = tables.CodeColumn(orderable=False)
    state_code = tables.ChoiceColumn(orderable=False)
    city = tables.TextColumn()
    phone = tables.CodeColumn(orderable=False)
    email = tables.TextColumn(orderable=False)
    route = tables.TextColumn(accessor="route__name", verbose_name=_("Route"), orderable=False)
    price_group = tables.TextColumn(accessor="price_group__name", verbose_name=_("Price group"), orderable=False)
    credit_limit = tables.MoneyColumn()
    credit_days = tables.NumberColumn(orderable=False)
    minimum_shelf_life_days = tables.NumberColumn(orderable=False)
    kind = tables.TextColumn(
        accessor="is_customer", sources=("is_supplier", "active"), few=True, verbose_name=_("Kind"), orderable=False
    )

    default_columns = (
        "name",
        "gstin",
        "phone",
        "route",
        "credit_limit",
        "credit_days",
        "kind",
    )
    phone_end = "credit_limit"
    phone_detail = ("city", "phone")

    class Meta:
        model = Party

    def render_kind(self, value: bool, record: Any) -> SafeString:
        """What they are to us, and whether they are archived."""
        badges = [
            *([Badge(_("Customer"))] if value else []),
            *([Badge(_("Supplier"), "info")] if record.is_supplier else []),
            *([] if record.active else [Badge(_("Archived"), "line")]),
        ]
        return format_html_join(" ", "{}", ((badge,) for badge in badges))

    def value_kind(self, value: bool, record: Any) -> str:
        """The same in a file."""
        kinds = [*([_("Customer")] if value else []), *([_("Supplier")] if record.is_supplier else [])]
        return ", ".join(str(kind) for kind in kinds)


class LicenceTable(tables.Table):
    form = tables.ChoiceColumn()
    number = tables.CodeColumn()
    valid_from = tables.DateColumn()
    valid_to = tables.DateColumn()

    default_columns = ("form", "number", "valid_from", "valid_to")

    class Meta:
        model = PartyLicence


class AddressTable(tables.Table):
    name = tables.TextColumn()
    address = tables.TextColumn()
    city = tables.TextColumn()
    pin_code = tables.CodeColumn()
    state_code = tables.ChoiceColumn()

    default_columns = ("name", "address", "city", "pin_code", "state_code")

    class Meta:
        model = PartyAddress


class ContactTable(tables.Table):
    name = tables.TextColumn()
    position = tables.TextColumn()
    phone = tables.CodeColumn()
    email = tables.TextColumn()

    default_columns = ("name", "position", "phone", "email")

    class Meta:
        model = PartyContact


class RouteTable(tables.Table):
    name = tables.TextColumn(linkify=True)

    default_columns = ("name",)

    class Meta:
        model = Route


class PriceGroupTable(tables.Table):
    name = tables.TextColumn(linkify=True)

    default_columns = ("name",)

    class Meta:
        model = PriceGroup
