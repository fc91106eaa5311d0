"""Every write of buying: keyword-only, in one transaction, the state checked after the lock.

What other documents call is offered here: a receipt tells `take_receipt` what it brought of which line, inside its own
transaction, and `give_back_receipt` takes that back when the receipt is cancelled.
"""

from apps.purchasing.operations.bill_drafts import keep_bill, put_billed_terms, put_charge
from apps.purchasing.operations.bill_posting import post_bill
from apps.purchasing.operations.order_receipts import OverReceipt, Taken, give_back_receipt, take_receipt
from apps.purchasing.operations.orders import LineRefused, OrderClosed, OrderRefused, SupplierRefused
from apps.purchasing.operations.receipt_cancelling import cancel_bill, cancel_receipt
from apps.purchasing.operations.receipt_entry import LineEntry
from apps.purchasing.operations.receipt_lines import put_receipt_line, start_receipt
from apps.purchasing.operations.receipt_locks import BillRefused, DuplicateBill, ReceiptClosed, ReceiptRefused
from apps.purchasing.operations.receipt_posting import LinesInTheWay, post_receipt

__all__ = [
    "BillRefused",
    "DuplicateBill",
    "LineEntry",
    "LineRefused",
    "LinesInTheWay",
    "OrderClosed",
    "OrderRefused",
    "OverReceipt",
    "ReceiptClosed",
    "ReceiptRefused",
    "SupplierRefused",
    "Taken",
    "cancel_bill",
    "cancel_receipt",
    "give_back_receipt",
    "keep_bill",
    "post_bill",
    "post_receipt",
    "put_billed_terms",
    "put_charge",
    "put_receipt_line",
    "start_receipt",
    "take_receipt",
]
