"""Addresses of buying."""

from __future__ import annotations

from django.urls import URLPattern

from apps.core.ui.links import model_paths, org_path
from apps.purchasing.models import (
    GoodsReceipt,
    OrderLine,
    PurchaseOrder,
    ShelfLifeRule,
    StatutoryFigure,
    SupplierBill,
    SupplierPrice,
)
from apps.purchasing.views import (
    line_forms,
    order_actions,
    order_lines,
    order_paper,
    orders,
    prices,
    receipt_products,
    receipt_screen,
    receipts,
    receiving_settings,
    reorder,
    settings,
    supplier_bills,
)

app_name = "purchasing"

_orders: list[URLPattern] = [
    org_path("purchase-orders/low/", reorder.ReorderPage, name="reorder"),
    org_path("purchase-orders/settings/", settings.OrderSettingsPage, name="order_settings"),
    org_path("purchase-orders/<int:order>/lines/new/", line_forms.OrderLineAdd, name="orderline_add"),
    *model_paths("order-lines", OrderLine, edit=line_forms.OrderLineEdit, remove=line_forms.OrderLineRemove),
    org_path("purchase-orders/products/", order_lines.OrderProductPick, name="product_pick"),
    org_path("suppliers/names/", orders.SupplierNames, name="supplier_names"),
    *model_paths(
        "purchase-orders",
        PurchaseOrder,
        list=orders.OrderList,
        create=orders.OrderCreate,
        detail=orders.OrderDetail,
        edit=orders.OrderEdit,
        lines=order_lines.OrderLines,
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


_receipts: list[URLPattern] = [
    org_path("goods-receipts/register/", receipts.PurchaseRegister, name="purchase_register"),
    *model_paths(
        "goods-receipts",
        GoodsReceipt,
        list=receipts.ReceiptList,
        create=receipts.ReceiptCreate,
        detail=receipts.ReceiptDetail,
        receive=receipt_screen.ReceiptScreen,
        bill=receipts.ReceiptBill,
        cancel=receipts.ReceiptCancel,
        discard=receipts.ReceiptDiscard,
    ),
    org_path("goods-receipts/<int:pk>/products/", receipt_products.ReceiptProducts, name="receipt_products"),
    org_path("goods-receipts/settings/", settings.ReceivingSettingsPage, name="receiving_settings"),
    org_path("suppliers/<int:pk>/terms/", receiving_settings.SupplierTermsPage, name="supplier_terms"),
    *model_paths(
        "shelf-life",
        ShelfLifeRule,
        list=receiving_settings.ShelfLifeList,
        create=receiving_settings.ShelfLifeCreate,
        edit=receiving_settings.ShelfLifeEdit,
        delete=receiving_settings.ShelfLifeDelete,
    ),
    *model_paths(
        "law-figures",
        StatutoryFigure,
        list=receiving_settings.FigureList,
        create=receiving_settings.FigureCreate,
        edit=receiving_settings.FigureEdit,
    ),
    *model_paths(
        "supplier-bills",
        SupplierBill,
        list=supplier_bills.SupplierBillList,
        detail=supplier_bills.SupplierBillDetail,
        cancel=supplier_bills.SupplierBillCancel,
    ),
]

urlpatterns: list[URLPattern] = [*_orders, *_prices, *_receipts]
