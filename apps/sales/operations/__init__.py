"""Every write of selling: keyword-only, atomic, checked after the lock."""

from apps.sales.operations.drafts import (
    PickInput,
    discard,
    hold,
    open_draft,
    recall,
    remove_line,
    set_line,
)
from apps.sales.operations.headers import set_customer, set_header
from apps.sales.operations.refusals import BillBlocked, BillClosed, BillRefused, LineGone, LineRefused

__all__ = [
    "BillBlocked",
    "BillClosed",
    "BillRefused",
    "LineGone",
    "LineRefused",
    "PickInput",
    "discard",
    "hold",
    "open_draft",
    "recall",
    "remove_line",
    "set_customer",
    "set_header",
    "set_line",
]
