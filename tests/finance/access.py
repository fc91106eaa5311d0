"""Who may open which page of finance, and records for their addresses. The access matrix takes both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from apps.core.tenancy.context import tenant
from apps.finance.models import FinancialYear
from apps.organizations.models import Organization
from tests.access.route import Route
from tests.finance import factories, money
from tests.parties.factories import party

PAYMENT_SEE, PAYMENT_EDIT = "finance.payment.view", "finance.payment.edit"
LEDGERS = "finance.party_ledger.view"

MONEY: list[Route] = [
    Route("finance:receipt_create", PAYMENT_EDIT, post=404),
    Route("finance:payment_create", PAYMENT_EDIT, post=404),
    Route("finance:payment_list", PAYMENT_SEE, post=302),
    Route("finance:payment_detail", PAYMENT_SEE, object="payment"),
    Route("finance:payment_undo", PAYMENT_EDIT, object="payment", post=422),
    Route("finance:cheque_list", PAYMENT_SEE, post=302),
    Route("finance:cheque_detail", PAYMENT_SEE, object="cheque"),
    Route("finance:cheque_deposit", PAYMENT_EDIT, object="cheque", post=422),
    Route("finance:cheque_clear", PAYMENT_EDIT, object="presented_cheque", post=422),
    Route("finance:cheque_bounce", PAYMENT_EDIT, object="presented_cheque", post=422),
    Route("finance:openitem_list", LEDGERS, post=302),
    Route("finance:openitem_detail", LEDGERS, object="open_item"),
    Route("finance:openitem_settle", PAYMENT_EDIT, object="open_item", post=422),
    Route("finance:openitem_settle_oldest", PAYMENT_EDIT, object="open_item", post=302),
    Route("finance:openitem_unsettle", PAYMENT_EDIT, object="settled_item", post=302),
    Route("finance:openitem_write_off", "finance.writeoff.grant", object="open_item", post=422),
    Route("finance:ageing", LEDGERS),
    Route("finance:reminders", LEDGERS),
    Route("finance:interest", LEDGERS),
    Route("finance:collection_terms", PAYMENT_EDIT, post=422),
    Route("finance:party_ledger", LEDGERS, object="debtor"),
    Route("finance:party_statement", LEDGERS, object="debtor"),
    Route("finance:statement_send", PAYMENT_EDIT, object="debtor", post=422),
    Route("finance:party_set_off", "finance.voucher.edit", object="debtor", post=422),
    Route("finance:reminder_send", PAYMENT_EDIT, object="debtor", post=422),
    Route("finance:taxrate_list", "finance.tax.view", post=302),
    Route("finance:taxrate_create", "finance.tax.edit", post=422),
    Route("finance:taxrate_detail", "finance.tax.view", object="tax_rate"),
    Route("finance:taxrate_edit", "finance.tax.edit", object="tax_rate", post=422),
    Route("finance:taxrate_remove", "finance.tax.edit", object="tax_rate", post=302),
    Route("finance:taxline_list", "finance.tax.view", post=302),
    Route("finance:tdsrate_list", "finance.tax.view", post=302),
    Route("finance:tdsrate_create", "finance.tax.edit", post=422),
    Route("finance:tdsrate_detail", "finance.tax.view", object="tds_rate"),
    Route("finance:tdsrate_edit", "finance.tax.edit", object="tds_rate", post=422),
    Route("finance:tdsline_list", "finance.tax.view", post=302),
    Route("finance:cashlimit_list", "finance.tax.view", post=302),
    Route("finance:cashlimit_create", "finance.tax.edit", post=422),
    Route("finance:cashlimit_detail", "finance.tax.view", object="cash_limit"),
    Route("finance:cashlimit_edit", "finance.tax.edit", object="cash_limit", post=422),
]

ACCOUNT_SEE, ACCOUNT_EDIT = "finance.account.view", "finance.account.edit"
ENTRIES, VOUCHERS, APPROVE = "finance.entry.view", "finance.voucher.edit", "finance.voucher.approve"
STATEMENTS, LOCK, CLOSE = "finance.statement.view", "finance.period.lock", "finance.year.close"

BOOKS: list[Route] = [
    Route("finance:account_list", ACCOUNT_SEE),
    Route("finance:account_create", ACCOUNT_EDIT, post=422),
    Route("finance:account_detail", ACCOUNT_SEE, object="account"),
    Route("finance:account_edit", ACCOUNT_EDIT, object="account", post=422),
    Route("finance:account_archive", ACCOUNT_EDIT, object="account", post=302),
    Route("finance:account_restore", ACCOUNT_EDIT, object="account", post=302),
    Route("finance:account_delete", ACCOUNT_EDIT, object="account", post=302),
    Route("finance:account_ledger", STATEMENTS, object="account"),
    Route("finance:accountgroup_list", ACCOUNT_SEE, post=302),
    Route("finance:accountgroup_create", ACCOUNT_EDIT, post=422),
    Route("finance:accountgroup_detail", ACCOUNT_SEE, object="account_group"),
    Route("finance:accountgroup_edit", ACCOUNT_EDIT, object="account_group", post=422),
    Route("finance:accountgroup_delete", ACCOUNT_EDIT, object="account_group", post=302),
    Route("finance:journalentry_list", ENTRIES, post=302),
    Route("finance:journalentry_detail", ENTRIES, object="journal_entry"),
    Route("finance:voucher_pick", VOUCHERS, page=False),
    Route("finance:voucher_list", ENTRIES, post=302),
    Route("finance:voucher_create", VOUCHERS, post=422),
    Route("finance:voucher_detail", ENTRIES, object="posted_voucher"),
    Route("finance:voucher_edit", VOUCHERS, object="draft_voucher", post=422),
    Route("finance:voucher_approve", APPROVE, object="waiting_voucher", post=302),
    Route("finance:voucher_send_back", APPROVE, object="waiting_voucher", post=302),
    Route("finance:voucher_reverse", VOUCHERS, object="posted_voucher", post=422),
    Route("finance:voucher_delete", VOUCHERS, object="draft_voucher", post=302),
    Route("finance:voucher_print", ENTRIES, object="posted_voucher"),
    Route("finance:book_settings", CLOSE, post=302),
    Route("finance:financialyear_list", ENTRIES, post=302),
    Route("finance:financialyear_create", CLOSE, post=422),
    Route("finance:financialyear_detail", ENTRIES, object="financial_year"),
    Route("finance:financialyear_close", CLOSE, object="financial_year", post=422),
    Route("finance:financialyear_reopen", CLOSE, object="financial_year", post=422),
    Route("finance:periodlock_list", ENTRIES, post=302),
    Route("finance:periodlock_create", LOCK, post=422),
    Route("finance:periodlock_detail", ENTRIES, object="period_lock"),
    Route("finance:periodlock_edit", LOCK, object="period_lock", post=422),
    Route("finance:periodlock_delete", LOCK, object="period_lock", post=302),
    Route("finance:trial_balance", STATEMENTS),
    Route("finance:profit_and_loss", STATEMENTS),
    Route("finance:balance_sheet", STATEMENTS),
    Route("finance:cash_flow", STATEMENTS),
    Route("finance:cash_book", STATEMENTS),
    Route("finance:gst_ledgers", STATEMENTS),
    Route("finance:books_check", STATEMENTS, post=302),
]

ROUTES: list[Route] = [*MONEY, *BOOKS]


def _key(record: models.Model) -> dict[str, Any]:
    return {"pk": record.pk}


def _debtor(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        customer = party()
    money.bill(organization, days=20, who=customer)
    return {"pk": customer.pk}


def _settled(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        customer = party()
    item = money.bill(organization, who=customer)
    money.receipt(organization, who=customer)
    return {"pk": item.pk}


def _of_books(make: Callable[[Organization], models.Model]) -> Callable[[Organization], dict[str, Any]]:
    def found(organization: Organization) -> dict[str, Any]:
        with tenant(organization.pk):
            return _key(make(organization))

    return found


BOOK_OBJECTS: dict[str, Callable[[Organization], dict[str, Any]]] = {
    "account": _of_books(lambda _organization: factories.own_account()),
    "account_group": _of_books(lambda _organization: factories.own_group()),
    "journal_entry": _of_books(factories.entry),
    "draft_voucher": _of_books(factories.voucher),
    "waiting_voucher": _of_books(lambda organization: factories.voucher(organization, state="waiting")),
    "posted_voucher": _of_books(lambda organization: factories.voucher(organization, state="posted")),
    "financial_year": _of_books(lambda _organization: FinancialYear.objects.get()),
    "period_lock": _of_books(lambda _organization: factories.period_lock()),
}

OBJECTS: dict[str, Callable[[Organization], dict[str, Any]]] = {
    "payment": lambda organization: _key(money.receipt(organization)),
    "cheque": lambda organization: _key(money.cheque(organization)),
    "presented_cheque": lambda organization: _key(money.cheque(organization, presented=True)),
    "open_item": lambda organization: _key(money.bill(organization)),
    "settled_item": _settled,
    "debtor": _debtor,
    "tax_rate": lambda organization: _key(money.rate(organization)),
    "tds_rate": lambda organization: _key(money.tds_rate(organization)),
    "cash_limit": lambda organization: _key(money.cash_limit(organization)),
}

OBJECTS |= BOOK_OBJECTS
