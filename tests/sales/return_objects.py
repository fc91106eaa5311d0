"""Who may open pages of paper, returns and registers, and records for their addresses."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from apps.core.tenancy.context import tenant
from apps.inventory.models import Place, Product
from apps.organizations.models import Organization
from apps.parties.models import Party
from apps.sales.models import BillPick, SalesReturn
from apps.sales.operations import open_return, post_return, set_returned
from apps.sales.rules.returns import Why
from tests import factories
from tests.access.route import Route
from tests.sales.posted import posted_bill
from tests.sales.shop import TODAY, Desk

_numbers = itertools.count(1)
SEE, RETURN = "sales.bill.view", "sales.return.edit"

RETURN_ROUTES: list[Route] = [
    Route("sales:bill_print", SEE, object="printed_bill", post=204),
    Route("sales:bill_send", "sales.bill.edit", object="printed_bill", post=422),
    Route("sales:registers", SEE),
    Route("sales:salesreturn_list", SEE, post=302),
    # A return is of somebody: without a customer there is no such page.
    Route("sales:salesreturn_create", RETURN, post=404),
    Route("sales:salesreturn_detail", SEE, object="sales_return", post=422),
    Route("sales:salesreturn_print", SEE, object="credit_note", post=204),
    Route("sales:salesreturn_discard", RETURN, object="sales_return", post=302),
    Route("sales:salesreturn_send", RETURN, object="credit_note", post=422),
]


def _desk(organization: Organization) -> Desk:
    """The desk of the organization, which has one however many records are made."""
    godown = Place.objects.filter(name="Main").first()
    if godown is None:
        return Desk(organization)
    desk = Desk.__new__(Desk)
    desk.organization, desk.godown = organization, godown
    desk.branch, desk.biller = godown.branch, factories.owner_of(organization)
    desk.customer, desk.product = Party.objects.get(name="Lotus Medicals"), Product.objects.get(name="Azivanta 500")
    return desk


def _sold(organization: Organization) -> tuple[Desk, BillPick]:
    desk = _desk(organization)
    desk.stocked(50, number=f"AC{next(_numbers)}")
    bill = posted_bill(desk, (desk.product, 10, 1))
    return desk, BillPick.objects.filter(bill=bill).earliest("id")


def _bill(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": _sold(organization)[1].bill_id}


def _return(organization: Organization) -> SalesReturn:
    desk, pick = _sold(organization)
    made = open_return(branch=desk.branch, customer=desk.customer, on_date=TODAY, actor=desk.biller)
    return set_returned(return_id=made.pk, pick_id=pick.pk, quantity=5, reason=Why.SALEABLE)


def _draft(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": _return(organization).pk}


def _note(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        made = _return(organization)
        assert made.made_by is not None
        return {"pk": post_return(return_id=made.pk, actor=made.made_by).pk}


RETURN_OBJECTS: dict[str, Callable[[Organization], dict[str, Any]]] = {
    "printed_bill": _bill,
    "sales_return": _draft,
    "credit_note": _note,
}
