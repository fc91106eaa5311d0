"""What may be done with the books, and by whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.organizations.rights import ACCOUNTANT, BILLER, BUYER, MANAGER, Right

_KEEPERS = frozenset({MANAGER, ACCOUNTANT})

# Money: tax by date, open items, receipts and payments.
MONEY: tuple[Right, ...] = (
    Right("finance.payment.view", _("See receipts, payments and cheques"), _KEEPERS | {BILLER}),
    Right("finance.payment.edit", _("Record receipts and payments, and settle bills with them"), _KEEPERS | {BILLER}),
    Right("finance.discount.grant", _("Grant a discount with a payment"), _KEEPERS),
    Right("finance.writeoff.grant", _("Write off what nobody will pay"), frozenset({MANAGER})),
    Right("finance.party_ledger.view", _("See ledgers and dues of parties"), _KEEPERS | {BILLER, BUYER}),
    Right("finance.tax.view", _("See tax rates and what was taxed"), _KEEPERS),
    Right("finance.tax.edit", _("Change tax rates"), _KEEPERS),
    Right("finance.import", _("Import opening balances and open items"), _KEEPERS),
)

# The books: accounts, journal, vouchers, periods, statements.
BOOKS: tuple[Right, ...] = (
    Right("finance.account.view", _("See the chart of accounts"), _KEEPERS),
    Right("finance.account.edit", _("Add and change accounts"), frozenset({ACCOUNTANT})),
    Right("finance.entry.view", _("See journal entries, vouchers and periods"), _KEEPERS),
    Right("finance.voucher.edit", _("Make and reverse vouchers"), frozenset({ACCOUNTANT})),
    Right("finance.voucher.approve", _("Approve vouchers over the limit"), frozenset({MANAGER})),
    Right("finance.period.lock", _("Lock periods, and post over a soft lock"), frozenset({ACCOUNTANT})),
    Right("finance.year.close", _("Open and close financial years, and set up the books"), frozenset()),
    Right("finance.statement.view", _("See trial balance, profit and loss, balance sheet and ledgers"), _KEEPERS),
)

RIGHTS: tuple[Right, ...] = (*BOOKS, *MONEY)
