"""Who may open which page of parties, and records for their addresses. The access matrix takes both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization
from apps.parties.models import PartyAddress, PartyContact, PartyLicence, PriceGroup, Route
from tests.parties.factories import party


def _party(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": party().pk}


def _archived(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": party(active=False).pk}


def _holder(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"party": party().pk}


def _licence(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        made = PartyLicence.objects.create(
            party=party(), form="20B", number="20B-MH-1", valid_from=dt.date(2024, 1, 1), valid_to=dt.date(2028, 12, 31)
        )
        return {"pk": made.pk}


def _address(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        made = PartyAddress.objects.create(
            party=party(), name="Shop", address="1 Road", city="Pune", pin_code="411001", state_code="27"
        )
        return {"pk": made.pk}


def _contact(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": PartyContact.objects.create(party=party(), name="Asha").pk}


def _route(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": Route.objects.create(name="Camp").pk}


def _price_group(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": PriceGroup.objects.create(name="Hospital").pk}


OBJECTS: dict[str, Callable[[Organization], dict[str, Any]]] = {
    "party": _party,
    "archived_party": _archived,
    "party_holder": _holder,
    "party_licence": _licence,
    "party_address": _address,
    "party_contact": _contact,
    "route": _route,
    "price_group": _price_group,
}
