"""Many at one batch: nothing is oversold, nobody waits crosswise, and who loses learns at once what is free.

Each with a control that shows the race with its lock taken away.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest
from django.db import IntegrityError, connection

from apps.core.refusals import Refusal
from apps.core.tenancy.context import tenant
from apps.inventory.models import Move, MoveReason, Product, ProductStock, Stock
from apps.inventory.operations import (
    Adjustment,
    Demand,
    Document,
    StockBusy,
    StockShortage,
    TransferLine,
    adjust,
    issue_fefo,
    picking,
    release,
    reserve,
    transfer,
)
from apps.inventory.operations.verifying import verify_stock
from apps.inventory.rules.fefo import Lot
from apps.organizations.models import Organization
from tests import factories, processes
from tests.concurrency.conftest import Together
from tests.inventory import factories as goods
from tests.inventory.shop import TODAY, Shop

pytestmark = [pytest.mark.concurrency, pytest.mark.database, pytest.mark.django_db(transaction=True)]

WORKERS, EACH, UNITS, STOCK = 8, 6, 5, 100


@pytest.fixture
def organization(transactional_db: None) -> Organization:
    return factories.organization()


def sell(organization: Organization, demands: Sequence[Demand], branch: int, number: int) -> str:
    """Sell in a transaction of its own; what the refusal says, or nothing."""
    try:
        with tenant(organization.pk):
            issue_fefo(demands=demands, branch_id=branch, on=TODAY, document=Document("sales.bill", number))
    except Refusal as refusal:
        return f"{type(refusal).__name__}: {refusal}"
    return ""


def hot_batch(organization: Organization) -> tuple[Product, int]:
    with tenant(organization.pk):
        shop = Shop()
        shop.stocked(STOCK)
        return shop.product, shop.branch.pk


def everybody_sells(organization: Organization, together: Together) -> list[str]:
    product, branch = hot_batch(organization)
    demands = [Demand(product.pk, UNITS)]

    def worker(number: int) -> list[str]:
        return [sell(organization, demands, branch, number * EACH + attempt) for attempt in range(EACH)]

    return [told for all_told in together([partial(worker, n) for n in range(WORKERS)]) for told in all_told]


def test_a_hot_batch_is_sold_exactly_once(organization: Organization, together: Together) -> None:
    told = everybody_sells(organization, together)
    # A busy machine may make somebody wait too long, who then is told so; nobody is told anything else.
    kinds = Counter(words.split(":")[0] for words in told)
    assert kinds.keys() <= {"", "StockShortage", "StockBusy"}
    with tenant(organization.pk):
        left = Stock.objects.get().on_hand
        assert left == STOCK - UNITS * kinds[""]
        assert kinds["StockBusy"] or left == 0
        assert verify_stock().clean


def test_control_without_the_lock_they_sell_the_same_goods(
    organization: Organization, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the constraint is left: a fault instead of a sentence, for goods that others had taken already."""
    monkeypatch.setattr(picking, "_OFFER", UNLOCKED_OFFER)
    original = picking.offered

    def slowed(*args: object, **kwargs: object) -> list[Lot]:
        lots = original(*args, **kwargs)  # type: ignore[arg-type]
        time.sleep(0.05)
        return lots

    monkeypatch.setattr("apps.inventory.operations.issuing.offered", slowed)
    with pytest.raises(IntegrityError, match="inventory_stock_"):
        everybody_sells(organization, together)


UNLOCKED_OFFER = """
SELECT s.product_id, s.batch_id, s.place_id, b.number, s.expiry, b.received_on, s.on_hand - s.reserved, b.mrp, b.ptr,
       s.cost
FROM inventory_stock s JOIN inventory_batch b ON b.id = s.batch_id
WHERE s.product_id = ANY (%s::bigint[]) AND (%s::bigint[]) IS NOT NULL AND (%s::date[]) IS NOT NULL
  AND %s IS NOT NULL AND (%s::bigint[]) IS NULL AND %s > 0
"""


def test_nobody_waits_crosswise(organization: Organization, together: Together) -> None:
    """Bills, transfers, adjustments and holds over the same products, each in an order of its own."""
    with tenant(organization.pk):
        shop = Shop()
        products = [goods.product(f"Product {n}") for n in range(6)]
        batches = [shop.stocked(10_000, product=product) for product in products]

    def worker(number: int) -> list[str]:
        told: list[str] = []
        for attempt in range(4):
            key = number * 100 + attempt
            turn = products[number % 6 :] + products[: number % 6]
            if number % 2:
                turn.reverse()
            demands = [Demand(product.pk, 1, line=line) for line, product in enumerate(turn)]
            work: Callable[[], object]
            with tenant(organization.pk):
                if number % 4 == 0:
                    work = partial(
                        transfer,
                        lines=[TransferLine(b.pk, shop.godown.pk, shop.rack.pk, 1, n) for n, b in enumerate(batches)],
                        on=TODAY,
                        document=Document("inventory.transfer", key),
                    )
                elif number % 4 == 1:
                    lines = [
                        Adjustment(b.pk, shop.godown.pk, -1, MoveReason.THEFT, line=n)
                        for n, b in enumerate(reversed(batches))
                    ]
                    work = partial(adjust, lines=lines, on=TODAY, document=Document("inventory.adjustment", key))
                elif number % 4 == 2:
                    order = Document("sales.order", key)
                    work = partial(reserve, demands=demands, branch_id=shop.branch.pk, on=TODAY, document=order)
                else:
                    bill = Document("sales.bill", key)
                    work = partial(issue_fefo, demands=demands, branch_id=shop.branch.pk, on=TODAY, document=bill)
                try:
                    work()
                except StockBusy as refusal:
                    told.append(str(refusal))
        return told

    together([partial(worker, number) for number in range(WORKERS)])
    with tenant(organization.pk):
        assert verify_stock().clean


def test_a_reservation_is_let_go_once(organization: Organization, together: Together) -> None:
    product, branch = hot_batch(organization)
    order = Document("sales.order", 1)
    with tenant(organization.pk):
        reserve(demands=[Demand(product.pk, 10)], branch_id=branch, on=TODAY, document=order)

    def let_go() -> str:
        try:
            with tenant(organization.pk):
                release(document=order)
        except Refusal as refusal:
            return type(refusal).__name__
        return ""

    assert sorted(together([let_go, let_go])) == ["", "NotHeld"]
    with tenant(organization.pk):
        assert ProductStock.objects.get(product=product).reserved == 0


def test_one_document_sent_by_two_windows_leaves_once(organization: Organization, together: Together) -> None:
    product, branch = hot_batch(organization)
    assert together([partial(sell, organization, [Demand(product.pk, 7)], branch, 1)] * 4) == [""] * 4
    with tenant(organization.pk):
        assert Stock.objects.get().on_hand == STOCK - 7


def test_whoever_waits_too_long_learns_what_is_free(organization: Organization, together: Together) -> None:
    product, branch = hot_batch(organization)
    demands = [Demand(product.pk, UNITS)]

    def slow() -> tuple[str, float]:
        with tenant(organization.pk):
            issue_fefo(demands=demands, branch_id=branch, on=TODAY, document=Document("sales.bill", 1))
            time.sleep(1)
        return "", 0.0

    def loser() -> tuple[str, float]:
        time.sleep(0.3)
        started = time.monotonic()
        told = sell(organization, demands, branch, 2)
        return told, time.monotonic() - started

    _slow, (told, seconds) = together([slow, loser])
    assert told == (
        "StockBusy: Somebody is changing the stock of the same products: Azivanta 500 (100 free). "
        "Try again in a moment."
    )
    # It gave up long before the other one was done.
    assert seconds < 0.7


_KILLED = """
import sys, time, pathlib, datetime as dt
from django.db import connection
from apps.core.tenancy.context import tenant
from apps.inventory.operations import *
organization, batch, start, end, what, reached = sys.argv[1:]
with tenant(int(organization)):
    today = dt.date(2026, 11, 21)
    if what == "transfer":
        lines = [TransferLine(int(batch), int(start), int(end), 4)]
        transfer(lines=lines, on=today, document=Document("inventory.transfer", 1))
    else:
        lines = [Counted(int(batch), int(start), 1), Counted(int(batch), int(end), 3)]
        count(lines=lines, on=today, document=Document("inventory.count", 1))
    pathlib.Path(reached).touch()
    time.sleep(60)
"""


@pytest.mark.parametrize("what", ["transfer", "count"])
def test_a_killed_process_leaves_nothing_half_done(organization: Organization, tmp_path: Path, what: str) -> None:
    with tenant(organization.pk):
        shop = Shop()
        batch = shop.stocked(10)
        moves = Move.objects.count()
    reached = tmp_path / "reached"
    worker = processes.start(
        _KILLED, str(organization.pk), str(batch.pk), str(shop.godown.pk), str(shop.rack.pk), what, str(reached)
    )
    processes.wait_for(reached, worker)
    worker.kill()
    worker.wait()
    with tenant(organization.pk):
        with connection.cursor() as cursor:
            # The server may take a moment to notice that the other one is gone.
            cursor.execute("SELECT inventory_lock(%s::bigint[], 20000)", [[shop.product.pk]])
        assert Move.objects.count() == moves
        assert shop.lies(batch) == {"Main": 10}
        assert verify_stock().clean
        line = TransferLine(batch.pk, shop.godown.pk, shop.rack.pk, 4)
        assert transfer(lines=[line], on=dt.date(2026, 11, 21), document=Document("inventory.transfer", 1))
        assert shop.lies(batch) == {"Main": 6, "A-01": 4}


def test_what_the_loser_is_told(organization: Organization) -> None:
    product, branch = hot_batch(organization)
    with tenant(organization.pk), pytest.raises(StockShortage, match="only 100 free"):
        issue_fefo(demands=[Demand(product.pk, 101)], branch_id=branch, on=TODAY, document=Document("sales.bill", 1))
