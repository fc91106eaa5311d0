"""A branch with one product, for tests of what happens to its stock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from apps.core.refusals import Refusal
from apps.core.tenancy.context import tenant
from apps.inventory.models import (
    Batch,
    Move,
    Place,
    Product,
    ProductStock,
    Stock,
)
from apps.inventory.operations import (
    Demand,
    Document,
    issue_fefo,
)
from apps.organizations.models import Branch
from tests import factories
from tests.inventory import factories as goods

TODAY = dt.date(2026, 11, 21)
DEC, JAN, APRIL = dt.date(2026, 12, 31), dt.date(2027, 1, 31), dt.date(2028, 4, 30)
BILL = Document("sales.bill", 1, "BK/26-27/1")
GRN = Document("purchasing.receipt", 5, "GRN/5")


class Shop:
    """A branch with one product and its places."""

    def __init__(self) -> None:
        self.branch = Branch.objects.earliest("id")
        self.product: Product = goods.product("Azivanta 500")
        self.godown: Place = Place.objects.get(branch=self.branch, kind="godown")
        Place.objects.filter(pk=self.godown.pk).update(name="Main")
        self.godown.name = "Main"
        self.rack: Place = goods.place("A-01", kind="rack", parent=self.godown)

    def stocked(self, quantity: int, expiry: dt.date = APRIL, **fields: object) -> Batch:
        given = {"product": self.product, "place": self.godown, "expiry": expiry, **fields}
        return goods.stocked(quantity, **given)  # type: ignore[arg-type]

    def issue(self, quantity: int, document: Document = BILL, **more: object) -> list[tuple[str, int]]:
        demand = Demand(self.product.pk, quantity, line=1)
        issue = issue_fefo(demands=[demand], branch_id=self.branch.pk, on=TODAY, document=document, **more)  # type: ignore[arg-type]
        return [(pick.number, pick.quantity) for pick in issue.picks]

    def totals(self) -> tuple[int, int, int]:
        row = ProductStock.objects.get(product=self.product)
        return row.on_hand, row.reserved, row.free

    def lies(self, batch: Batch) -> dict[str, int]:
        rows = Stock.objects.filter(batch=batch, in_stock=True).select_related("place")
        return {row.place.name: row.on_hand for row in rows}


@pytest.fixture
def shop() -> Iterator[Shop]:
    with tenant(factories.organization().pk):
        yield Shop()


def refused(kind: type[Refusal], words: str, work: Callable[[], object]) -> Refusal:
    """The work is refused with these words, and no move is made."""
    before = Move.objects.count()
    with pytest.raises(kind, match=words) as caught:
        work()
    assert Move.objects.count() == before
    return caught.value
