"""Documents of the godown for the addresses of the access matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.core.tenancy.context import tenant
from apps.inventory.models import StockAdjustment, StockCount, Transfer
from apps.organizations.models import Organization
from tests.inventory import factories


def _transfer(organization: Organization, **fields: Any) -> dict[str, Any]:
    with tenant(organization.pk):
        made = Transfer.objects.create(from_place=factories.place(), to_place=factories.place(), **fields)
        return {"pk": made.pk}


def _adjustment(organization: Organization, **fields: Any) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": StockAdjustment.objects.create(place=factories.place(), reason="breakage", **fields).pk}


def _count(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": StockCount.objects.create(place=factories.place()).pk}


GODOWN: dict[str, Callable[[Organization], dict[str, Any]]] = {
    "transfer": _transfer,
    "sent_transfer": lambda organization: _transfer(organization, state="sent"),
    "adjustment": _adjustment,
    "posted_adjustment": lambda organization: _adjustment(organization, state="posted"),
    "count": _count,
}
