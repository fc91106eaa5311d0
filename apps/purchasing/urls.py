"""Addresses of buying."""

from __future__ import annotations

from django.urls import URLPattern

from apps.core.ui.links import model_paths, org_path
from apps.purchasing.models import OrderLine, PurchaseOrder, SupplierPrice
from apps.purchasing.views import line_forms, order_actions, order_paper, orders, prices, reorder

app_name = "purchasing"

_orders: list[URLPattern] = [
    org_path("purchase-orders/low/", reorder.ReorderPage, name="reorder"),
    org_path("purchase-orders/settings/", order_actions.OrderSettingsPage, name="order_settings"),
    org_path("purchase-orders/<int:order>/lines/new/", line_forms.OrderLineAdd, name="orderline_add"),
    *model_paths("order-lines", OrderLine, edit=line_forms.OrderLineEdit, remove=line_forms.OrderLineRemove),
    org_path("suppliers/names/", orders.SupplierNames, name="supplier_names"),
    *model_paths(
        "purchase-orders",
        PurchaseOrder,
        list=orders.OrderList,
        create=orders.OrderCreate,
        detail=orders.OrderDetail,
        edit=orders.OrderEdit,
        submit=order_actions.OrderSubmit,
        approve=order_actions.OrderApprove,
        send_back=order_actions.OrderSendBack,
        reopen=order_actions.OrderReopen,
        send=order_actions.OrderSend,
        expect=order_actions.OrderExpect,
        cancel=order_actions.OrderCancel,
        close=order_actions.OrderClose,
        discard=order_actions.OrderDiscard,
        print=order_paper.OrderPrint,
    ),
]

_prices: list[URLPattern] = [
    org_path("supplier-prices/products/", prices.ProductNames, name="product_names"),
    *model_paths(
        "supplier-prices",
        SupplierPrice,
        list=prices.SupplierPriceList,
        create=prices.SupplierPriceCreate,
        detail=prices.SupplierPriceDetail,
        edit=prices.SupplierPriceEdit,
        delete=prices.SupplierPriceDelete,
    ),
]

urlpatterns: list[URLPattern] = [*_orders, *_prices]
