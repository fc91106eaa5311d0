"""What may be done with bills, returns and selling prices, and by whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.organizations.rights import ACCOUNTANT, BILLER, MANAGER, PICKER, Right

_DESK = frozenset({MANAGER, BILLER})
_READERS = frozenset({MANAGER, ACCOUNTANT, BILLER, PICKER})

RIGHTS: tuple[Right, ...] = (
    Right("sales.bill.view", _("See bills, returns and sale registers"), _READERS),
    Right("sales.bill.edit", _("Make bills"), _DESK),
    Right("sales.bill.cancel", _("Cancel posted bills"), frozenset({MANAGER})),
    Right(
        "sales.bill.allow",
        _("Allow what a rule of selling refuses: credit, shelf life, discount"),
        frozenset({MANAGER}),
    ),
    Right("sales.return.edit", _("Take goods back and make credit notes"), _DESK),
    Right("sales.margin.view", _("See cost and margin of a bill"), frozenset({MANAGER, ACCOUNTANT})),
)
