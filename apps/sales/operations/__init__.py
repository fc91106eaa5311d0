"""Every write of selling: keyword-only, atomic, checked after the lock."""

from apps.sales.operations.approvals import answer_owner, ask_owner
from apps.sales.operations.cancelling import cancel_bill, correct_bill
from apps.sales.operations.crediting import post_return
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
from apps.sales.operations.returns import (
    MoreThanSold,
    ReturnClosed,
    ReturnRefused,
    discard_return,
    open_return,
    set_returned,
)

__all__ = [
    "BillBlocked",
    "BillClosed",
    "BillRefused",
    "Completed",
    "LineGone",
    "LineRefused",
    "MoreThanSold",
    "Paying",
    "PickInput",
    "ReturnClosed",
    "ReturnRefused",
    "answer_owner",
    "ask_owner",
    "cancel_bill",
    "complete_bill",
    "correct_bill",
    "discard",
    "discard_return",
    "hold",
    "open_draft",
    "open_return",
    "post_return",
    "recall",
    "remove_line",
    "set_customer",
    "set_header",
    "set_line",
    "set_returned",
]
