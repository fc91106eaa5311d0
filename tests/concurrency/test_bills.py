"""Many at the same goods, credit and number series: each bill whole or not at all, and who loses is told.

Each race has a control that shows it with its lock taken away.
"""

from __future__ import annotations

import time
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from django.db import DatabaseError, connection

from apps.core.refusals import Refusal
from apps.core.tenancy.context import tenant
from apps.finance.models import JournalEntry, OpenItem
from apps.inventory.models import Product, Stock
from apps.inventory.operations.verifying import verify_stock
from apps.organizations.models import Membership, Organization
from apps.sales.models import Bill, BillPick
from apps.sales.operations import complete_bill, posting, writing
from apps.sales.queries import buyers
from apps.sales.queries.checks import bills_check
from tests import factories, processes
from tests.concurrency.conftest import Together
from tests.sales.shop import Desk

pytestmark = [pytest.mark.concurrency, pytest.mark.database, pytest.mark.django_db(transaction=True)]

WORKERS, EACH, LINES, UNITS, STOCK = 8, 4, 5, 3, 60


@pytest.fixture
def organization(transactional_db: None) -> Organization:
    return factories.organization()


def complete(organization: Organization, bill: int, biller: Membership) -> str:
    """Post in a transaction of its own; what the refusal is called, or nothing."""
    try:
        with tenant(organization.pk):
            complete_bill(bill_id=bill, actor=biller)
    except Refusal as refusal:
        return type(refusal).__name__
    return ""


def drafts(desk: Desk, products: list[Product]) -> list[int]:
    """Bills over the same products, each in an order of its own."""
    found = []
    for number in range(WORKERS * EACH):
        bill = desk.draft(desk.chemist())
        turn = products[number % LINES :] + products[: number % LINES]
        for product in turn if number % 2 else turn[::-1]:
            desk.line(bill, UNITS, product_id=product.pk)
        found.append(bill.pk)
    return found


def test_hot_goods_are_sold_once_and_numbers_have_no_gap(organization: Organization, together: Together) -> None:
    with tenant(organization.pk):
        desk = Desk(organization)
        products = [desk.drug(f"Hot {number}") for number in range(LINES)]
        for product in products:
            desk.stocked(STOCK, product=product)
        bills = drafts(desk, products)

    def worker(number: int) -> list[str]:
        return [complete(organization, key, desk.biller) for key in bills[number::WORKERS]]

    told = Counter(word for words in together([partial(worker, n) for n in range(WORKERS)]) for word in words)
    # A busy machine may make somebody wait too long, who is told so; nobody is told anything else.
    assert told.keys() <= {"", "BillBlocked", "StockBusy"}
    with tenant(organization.pk):
        posted = list(Bill.objects.filter(state="posted").order_by("number").values_list("number", flat=True))
        assert [int(number[-5:]) for number in posted] == list(range(1, told[""] + 1))
        assert {row.on_hand for row in Stock.objects.all()} == {STOCK - UNITS * told[""]}
        assert told[""] == STOCK // UNITS or told["StockBusy"]
        assert verify_stock().clean
        assert not bills_check().faults


def two_bills_of_one_customer(organization: Organization) -> tuple[list[int], Membership]:
    """Each is within the credit limit, both together are not."""
    biller = factories.member(organization, "biller")
    with tenant(organization.pk):
        desk = Desk(organization)
        desk.biller = biller
        customer = desk.chemist("Lotus Medicals 2", credit_limit=1000)
        bills = []
        for number in range(2):
            product = desk.drug(f"Drug {number}")
            desk.stocked(20, product=product)
            bill = desk.draft(customer)
            desk.line(bill, 10, product_id=product.pk)
            bills.append(bill.pk)
    return bills, biller


def both_at_once(organization: Organization, together: Together, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    bills, biller = two_bills_of_one_customer(organization)
    original = buyers.buyer

    def slowed(*args: object, **kwargs: object) -> object:
        found = original(*args, **kwargs)  # type: ignore[arg-type]
        time.sleep(0.3)
        return found

    monkeypatch.setattr(posting, "buyer", slowed)
    return sorted(together([partial(complete, organization, key, biller) for key in bills]))


def test_credit_is_given_once(organization: Organization, together: Together, monkeypatch: pytest.MonkeyPatch) -> None:
    assert both_at_once(organization, together, monkeypatch) == ["", "BillBlocked"]


def test_control_without_the_lock_it_is_given_twice(
    organization: Organization, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "lock_party", lambda bill: None)
    assert both_at_once(organization, together, monkeypatch) == ["", ""]


def one_bill(organization: Organization) -> tuple[int, Membership]:
    with tenant(organization.pk):
        desk = Desk(organization)
        desk.stocked(20)
        bill = desk.draft()
        desk.line(bill, 10)
        return bill.pk, desk.biller


def test_a_double_submit_makes_one_bill(organization: Organization, together: Together) -> None:
    key, biller = one_bill(organization)
    assert together([partial(complete, organization, key, biller) for _n in range(4)]) == [""] * 4
    with tenant(organization.pk):
        assert Stock.objects.get().on_hand == 10
        assert (JournalEntry.objects.count(), OpenItem.objects.count(), BillPick.objects.count()) == (1, 1, 1)


def test_control_without_the_lock_the_second_is_stopped_by_the_database(
    organization: Organization, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, biller = one_bill(organization)

    def unlocked(bill_id: int, *, version: int | None = None) -> Bill:
        found: Bill = Bill.objects.select_related("branch", "customer", "ship_to").get(pk=bill_id)
        time.sleep(0.3)
        return found

    monkeypatch.setattr(posting, "locked", unlocked)
    with pytest.raises((DatabaseError, Refusal, KeyError)):
        together([partial(complete_in, organization, key, biller) for _n in range(2)])


def complete_in(organization: Organization, bill: int, biller: Membership) -> None:
    with tenant(organization.pk):
        complete_bill(bill_id=bill, actor=biller)


_KILLED = """
import sys, time
from pathlib import Path
from apps.core.tenancy.context import tenant
from apps.organizations.models import Membership
from apps.sales.operations import complete_bill, posting

organization, bill, biller, reached = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])

def last_step(**kwargs):
    reached.write_text("all is written")
    time.sleep(60)

posting.emit = last_step
with tenant(organization):
    complete_bill(bill_id=bill, actor=Membership.objects.select_related("role").get(pk=biller))
"""


def test_killed_before_the_commit_it_is_a_draft_and_can_be_posted(organization: Organization, tmp_path: Path) -> None:
    key, biller = one_bill(organization)
    reached = tmp_path / "reached"
    worker = processes.start(_KILLED, str(organization.pk), str(key), str(biller.pk), str(reached))
    processes.wait_for(reached, worker)
    worker.kill()
    worker.wait()
    with tenant(organization.pk):
        with connection.cursor() as cursor:
            # The server may take a moment to notice that the other one is gone.
            cursor.execute("SELECT FROM sales_bill FOR UPDATE")
        assert Bill.objects.get().state == "draft"
        assert Stock.objects.get().on_hand == 20
        assert not JournalEntry.objects.exists()
        done = complete_bill(bill_id=key, actor=biller)
        assert (done.created, done.bill.number[-5:]) == (True, "00001")
        assert writing.locked(key).state == "posted"
