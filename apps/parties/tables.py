"""Lists of parties and of what belongs to them."""

from __future__ import annotations

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
    is_customer = tables.FlagColumn(on=Badge(_("Customer")), off=None, orderable=False)
    is_supplier = tables.FlagColumn(on=Badge(_("Supplier"), "info"), off=None, orderable=False)
    active = tables.FlagColumn(on=None, off=Badge(_("Archived")), orderable=False)

    default_columns = (
        "name",
        "gstin",
        "phone",
        "route",
        "credit_limit",
        "credit_days",
        "is_customer",
        "is_supplier",
        "active",
    )
    phone_end = "credit_limit"
    phone_detail = ("city", "phone")

    class Meta:
        model = Party


class LicenceTable(tables.Table):
    form = tables.ChoiceColumn()
    number = tables.CodeColumn()
    valid_from = tables.DateColumn()
    valid_to = tables.DateColumn()

    class Meta:
        model = PartyLicence


class AddressTable(tables.Table):
    name = tables.TextColumn()
    address = tables.TextColumn()
    city = tables.TextColumn()
    pin_code = tables.CodeColumn()
    state_code = tables.ChoiceColumn()

    class Meta:
        model = PartyAddress


class ContactTable(tables.Table):
    name = tables.TextColumn()
    position = tables.TextColumn()
    phone = tables.CodeColumn()
    email = tables.TextColumn()

    class Meta:
        model = PartyContact


class RouteTable(tables.Table):
    name = tables.TextColumn(linkify=True)

    class Meta:
        model = Route


class PriceGroupTable(tables.Table):
    name = tables.TextColumn(linkify=True)

    class Meta:
        model = PriceGroup
