"""What may be done with parties, and by whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.organizations.rights import ACCOUNTANT, BILLER, BUYER, MANAGER, PICKER, Right

_ALL = frozenset({MANAGER, ACCOUNTANT, BUYER, BILLER, PICKER})

RIGHTS = (
    Right("parties.party.view", _("See customers and suppliers"), _ALL),
    Right(
        "parties.party.edit",
        _("Add and change customers and suppliers"),
        frozenset({MANAGER, ACCOUNTANT, BUYER, BILLER}),
    ),
    Right("parties.party.delete", _("Delete customers and suppliers that nothing hangs on"), frozenset({MANAGER})),
    Right("parties.party.import", _("Import customers and suppliers from a file"), frozenset({MANAGER, ACCOUNTANT})),
    Right("parties.credit.edit", _("Set credit limits and days"), frozenset({MANAGER, ACCOUNTANT})),
)
