"""What selling is made of."""

from apps.sales.models.approval import ApprovalState, BillApproval
from apps.sales.models.bill import Bill, BillKind, BillState, Levy
from apps.sales.models.daily import DailySales
from apps.sales.models.line import BillLine, BillPick
from apps.sales.models.pricing import Basis, DiscountLimit, RestrictedProduct, Scheme, SellingRate, SellingTerms
from apps.sales.models.printed import PrintedCopy, PrintWay
from apps.sales.models.register import Register, RegisterEntry
from apps.sales.models.returned import (
    CreditKind,
    ReturnedPick,
    ReturnReason,
    SalesReturn,
    SalesReturnLine,
    SalesReturnState,
)

__all__ = [
    "ApprovalState",
    "Basis",
    "Bill",
    "BillApproval",
    "BillKind",
    "BillLine",
    "BillPick",
    "BillState",
    "CreditKind",
    "DailySales",
    "DiscountLimit",
    "Levy",
    "PrintWay",
    "PrintedCopy",
    "Register",
    "RegisterEntry",
    "RestrictedProduct",
    "ReturnReason",
    "ReturnedPick",
    "SalesReturn",
    "SalesReturnLine",
    "SalesReturnState",
    "Scheme",
    "SellingRate",
    "SellingTerms",
]
