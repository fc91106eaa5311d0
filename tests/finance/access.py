"""Who may open which page of finance, and records for their addresses. The access matrix takes both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization
from tests.access.route import Route
from tests.finance import money
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
    Route("finance:reminder_send", PAYMENT_EDIT, object="debtor", post=422),
    Route("finance:taxrate_list", "finance.tax.view", post=302),
    Route("finance:taxrate_create", "finance.tax.edit", post=422),
    Route("finance:taxrate_detail", "finance.tax.view", object="tax_rate"),
    Route("finance:taxrate_edit", "finance.tax.edit", object="tax_rate", post=422),
    Route("finance:taxrate_remove", "finance.tax.edit", object="tax_rate", post=302),
    Route("finance:taxline_list", "finance.tax.view", post=302),
]

ROUTES: list[Route] = [*MONEY]


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


OBJECTS: dict[str, Callable[[Organization], dict[str, Any]]] = {
    "payment": lambda organization: _key(money.receipt(organization)),
    "cheque": lambda organization: _key(money.cheque(organization)),
    "presented_cheque": lambda organization: _key(money.cheque(organization, presented=True)),
    "open_item": lambda organization: _key(money.bill(organization)),
    "settled_item": _settled,
    "debtor": _debtor,
    "tax_rate": lambda organization: _key(money.rate(organization)),
}
