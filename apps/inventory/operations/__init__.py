"""Every change of products and stock: keyword-only, set-based, in one transaction.

What changes quantities is offered here; each call locks the products it touches, in order, before it looks.
"""

from apps.inventory.operations.adjusting import Adjustment, Counted, CountRefused, Variance, adjust, count
from apps.inventory.operations.expiring import expire
from apps.inventory.operations.holding import hold, recall, release_hold
from apps.inventory.operations.issuing import Issue, Issued, Picked, issue_fefo, issue_picked
from apps.inventory.operations.ledger import Actor, Document, hold_still, lock_products
from apps.inventory.operations.receiving import InvalidReceipt, ReceiptLine, Received, receive
from apps.inventory.operations.refusals import (
    BatchDiffers,
    BatchNotSaleable,
    GoodsUnknown,
    NotHeld,
    PlaceFrozen,
    PlaceUnsuited,
    QuantityRefused,
    ReasonMissing,
    Short,
    StockBusy,
    StockRefused,
    StockShortage,
)
from apps.inventory.operations.reserving import Hold, holds_of, release, reserve
from apps.inventory.operations.standing import standing_place
from apps.inventory.operations.transferring import ArrivalLine, TransferLine, accept_transfer, transfer
from apps.inventory.rules.fefo import Demand

__all__ = [
    "Actor",
    "Adjustment",
    "ArrivalLine",
    "BatchDiffers",
    "BatchNotSaleable",
    "CountRefused",
    "Counted",
    "Demand",
    "Document",
    "GoodsUnknown",
    "Hold",
    "InvalidReceipt",
    "Issue",
    "Issued",
    "NotHeld",
    "Picked",
    "PlaceFrozen",
    "PlaceUnsuited",
    "QuantityRefused",
    "ReasonMissing",
    "ReceiptLine",
    "Received",
    "Short",
    "StockBusy",
    "StockRefused",
    "StockShortage",
    "TransferLine",
    "Variance",
    "accept_transfer",
    "adjust",
    "count",
    "expire",
    "hold",
    "hold_still",
    "holds_of",
    "issue_fefo",
    "issue_picked",
    "lock_products",
    "recall",
    "receive",
    "release",
    "release_hold",
    "reserve",
    "standing_place",
    "transfer",
]
