"""Who may open which page of inventory, and records for their addresses. The access matrix takes both."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization
from tests.access.route import Route
from tests.inventory import factories
from tests.inventory.catalogue_objects import CATALOGUE
from tests.inventory.godown_objects import GODOWN

_numbers = itertools.count(1)

ROUTES: list[Route] = [
    Route("inventory:product_list", "inventory.product.view", post=302),
    Route("inventory:product_create", "inventory.product.edit", post=422),
    Route("inventory:product_pick", "inventory.product.view", page=False),
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
    Route("inventory:reorder_add", "inventory.product.edit", object="priced_product", post=422),
    Route("inventory:reorderlevel_list", "inventory.stock.view", post=302),
    Route("inventory:reorderlevel_edit", "inventory.product.edit", object="reorder_level", post=422),
    Route("inventory:reorderlevel_delete", "inventory.product.edit", object="reorder_level", post=302),
    Route("inventory:manufacturer_names", "inventory.product.view", page=False),
    Route("inventory:manufacturer_list", "inventory.product.view", post=302),
    Route("inventory:manufacturer_create", "inventory.product.edit", post=422),
    Route("inventory:manufacturer_detail", "inventory.product.view", object="manufacturer"),
    Route("inventory:manufacturer_edit", "inventory.product.edit", object="manufacturer", post=422),
    Route("inventory:manufacturer_archive", "inventory.product.edit", object="manufacturer", post=302),
    Route("inventory:manufacturer_restore", "inventory.product.edit", object="archived_manufacturer", post=302),
    Route("inventory:manufacturer_delete", "inventory.product.delete", object="manufacturer", post=302),
    Route("inventory:raterevision_list", "inventory.product.view", post=302),
    Route("inventory:raterevision_create", "inventory.price.revise", post=422),
    Route("inventory:raterevision_detail", "inventory.product.view", object="revision"),
    Route("inventory:raterevision_lines", "inventory.product.view", object="revision", post=302),
    Route("inventory:raterevision_apply", "inventory.price.revise", object="revision", post=302),
    Route("inventory:raterevision_undo", "inventory.price.revise", object="applied_revision", post=302),
    Route("inventory:raterevision_discard", "inventory.price.revise", object="revision", post=302),
    Route("inventory:salt_names", "inventory.product.view", page=False),
    Route("inventory:salt_list", "inventory.product.view", post=302),
    Route("inventory:salt_create", "inventory.product.edit", post=422),
    Route("inventory:salt_detail", "inventory.product.view", object="salt"),
    Route("inventory:salt_edit", "inventory.product.edit", object="salt", post=422),
    Route("inventory:salt_delete", "inventory.product.delete", object="salt", post=302),
    Route("inventory:return_list", "inventory.stock.view"),
    Route("inventory:labels", "inventory.stock.view"),
    Route("inventory:scan", "inventory.stock.view", post=422),
    Route("inventory:stock_list", "inventory.stock.view", post=302),
    Route("inventory:move_list", "inventory.stock.view", post=302),
    Route("inventory:stockverification_list", "inventory.stock.view", post=302),
    Route("inventory:low_list", "inventory.stock.view", post=302),
    Route("inventory:low_panel", "inventory.stock.view", page=False),
    Route("inventory:alerts", "inventory.stock.view"),
    Route("inventory:alert_subscription", "inventory.stock.view", post=422),
    Route("inventory:batch_detail", "inventory.stock.view", object="batch"),
    Route("inventory:batch_hold", "inventory.batch.hold", object="batch", post=422),
    Route("inventory:batch_release", "inventory.batch.hold", object="held_batch", post=422),
    Route("inventory:batch_recall", "inventory.batch.recall", object="batch", post=422),
    Route("inventory:batch_parties", "inventory.stock.view", object="batch"),
    Route("inventory:batch_parties_print", "inventory.stock.view", object="batch"),
    Route("inventory:transfer_list", "inventory.stock.view", post=302),
    Route("inventory:transfer_create", "inventory.stock.move", post=422),
    Route("inventory:transfer_detail", "inventory.stock.view", object="transfer", post=422),
    Route("inventory:transfer_take_in", "inventory.stock.move", object="sent_transfer", post=422),
    Route("inventory:stockadjustment_list", "inventory.stock.view", post=302),
    Route("inventory:stockadjustment_create", "inventory.stock.adjust", post=422),
    Route("inventory:stockadjustment_detail", "inventory.stock.view", object="adjustment", post=422),
    Route("inventory:stockadjustment_print", "inventory.stock.view", object="posted_adjustment"),
    Route("inventory:stockcount_list", "inventory.stock.view", post=302),
    Route("inventory:stockcount_create", "inventory.stock.count", post=422),
    Route("inventory:stockcount_detail", "inventory.stock.view", object="count", post=422),
    Route("inventory:stockcount_print", "inventory.stock.view", object="count"),
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


def _batch(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": factories.stocked(10, product=factories.product(_name()), place=factories.place()).pk}


def _held_batch(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": factories.batch(factories.product(_name()), state="held", state_reason="Seal broken").pk}


def _name() -> str:
    return f"Tin Roof {next(_numbers)}"


OBJECTS: dict[str, Callable[[Organization], dict[str, Any]]] = {
    **CATALOGUE,
    **GODOWN,
    "batch": _batch,
    "held_batch": _held_batch,
    "place": _place,
    "archived_place": _archived_place,
}
