"""What selling is made of."""

from apps.sales.models.approval import ApprovalState, BillApproval
from apps.sales.models.bill import Bill, BillKind, BillState, Levy
from apps.sales.models.line import BillLine, BillPick
from apps.sales.models.pricing import Basis, DiscountLimit, RestrictedProduct, Scheme, SellingRate, SellingTerms
from apps.sales.models.register import Register, RegisterEntry

__all__ = [
    "ApprovalState",
    "Basis",
    "Bill",
    "BillApproval",
    "BillKind",
    "BillLine",
    "BillPick",
    "BillState",
    "DiscountLimit",
    "Levy",
    "Register",
    "RegisterEntry",
    "RestrictedProduct",
    "Scheme",
    "SellingRate",
    "SellingTerms",
]
