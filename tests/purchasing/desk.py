"""A buying desk for tests: a branch, a supplier, two products, and orders as far as wanted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from apps.core.tenancy.context import tenant
from apps.inventory.models import Product
from apps.organizations.models import Branch, Membership, Organization
from apps.organizations.rights import BUYER
from apps.parties.models import Party
from apps.purchasing.models import OrderLine, PurchaseOrder
from apps.purchasing.operations import orders
from apps.purchasing.operations.orders import Terms
from tests import factories
from tests.inventory import factories as goods

TODAY = dt.date(2026, 11, 21)
State = PurchaseOrder.State


def supplier(name: str = "Kestrel Agencies", **fields: object) -> Party:
    """A party of the current organization that we buy from."""
    given = {"name": name, "state_code": "27", "is_customer": False, "is_supplier": True, **fields}
    made: Party = Party.objects.create(**given)
    return made


class Desk:
    """What a buyer works with. Make it inside the organization."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.branch: Branch = Branch.objects.earliest("id")
        self.owner: Membership = factories.owner_of(organization)
        self.buyer: Membership = factories.member(organization, BUYER)
        self.supplier = supplier()
        self.product: Product = goods.product("Azivanta 500")
        self.other: Product = goods.product("Pantolume 40")

    def order(self, state: str = State.DRAFT, *lines: Terms, **heading: object) -> PurchaseOrder:
        """An order of 100 + 10 free of the product at 8 rupees, unless other lines are given, as far as `state`."""
        given = {"supplier": self.supplier, "branch": self.branch, "on_date": TODAY, "actor": self.buyer, **heading}
        made = orders.start_order(**given)  # type: ignore[arg-type]
        for terms in lines or (Terms(self.product.pk, 100, 10, Decimal(8)),):
            orders.put_line(pk=made.pk, terms=terms)
        if state != State.DRAFT:
            orders.submit_order(pk=made.pk, actor=self.owner)
        if state == State.SENT:
            orders.send_order(pk=made.pk, actor=self.buyer)
        made.refresh_from_db()
        return made

    def line(self, order: PurchaseOrder) -> OrderLine:
        """Its first line."""
        found: OrderLine = OrderLine.objects.filter(order=order).earliest("id")
        return found


@pytest.fixture
def desk(db: None) -> Iterator[Desk]:
    organization = factories.organization()
    with tenant(organization.pk):
        yield Desk(organization)
