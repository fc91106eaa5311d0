"""Who may open which page of bills, and records for their addresses."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from apps.core.tenancy.context import tenant
from apps.inventory.models import Place
from apps.organizations.models import Organization
from apps.parties.models import Party
from apps.sales.models import Bill, BillApproval
from apps.sales.operations import complete_bill, hold
from tests import factories
from tests.access.route import Route
from tests.sales.shop import Desk

_numbers = itertools.count(1)
SEE, EDIT, CANCEL, ALLOW = "sales.bill.view", "sales.bill.edit", "sales.bill.cancel", "sales.bill.allow"

BILL_ROUTES: list[Route] = [
    Route("sales:bill_list", SEE, post=302),
    # A bill is of somebody: without a customer there is no such page.
    Route("sales:bill_create", EDIT, post=404),
    Route("sales:bill_detail", SEE, object="sold_bill"),
    Route("sales:bill_write", SEE, object="draft_bill", post=422),
    Route("sales:billapproval_list", ALLOW, post=302),
    Route("sales:billapproval_detail", ALLOW, object="bill_question"),
    Route("sales:billapproval_allow", ALLOW, object="bill_question", post=302),
    Route("sales:billapproval_refuse", ALLOW, object="bill_question", post=302),
    Route("sales:bill_products", SEE, object="draft_bill", page=False),
    Route("sales:bill_recall", EDIT, object="held_bill", post=302),
    Route("sales:bill_cancel", CANCEL, object="sold_bill", post=422),
    Route("sales:bill_correct", CANCEL, object="sold_bill", post=422),
    Route("sales:bill_discard", EDIT, object="draft_bill", post=302),
]


def _draft(organization: Organization) -> tuple[Bill, Desk]:
    """A draft of one line; the organization has one desk however many are made."""
    godown, customer = Place.objects.filter(name="Main").first(), Party.objects.filter(name="Lotus Medicals").first()
    if godown is None or customer is None:
        desk = Desk(organization)
    else:
        desk = Desk.__new__(Desk)
        desk.organization, desk.godown, desk.customer = organization, godown, customer
        desk.branch, desk.biller = godown.branch, factories.owner_of(organization)
    desk.product = desk.drug(f"Billed {next(_numbers)}")
    desk.stocked(50)
    bill = desk.draft()
    desk.line(bill, 10)
    return bill, desk


def _open(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": _draft(organization)[0].pk}


def _held(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": hold(bill_id=_draft(organization)[0].pk).pk}


def _asked(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        bill, desk = _draft(organization)
        return {
            "pk": BillApproval.objects.create(
                bill=bill, code="credit_limit", question="Over the limit.", asked_by=desk.biller
            ).pk
        }


def _sold(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        bill, desk = _draft(organization)
        return {"pk": complete_bill(bill_id=bill.pk, actor=desk.biller).bill.pk}


BILL_OBJECTS: dict[str, Callable[[Organization], dict[str, Any]]] = {
    "draft_bill": _open,
    "held_bill": _held,
    "bill_question": _asked,
    "sold_bill": _sold,
}
