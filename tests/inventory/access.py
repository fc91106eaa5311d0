"""Who may open which page of inventory, and records for their addresses. The access matrix takes both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization
from tests.access.route import Route
from tests.inventory import factories
from tests.inventory.catalogue_objects import CATALOGUE

ROUTES: list[Route] = [
    Route("inventory:product_list", "inventory.product.view", post=302),
    Route("inventory:product_create", "inventory.product.edit", post=422),
    Route("inventory:product_detail", "inventory.product.view", object="product"),
    Route("inventory:product_edit", "inventory.product.edit", object="product", post=422),
    Route("inventory:product_archive", "inventory.product.edit", object="product", post=302),
    Route("inventory:product_restore", "inventory.product.edit", object="discontinued_product", post=302),
    Route("inventory:product_delete", "inventory.product.delete", object="product", post=302),
    Route("inventory:product_photo", "inventory.product.view", object="product_with_photo", page=False),
    Route("inventory:product_photo_upload", "inventory.product.edit", object="product", post=422),
    Route("inventory:product_photo_remove", "inventory.product.edit", object="product_with_photo", post=302),
    Route("inventory:price_add", "inventory.price.revise", object="priced_product", post=422),
    Route("inventory:productprice_delete", "inventory.price.revise", object="price", post=302),
    Route("inventory:manufacturer_names", "inventory.product.view", page=False),
    Route("inventory:manufacturer_list", "inventory.product.view", post=302),
    Route("inventory:manufacturer_create", "inventory.product.edit", post=422),
    Route("inventory:manufacturer_detail", "inventory.product.view", object="manufacturer"),
    Route("inventory:manufacturer_edit", "inventory.product.edit", object="manufacturer", post=422),
    Route("inventory:manufacturer_archive", "inventory.product.edit", object="manufacturer", post=302),
    Route("inventory:manufacturer_restore", "inventory.product.edit", object="archived_manufacturer", post=302),
    Route("inventory:manufacturer_delete", "inventory.product.delete", object="manufacturer", post=302),
    Route("inventory:salt_names", "inventory.product.view", page=False),
    Route("inventory:salt_list", "inventory.product.view", post=302),
    Route("inventory:salt_create", "inventory.product.edit", post=422),
    Route("inventory:salt_detail", "inventory.product.view", object="salt"),
    Route("inventory:salt_edit", "inventory.product.edit", object="salt", post=422),
    Route("inventory:salt_delete", "inventory.product.delete", object="salt", post=302),
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
    **CATALOGUE,
    "place": _place,
    "archived_place": _archived_place,
}
