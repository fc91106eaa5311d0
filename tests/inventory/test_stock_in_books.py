"""The stock accounts are worth what the goods are worth, whatever happens to them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db.models import Sum

from apps.core.tenancy.context import tenant
from apps.finance.models import JournalLine
from apps.finance.refusals import PostingRefused
from apps.finance.verify import checks
from apps.inventory.models import Batch, MoveReason
from apps.inventory.operations import (
    Adjustment,
    ArrivalLine,
    Counted,
    Document,
    TransferLine,
    accept_transfer,
    adjust,
    count,
    transfer,
)
from apps.inventory.operations.books import post_stock_value
from apps.inventory.queries.valuation import stock_account_check, stock_values
from apps.organizations.operations import add_branch
from tests import factories
from tests.inventory import factories as goods
from tests.inventory.shop import TODAY, Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Iterator[Shop]:
    with tenant(factories.organization().pk):
        yield Shop()


@pytest.fixture
def batch(shop: Shop) -> Batch:
    """100 at 4.3333, as opening stock in the books."""
    opening = Document("inventory.opening", 1)
    moved = {"kind": "opening", "document_kind": opening.kind, "document_id": opening.id}
    made = shop.stocked(100, cost=Decimal("4.3333"), moved=moved)
    post_stock_value(document=opening, on=TODAY)
    return made


def balances() -> dict[str, Decimal]:
    rows = JournalLine.objects.values_list("account__role").annotate(value=Sum("debit") - Sum("credit"))
    return {role: value for role, value in rows if value}


def test_opening_stock_stands_against_the_opening_balances(shop: Shop, batch: Batch) -> None:
    assert balances() == {"stock": Decimal("433.33"), "opening_difference": Decimal("-433.33")}
    assert [(one.goods, one.books, one.agrees) for one in stock_values()] == [
        (Decimal("433.3300"), Decimal("433.33"), True)
    ]


def test_each_reason_has_its_account(shop: Shop, batch: Batch) -> None:
    reasons = [MoveReason.BREAKAGE, MoveReason.EXPIRY, MoveReason.THEFT, MoveReason.SAMPLE, MoveReason.RECALL]
    lines = [Adjustment(batch.pk, shop.godown.pk, -3, reason, line=n) for n, reason in enumerate(reasons)]
    lines.append(Adjustment(batch.pk, shop.godown.pk, 1, MoveReason.OTHER, "Behind the shelf", line=9))
    adjust(lines=lines, on=TODAY, document=Document("inventory.adjustment", 1))
    found = balances()
    assert [found[f"stock_{reason.value}"] for reason in reasons] == [Decimal("13.00")] * 5
    assert found["stock_found"] == Decimal("-4.33")
    count(lines=[Counted(batch.pk, shop.godown.pk, 80)], on=TODAY, document=Document("inventory.count", 1))
    assert balances()["stock_variance"] == Decimal("26.00")
    assert stock_account_check().faults == []


def test_within_a_branch_nothing_is_posted(shop: Shop, batch: Batch) -> None:
    before = JournalLine.objects.count()
    line = TransferLine(batch.pk, shop.godown.pk, shop.rack.pk, 4)
    transfer(lines=[line], on=TODAY, document=Document("inventory.transfer", 1))
    assert JournalLine.objects.count() == before


def test_goods_between_branches_change_the_books_of_both(shop: Shop, batch: Batch) -> None:
    surat = add_branch(name="Surat", code="SU", state_code="24", pin_code="395000", address="1", city="Surat")
    there = goods.place("There", branch=surat)
    document = Document("inventory.transfer", 1)
    transfer(lines=[TransferLine(batch.pk, shop.godown.pk, there.pk, 10)], on=TODAY, document=document)
    assert balances() == {
        "stock": Decimal("390.00"),
        "goods_in_transit": Decimal("43.33"),
        "opening_difference": Decimal("-433.33"),
    }
    assert stock_account_check().faults == []
    arrived = [ArrivalLine(batch.pk, there.pk, 10)]
    accept_transfer(lines=arrived, on=TODAY, document=document, branch_id=surat.pk)
    assert balances() == {"stock": Decimal("433.33"), "opening_difference": Decimal("-433.33")}
    assert [(one.branch, one.books) for one in stock_values()] == [
        ("Pune", Decimal("390.00")),
        ("Surat", Decimal("43.33")),
    ]
    assert stock_account_check().faults == []


def test_a_shut_day_keeps_the_goods_where_they_are(shop: Shop, batch: Batch) -> None:
    lines = [Adjustment(batch.pk, shop.godown.pk, -3, MoveReason.THEFT)]
    far = TODAY.replace(year=1990)
    with pytest.raises(PostingRefused):
        adjust(lines=lines, on=far, document=Document("inventory.adjustment", 1))
    assert shop.lies(batch) == {"Main": 100}


def test_the_books_verify_themselves_against_the_goods(shop: Shop, batch: Batch) -> None:
    assert "inventory.stock" in {check.name for check in checks()}
    shop.stocked(1)  # a receipt whose bill posted nothing
    assert stock_account_check().faults == ["Pune: goods worth 437.33, and 433.33 in the stock accounts."]
