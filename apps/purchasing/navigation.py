"""Where buying appears in the menu, the palette and on the home page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.http import TenantRequest
from apps.core.ui import registry
from apps.core.ui.formats import day
from apps.core.ui.links import row_links
from apps.core.ui.registry import Command, HeadLink, Hit, NavEntry, NavGroup, Panel, SearchProvider, Work
from apps.purchasing.models import PurchaseOrder
from apps.purchasing.panels.orders import ProductOrdersPanel, ProductPricesPanel, SupplierOrdersPanel, order_work
from apps.purchasing.views.reorder import order_low_link


def find_orders(request: TenantRequest, text: str) -> list[Hit]:
    """Purchase orders for the palette, by the beginning of their number."""
    found = PurchaseOrder.objects.filter(number__prefix=text.strip().upper()).select_related("supplier")
    make = row_links(request, PurchaseOrder)
    return [
        Hit(
            label=order.number,
            detail=order.supplier.name,
            url=(make(order.pk) if make else "") or "",
            icon="shopping-cart",
            end=day(order.on_date),
        )
        for order in found.order_by("-on_date", "-id")[:8]
        if order.number
    ]


def register() -> None:
    """Add the entries to the frame."""
    registry.add(
        NavGroup("buy", _("Buy"), order=30),
        NavEntry(
            "buy",
            _("Purchase orders"),
            icon="shopping-cart",
            route="purchasing:purchaseorder_list",
            keys="g o",
            order=20,
        ),
        NavEntry("buy", _("Supplier prices"), icon="tag", route="purchasing:supplierprice_list", order=40),
        Command(_("New supplier price"), icon="plus", route="purchasing:supplierprice_create"),
        Command(_("New purchase order"), icon="plus", route="purchasing:purchaseorder_create", keys="n o"),
        Command(_("Order what runs low"), icon="shopping-cart", route="purchasing:reorder"),
        Command(_("Settings of ordering"), icon="settings", route="purchasing:order_settings"),
        SearchProvider(_("Purchase orders"), search=find_orders, right="purchasing.order.view"),
        HeadLink("inventory.low", order_low_link),
        Panel("parties.party", SupplierOrdersPanel, order=60),
        Panel("inventory.product", ProductOrdersPanel, order=40),
        Panel("inventory.product", ProductPricesPanel, order=41),
        Work(order_work, right="purchasing.order.view", order=40),
    )
