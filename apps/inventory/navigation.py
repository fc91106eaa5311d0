"""Where products and stock appear in the menu, the palette and on the home page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.http import TenantRequest
from apps.core.ui import registry
from apps.core.ui.formats import num
from apps.core.ui.links import row_links
from apps.core.ui.registry import Command, Hit, NavEntry, NavGroup, SearchProvider
from apps.inventory.models import Product
from apps.inventory.queries.catalogue import products_for_picker


def find_products(request: TenantRequest, text: str) -> list[Hit]:
    """Products for the palette, with what is free of each."""
    make = row_links(request, Product)
    return [
        Hit(
            label=found.name,
            detail=" · ".join(filter(None, (found.pack, found.composition))),
            url=make(found.id) if make else "",
            icon="pill",
            end=num(found.free),
        )
        for found in products_for_picker(text, most=8)
    ]


def register() -> None:
    """Add the entries to the frame."""
    registry.add(
        NavGroup("stock", _("Stock"), order=10),
        NavEntry("stock", _("Products"), icon="pill", route="inventory:product_list", keys="g p", order=20),
        NavEntry("stock", _("Manufacturers"), icon="building", route="inventory:manufacturer_list", order=50),
        Command(_("New product"), icon="plus", route="inventory:product_create", keys="n p"),
        Command(_("New manufacturer"), icon="plus", route="inventory:manufacturer_create"),
        Command(_("Salts"), icon="prescription", route="inventory:salt_list"),
        SearchProvider(_("Products"), search=find_products, right="inventory.product.view", prefix="#"),
        NavEntry("stock", _("Places"), icon="building-warehouse", route="inventory:place_list", order=60),
        Command(_("New place"), icon="plus", route="inventory:place_create"),
    )
