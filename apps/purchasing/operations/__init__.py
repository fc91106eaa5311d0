"""Every write of buying: keyword-only, in one transaction, the state checked after the lock.

What other documents call is offered here: a receipt tells `take_receipt` what it brought of which line, inside its own
transaction, and `give_back_receipt` takes that back when the receipt is cancelled.
"""

from apps.purchasing.operations.order_receipts import OverReceipt, Taken, give_back_receipt, take_receipt
from apps.purchasing.operations.orders import LineRefused, OrderClosed, OrderRefused, SupplierRefused

__all__ = [
    "LineRefused",
    "OrderClosed",
    "OrderRefused",
    "OverReceipt",
    "SupplierRefused",
    "Taken",
    "give_back_receipt",
    "take_receipt",
]
