"""Who may open which page of inventory, and records for their addresses. The access matrix takes both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization
from tests.access.route import Route
from tests.inventory import factories

ROUTES: list[Route] = [
    Route("inventory:place_list", "inventory.place.view", post=302),
    Route("inventory:place_create", "inventory.place.edit", post=422),
    Route("inventory:place_detail", "inventory.place.view", object="place"),
    Route("inventory:place_edit", "inventory.place.edit", object="place", post=422),
    Route("inventory:place_archive", "inventory.place.edit", object="place", post=302),
    Route("inventory:place_restore", "inventory.place.edit", object="archived_place", post=302),
    Route("inventory:place_delete", "inventory.place.edit", object="place", post=302),
]


def _place(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": factories.place().pk}


def _archived_place(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": factories.place(active=False).pk}


OBJECTS: dict[str, Callable[[Organization], dict[str, Any]]] = {
    "place": _place,
    "archived_place": _archived_place,
}
