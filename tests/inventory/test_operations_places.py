"""Goods move between places, are counted, written off, and taken out of sale."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from apps.inventory.models import (
    Move,
    MoveReason,
    Place,
)
from apps.inventory.operations import (
    Adjustment,
    ArrivalLine,
    Counted,
    CountRefused,
    Demand,
    Document,
    NotHeld,
    PlaceUnsuited,
    QuantityRefused,
    ReasonMissing,
    StockShortage,
    TransferLine,
    accept_transfer,
    adjust,
    count,
    expire,
    hold,
    release_hold,
    reserve,
    transfer,
)
from apps.inventory.rules.registration import registered_apart
from apps.organizations.operations import add_branch
from tests.inventory import factories as goods
from tests.inventory.shop import DEC, TODAY, Shop, refused, shop

__all__ = ["shop"]
pytestmark = pytest.mark.django_db


def test_a_transfer_within_a_branch_is_done_at_once(shop: Shop) -> None:
    batch = shop.stocked(10)
    document = Document("inventory.transfer", 1)
    lines = [TransferLine(batch.pk, shop.godown.pk, shop.rack.pk, 4)]
    assert transfer(lines=lines, on=TODAY, document=document)
    assert not transfer(lines=lines, on=TODAY, document=document)
    assert shop.lies(batch) == {"Main": 6, "A-01": 4}


def test_goods_between_branches_are_in_transit_until_accepted(shop: Shop) -> None:
    batch = shop.stocked(10)
    surat = add_branch(name="Surat", code="SU", state_code="24", pin_code="395000", address="1", city="Surat")
    there = goods.place("There", branch=surat)
    document = Document("inventory.transfer", 1)
    transfer(lines=[TransferLine(batch.pk, shop.godown.pk, there.pk, 4)], on=TODAY, document=document)
    assert shop.lies(batch) == {"Main": 6, "In transit": 4}
    assert shop.totals() == (10, 0, 6)

    def arrive(quantity: int, place: Place = there) -> bool:
        arrived = [ArrivalLine(batch.pk, place.pk, quantity)]
        return accept_transfer(lines=arrived, on=TODAY, document=document, branch_id=surat.pk)

    refused(StockShortage, "only 4 free", lambda: arrive(5))
    refused(PlaceUnsuited, "of the branch", lambda: arrive(1, shop.godown))
    assert arrive(3)
    assert not arrive(3)
    assert shop.lies(batch) == {"Main": 6, "In transit": 1, "There": 3}


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        (("", "27"), ("", "24"), False),
        (("27AAPFU0939F1ZV", "27"), ("27AAPFU0939F1ZV", "27"), False),
        (("27AAPFU0939F1ZV", "27"), ("", "27"), False),
        (("27AAPFU0939F1ZV", "27"), ("", "24"), True),
        (("27AAPFU0939F1ZV", "27"), ("24AAQCA8719H1ZC", "24"), True),
        (("27AAPFU0939F1ZV", "27"), ("27AAPFU0939F2ZU", "27"), True),
    ],
)
def test_which_branches_are_two_persons_to_the_tax(one: tuple[str, str], other: tuple[str, str], apart: bool) -> None:
    assert registered_apart(one, other) is apart
    assert registered_apart(other, one) is apart


def test_transfers_that_cannot_be(shop: Shop) -> None:
    batch = shop.stocked(10)

    def send(quantity: int, start: Place, end: Place) -> Callable[[], object]:
        lines = [TransferLine(batch.pk, start.pk, end.pk, quantity)]
        return lambda: transfer(lines=lines, on=TODAY, document=Document("inventory.transfer", 1))

    refused(PlaceUnsuited, "there already", send(1, shop.godown, shop.godown))
    refused(StockShortage, "only 10 free", send(11, shop.godown, shop.rack))
    refused(StockShortage, "nothing free", send(1, shop.rack, shop.godown))
    Place.objects.filter(pk=shop.rack.pk).update(active=False)
    refused(PlaceUnsuited, "A-01 is archived", send(1, shop.godown, shop.rack))


def test_an_adjustment_has_a_reason(shop: Shop) -> None:
    batch = shop.stocked(10)
    document = Document("inventory.adjustment", 1)

    def write(quantity: int, reason: MoveReason, note: str = "") -> bool:
        lines = [Adjustment(batch.pk, shop.godown.pk, quantity, reason, note)]
        return adjust(lines=lines, on=TODAY, document=document)

    refused(ReasonMissing, "Choose a reason", lambda: write(-1, MoveReason.NONE))
    refused(ReasonMissing, "write a note", lambda: write(-1, MoveReason.OTHER))
    refused(QuantityRefused, "0 changes nothing", lambda: write(0, MoveReason.THEFT))
    refused(StockShortage, "only 10 free", lambda: write(-11, MoveReason.THEFT))
    assert write(-3, MoveReason.BREAKAGE)
    assert not write(-3, MoveReason.BREAKAGE)
    assert shop.lies(batch) == {"Main": 7}
    assert Move.objects.get(kind="adjustment").reason == "breakage"


def test_a_count_takes_what_moved_meanwhile_into_account(shop: Shop) -> None:
    batch, other = shop.stocked(10), shop.stocked(5, DEC)
    counted_at = timezone.now()
    shop.issue(2)
    lines = [
        Counted(batch.pk, shop.godown.pk, 9, counted_at, line=1),
        Counted(other.pk, shop.godown.pk, 5, counted_at, line=2),
        Counted(batch.pk, shop.rack.pk, 1, line=3),
    ]
    document = Document("inventory.count", 1)
    found = count(lines=lines, on=TODAY, document=document)
    assert [(one.line, one.book, one.difference) for one in found] == [(1, 10, -1), (2, 5, 0), (3, 0, 1)]
    assert shop.lies(batch) == {"Main": 9, "A-01": 1}
    assert shop.lies(other) == {"Main": 3}
    assert [one.difference for one in count(lines=lines, on=TODAY, document=document)] == [-1, 1]
    assert shop.totals()[0] == 13


def test_counts_that_cannot_be(shop: Shop) -> None:
    batch = shop.stocked(10)
    reserve(
        demands=[Demand(shop.product.pk, 6)], branch_id=shop.branch.pk, on=TODAY, document=Document("sales.order", 9)
    )
    document = Document("inventory.count", 1)

    def counted(*quantities: int) -> Callable[[], object]:
        lines = [Counted(batch.pk, shop.godown.pk, quantity) for quantity in quantities]
        return lambda: count(lines=lines, on=TODAY, document=document)

    refused(CountRefused, "of the 10 there now 6 are held", counted(5))
    refused(QuantityRefused, "0 or more", counted(-1))
    refused(QuantityRefused, "counted twice", counted(1, 2))


def test_a_hold_ends_with_a_reason_too(shop: Shop) -> None:
    batch = shop.stocked(10)
    refused(ReasonMissing, "Say why", lambda: hold(batch_ids=[batch.pk], reason=" "))
    assert hold(batch_ids=[batch.pk], reason="Broken seals") == 1
    assert hold(batch_ids=[batch.pk], reason="Again") == 0
    assert shop.totals() == (10, 0, 0)
    assert release_hold(batch_ids=[batch.pk], reason="Checked") == 1
    assert shop.totals() == (10, 0, 10)
    refused(NotHeld, "None of these batches", lambda: release_hold(batch_ids=[batch.pk], reason="Checked"))


def test_what_expired_is_moved_out_of_sale_and_let_go(shop: Shop) -> None:
    gone, kept = shop.stocked(10, dt.date(2026, 11, 30)), shop.stocked(5, DEC)
    order = Document("sales.order", 9)
    reserve(demands=[Demand(shop.product.pk, 6)], branch_id=shop.branch.pk, on=TODAY, document=order)
    transfer(
        lines=[TransferLine(gone.pk, shop.godown.pk, shop.rack.pk, 4)],
        on=TODAY,
        document=Document("inventory.transfer", 1),
    )
    assert expire(on=dt.date(2026, 11, 30)) == 0
    assert expire(on=dt.date(2026, 12, 1)) == 2
    assert expire(on=dt.date(2026, 12, 1)) == 0
    assert shop.lies(gone) == {"Expired goods": 10}
    assert shop.lies(kept) == {"Main": 5}
    assert shop.totals() == (15, 0, 5)
    assert set(Move.objects.filter(reason="expiry").values_list("kind", "quantity")) == {
        ("transfer_out", -4),
        ("transfer_out", -6),
        ("transfer_in", 10),
    }
