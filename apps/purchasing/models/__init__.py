"""What is bought: orders, what suppliers ask for it, what came of it, and what they bill."""

from apps.purchasing.models.bill import BillCharge, BillLine, BillState, ChargeKind, SupplierBill
from apps.purchasing.models.order import OPEN_STATES, OrderLine, OrderSettings, PurchaseOrder
from apps.purchasing.models.price import SupplierPrice
from apps.purchasing.models.receipt import Decision, GoodsReceipt, ReceiptLine, ReceiptState
from apps.purchasing.models.receiving import ReceivingSettings, ShelfLifeRule, StatutoryFigure, SupplierTerms

__all__ = [
    "OPEN_STATES",
    "BillCharge",
    "BillLine",
    "BillState",
    "ChargeKind",
    "Decision",
    "GoodsReceipt",
    "OrderLine",
    "OrderSettings",
    "PurchaseOrder",
    "ReceiptLine",
    "ReceiptState",
    "ReceivingSettings",
    "ShelfLifeRule",
    "StatutoryFigure",
    "SupplierBill",
    "SupplierPrice",
    "SupplierTerms",
]
