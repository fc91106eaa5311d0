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
from apps.purchasing.panels.receipts import SupplierBillsPanel, SupplierReceiptsPanel, receipt_work
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
            keys="g u",
            order=20,
        ),
        NavEntry("buy", _("Supplier prices"), icon="tag", route="purchasing:supplierprice_list", order=40),
        Command(_("New supplier price"), icon="plus", route="purchasing:supplierprice_create"),
        NavEntry(
            "buy", _("Receipts"), icon="truck-delivery", route="purchasing:goodsreceipt_list", keys="g p", order=10
        ),
        NavEntry("buy", _("Supplier bills"), icon="receipt", route="purchasing:supplierbill_list", order=30),
        NavEntry("buy", _("Register of purchases"), icon="file-text", route="purchasing:purchase_register", order=40),
        NavEntry("buy", _("Shelf life"), icon="calendar", route="purchasing:shelfliferule_list", order=50),
        Command(_("Settings of receiving"), icon="settings", route="purchasing:receiving_settings"),
        Command(_("Receive goods"), icon="truck-delivery", route="purchasing:goodsreceipt_create", keys="n p"),
        Panel("parties.party", SupplierReceiptsPanel, order=61),
        Panel("parties.party", SupplierBillsPanel, order=62),
        Work(receipt_work, right="purchasing.receipt.view", order=41),
        Command(_("New purchase order"), icon="plus", route="purchasing:purchaseorder_create", keys="n u"),
        Command(_("Order what runs low"), icon="shopping-cart", route="purchasing:reorder"),
        Command(_("Settings of ordering"), icon="settings", route="purchasing:order_settings"),
        SearchProvider(_("Purchase orders"), search=find_orders, right="purchasing.order.view"),
        HeadLink("inventory.low", order_low_link),
        Panel("parties.party", SupplierOrdersPanel, order=60),
        Panel("inventory.product", ProductOrdersPanel, order=40),
        Panel("inventory.product", ProductPricesPanel, order=41),
        Work(order_work, right="purchasing.order.view", order=40),
    )
