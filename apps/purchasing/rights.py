"""What may be done with orders, receipts and bills of suppliers, and by whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.organizations.rights import ACCOUNTANT, BUYER, MANAGER, PICKER, Right

_DESK = frozenset({MANAGER, BUYER})
_READERS = frozenset({MANAGER, ACCOUNTANT, BUYER, PICKER})

RIGHTS: tuple[Right, ...] = (
    Right("purchasing.order.view", _("See purchase orders and enquiries"), _READERS),
    Right("purchasing.order.edit", _("Write purchase orders and enquiries"), _DESK),
    Right("purchasing.order.approve", _("Approve purchase orders over the limit"), frozenset({MANAGER})),
    Right("purchasing.receipt.view", _("See goods receipts and bills of suppliers"), _READERS),
    Right(
        "purchasing.receipt.edit",
        _("Receive goods and enter bills of suppliers"),
        frozenset({MANAGER, BUYER, PICKER}),
    ),
    Right(
        "purchasing.receipt.post",
        _("Take received goods into stock and their bill into the books"),
        frozenset({MANAGER, BUYER}),
    ),
    Right("purchasing.receipt.allow", _("Allow what a rule of buying refuses"), frozenset({MANAGER})),
)
