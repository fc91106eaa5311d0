"""Every write of selling: keyword-only, atomic, checked after the lock."""

from apps.sales.operations.approvals import answer_owner, ask_owner
from apps.sales.operations.cancelling import cancel_bill, correct_bill
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
from apps.sales.operations.posting import Completed, Paying, complete_bill
from apps.sales.operations.refusals import BillBlocked, BillClosed, BillRefused, LineGone, LineRefused

__all__ = [
    "BillBlocked",
    "BillClosed",
    "BillRefused",
    "Completed",
    "LineGone",
    "LineRefused",
    "Paying",
    "PickInput",
    "answer_owner",
    "ask_owner",
    "cancel_bill",
    "complete_bill",
    "correct_bill",
    "discard",
    "hold",
    "open_draft",
    "recall",
    "remove_line",
    "set_customer",
    "set_header",
    "set_line",
]
