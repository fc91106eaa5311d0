"""A branch that sells, for tests: licences, a customer with licences, a drug with stock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from apps.core.tenancy.context import tenant
from apps.inventory.models import Batch, Place, Product
from apps.organizations.models import Branch, BranchLicence, Membership, Organization
from apps.parties.models import Party, PartyLicence
from apps.sales.models import Bill
from apps.sales.operations import open_draft, set_line
from apps.sales.queries.sheet import Sheet
from tests import factories
from tests.inventory import factories as goods
from tests.parties import factories as parties

TODAY = dt.date(2026, 11, 21)
SOON, APRIL = dt.date(2027, 1, 31), dt.date(2028, 4, 30)
FIRST, LAST = dt.date(2020, 1, 1), dt.date(2030, 12, 31)


class Desk:
    """Where bills are made. `goods` costs 60, PTR 80, MRP 105, at 5% tax."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.branch: Branch = Branch.objects.earliest("id")
        self.biller: Membership = factories.owner_of(organization)
        self.godown: Place = goods.place("Main")
        for form in ("20B", "21B", "20G"):
            BranchLicence.objects.create(
                branch=self.branch, form=form, number=f"{form}-1", valid_from=FIRST, valid_to=LAST
            )
        self.customer: Party = self.chemist("Lotus Medicals")
        self.product: Product = self.drug("Azivanta 500")

    def chemist(self, name: str = "", *, licences: tuple[str, ...] = ("20", "21"), **fields: Any) -> Party:
        party = parties.party(name, **fields)
        for form in licences:
            PartyLicence.objects.create(
                party=party, form=form, number=f"{form}-{party.pk}", valid_from=FIRST, valid_to=LAST
            )
        return party

    def drug(self, name: str, **fields: Any) -> Product:
        return goods.product(name, **{"hsn": "3004", "schedule": "H", **fields})

    def stocked(self, quantity: int, expiry: dt.date = APRIL, **fields: Any) -> Batch:
        given = {
            "product": self.product, "place": self.godown, "expiry": expiry, "mrp": Decimal("105.00"),
            "ptr": Decimal(80), "pts": Decimal(72), "cost": Decimal(60), **fields,
        }  # fmt: skip
        return goods.stocked(quantity, **given)

    def draft(self, customer: Party | None = None, **fields: Any) -> Bill:
        return open_draft(
            branch=self.branch, actor=self.biller, on_date=TODAY, customer=customer or self.customer, **fields
        )

    def line(self, bill: Bill, quantity: int = 10, **given: Any) -> Sheet:
        values = {"product_id": self.product.pk, "actor": self.biller, **given}
        return set_line(bill_id=bill.pk, quantity=quantity, **values)


@pytest.fixture
def desk() -> Iterator[Desk]:
    organization = factories.organization()
    with tenant(organization.pk):
        yield Desk(organization)


def codes(sheet: Sheet) -> set[str]:
    """The names of everything that is off."""
    return {one.code for one in (*sheet.notices, *(note for line in sheet.lines for note in line.notices))}
