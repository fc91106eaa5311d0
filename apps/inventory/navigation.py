"""Where products and stock appear in the menu, the palette and on the home page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.http import TenantRequest
from apps.core.ui import registry
from apps.core.ui.formats import num
from apps.core.ui.links import row_links
from apps.core.ui.registry import Command, Hit, HomePanel, NavEntry, NavGroup, Panel, SearchProvider, Tile, Work
from apps.inventory.models import Product
from apps.inventory.panels.home import LowStockPanel, NearExpiryPanel, bell, stock_tile, stock_work
from apps.inventory.panels.product_stock import MovementPanel, PlaceLevelsPanel, ProductBatchesPanel, ReorderPanel
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
        NavEntry(
            "",
            _("Alerts"),
            icon="bell",
            route="inventory:alerts",
            keys="g a",
            order=5,
            phone=_("Alerts"),
            count=bell,
            hot=True,
            live=True,
        ),
        Command(_("Choose alerts"), icon="settings", route="inventory:alert_subscription"),
        Command(_("Low stock"), icon="package", route="inventory:low_list"),
        Command(_("Reorder levels of places"), icon="package", route="inventory:reorderlevel_list"),
        Tile(_("Stock at cost"), value=stock_tile, right="inventory.cost.view", order=50),
        Work(stock_work, right="inventory.stock.view", order=30),
        HomePanel(LowStockPanel, order=30),
        HomePanel(NearExpiryPanel, order=31),
        Panel("inventory.product", ProductBatchesPanel, order=10),
        Panel("inventory.product", ReorderPanel, order=20),
        Panel("inventory.product", MovementPanel, order=30),
        Panel("inventory.product", PlaceLevelsPanel, order=40),
        NavGroup("stock", _("Stock"), order=10),
        NavEntry(
            "stock",
            _("Stock on hand"),
            icon="packages",
            route="inventory:stock_list",
            keys="g s",
            order=10,
            phone=_("Stock"),
        ),
        NavEntry("stock", _("Moves"), icon="arrows-exchange", route="inventory:move_list", order=30),
        NavEntry("stock", _("Transfers"), icon="truck", route="inventory:transfer_list", order=52),
        NavEntry("stock", _("Counts"), icon="clipboard-check", route="inventory:stockcount_list", order=54),
        NavEntry(
            "stock", _("Adjustments"), icon="adjustments-horizontal", route="inventory:stockadjustment_list", order=56
        ),
        Command(_("New transfer"), icon="plus", route="inventory:transfer_create", keys="n t"),
        Command(_("Count a place"), icon="plus", route="inventory:stockcount_create"),
        Command(_("Adjust stock"), icon="plus", route="inventory:stockadjustment_create"),
        NavEntry("stock", _("Products"), icon="pill", route="inventory:product_list", keys="g d", order=20),
        NavEntry("stock", _("Manufacturers"), icon="building", route="inventory:manufacturer_list", order=50),
        Command(_("New product"), icon="plus", route="inventory:product_create", keys="n d"),
        Command(_("New manufacturer"), icon="plus", route="inventory:manufacturer_create"),
        Command(_("Salts"), icon="prescription", route="inventory:salt_list"),
        Command(_("Price revisions"), icon="percentage", route="inventory:raterevision_list"),
        Command(_("Revise prices"), icon="plus", route="inventory:raterevision_create"),
        SearchProvider(_("Products"), search=find_products, right="inventory.product.view"),
        NavEntry("stock", _("Places"), icon="building-warehouse", route="inventory:place_list", order=60),
        Command(_("Scan a code"), icon="scan", route="inventory:scan"),
        Command(_("New place"), icon="plus", route="inventory:place_create"),
    )
