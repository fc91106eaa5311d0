"""How far a goods receipt and a supplier's bill are, and which moves are allowed. The database refuses all others."""

from __future__ import annotations

from enum import StrEnum


class ReceiptState(StrEnum):
    """The life of a goods receipt."""

    DRAFT = "draft"
    CHECKED = "checked"
    """Counted by somebody; waits for whoever may post."""
    PARKED = "parked"
    """Laid aside: an answer of the supplier or the owner is awaited."""
    POSTED = "posted"
    CANCELLED = "cancelled"


class BillState(StrEnum):
    """The life of a supplier's bill."""

    DRAFT = "draft"
    POSTED = "posted"
    CANCELLED = "cancelled"


_R, _B = ReceiptState, BillState

RECEIPT_MOVES: tuple[tuple[str, str], ...] = (
    (_R.DRAFT, _R.CHECKED),
    (_R.DRAFT, _R.PARKED),
    (_R.DRAFT, _R.POSTED),
    (_R.DRAFT, _R.CANCELLED),
    (_R.CHECKED, _R.DRAFT),
    (_R.CHECKED, _R.PARKED),
    (_R.CHECKED, _R.POSTED),
    (_R.CHECKED, _R.CANCELLED),
    (_R.PARKED, _R.DRAFT),
    (_R.PARKED, _R.CANCELLED),
    (_R.POSTED, _R.CANCELLED),
)
BILL_MOVES: tuple[tuple[str, str], ...] = (
    (_B.DRAFT, _B.POSTED),
    (_B.DRAFT, _B.CANCELLED),
    (_B.POSTED, _B.CANCELLED),
)
OPEN = frozenset({_R.DRAFT, _R.CHECKED, _R.PARKED})
"""States in which lines may change; a change makes a checked receipt a draft again."""
