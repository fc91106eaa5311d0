"""Goods leave, or are held for a document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from apps.inventory.models import (
    Batch,
    Move,
    MoveKind,
    Place,
    Reservation,
)
from apps.inventory.operations import (
    BatchNotSaleable,
    Demand,
    Document,
    Hold,
    NotHeld,
    Picked,
    PlaceFrozen,
    QuantityRefused,
    ReasonMissing,
    StockShortage,
    TransferLine,
    hold,
    issue_fefo,
    issue_picked,
    recall,
    release,
    reserve,
    transfer,
)
from apps.organizations.operations import add_branch
from tests.inventory import factories as goods
from tests.inventory.shop import APRIL, BILL, DEC, TODAY, Shop, refused, shop

__all__ = ["shop"]
pytestmark = pytest.mark.django_db


def test_what_expires_first_leaves_first(shop: Shop) -> None:
    shop.stocked(5, APRIL, number="LATE")
    shop.stocked(3, DEC, number="SOON", mrp=Decimal(12))
    assert shop.issue(4) == [("SOON", 3), ("LATE", 1)]
    assert shop.totals() == (4, 0, 4)
    move = Move.objects.filter(kind="issue").earliest("id")
    assert (move.quantity, move.document_kind, move.document_number, move.line) == (-3, "sales.bill", "BK/26-27/1", 1)


def test_a_retry_takes_nothing_more_and_tells_the_same(shop: Shop) -> None:
    shop.stocked(5, number="ONE")
    assert shop.issue(4) == shop.issue(4) == [("ONE", 4)]
    assert shop.totals() == (1, 0, 1)


def test_a_shortage_names_the_product_and_what_is_free(shop: Shop) -> None:
    shop.stocked(52)
    refusal = refused(StockShortage, "Azivanta 500: only 52 free. Type 52 or less.", lambda: shop.issue(60))
    assert isinstance(refusal, StockShortage)
    assert refusal.by_line() == {1: "Azivanta 500: only 52 free. Type 52 or less."}
    assert shop.totals() == (52, 0, 52)


def test_all_lines_leave_or_none(shop: Shop) -> None:
    shop.stocked(5)
    other = goods.product("Nausivane 4")
    demands = [Demand(shop.product.pk, 1, line=1), Demand(other.pk, 1, line=2)]
    refused(
        StockShortage,
        "Nausivane 4: nothing free.",
        lambda: issue_fefo(demands=demands, branch_id=shop.branch.pk, on=TODAY, document=BILL),
    )


@pytest.mark.parametrize("kind", ["quarantine", "expired", "transit"])
def test_nothing_leaves_from_places_that_are_not_for_sale(shop: Shop, kind: str) -> None:
    shop.stocked(5, place=goods.place(kind=kind))
    refused(StockShortage, "nothing free", lambda: shop.issue(1))


def test_held_recalled_expired_and_short_lived_goods_stay(shop: Shop) -> None:
    held, recalled = shop.stocked(5), shop.stocked(5)
    shop.stocked(5, dt.date(2026, 10, 31))
    shop.stocked(5, DEC)
    hold(batch_ids=[held.pk], reason="Broken seals")
    recall(batch_ids=[recalled.pk], reason="Maker's letter")
    demand = Demand(shop.product.pk, 1, min_shelf_life_days=60)
    refused(
        StockShortage,
        "nothing free",
        lambda: issue_fefo(demands=[demand], branch_id=shop.branch.pk, on=TODAY, document=BILL),
    )


def test_two_shelf_lives_of_one_product(shop: Shop) -> None:
    shop.stocked(5, DEC, number="SOON")
    shop.stocked(5, APRIL, number="LATE")
    demands = [Demand(shop.product.pk, 5, 90, line=1), Demand(shop.product.pk, 5, line=2)]
    issue = issue_fefo(demands=demands, branch_id=shop.branch.pk, on=TODAY, document=BILL)
    assert [(pick.line, pick.number, pick.quantity) for pick in issue.picks] == [(1, "LATE", 5), (2, "SOON", 5)]


def test_another_branch_and_other_places_are_not_touched(shop: Shop) -> None:
    surat = add_branch(name="Surat", code="SU", state_code="24", pin_code="395000", address="1", city="Surat")
    shop.stocked(5, place=goods.place("There", branch=surat))
    refused(StockShortage, "nothing free", lambda: shop.issue(1))
    shop.stocked(5)
    refused(StockShortage, "nothing free", lambda: shop.issue(1, place_ids=[shop.rack.pk]))
    assert len(shop.issue(1, place_ids=[shop.godown.pk])) == 1


def test_a_frozen_place_is_passed_over(shop: Shop) -> None:
    batch = shop.stocked(5)
    Place.objects.filter(pk=shop.godown.pk).update(frozen=True)
    refused(StockShortage, "nothing free", lambda: shop.issue(1))
    line = TransferLine(batch.pk, shop.godown.pk, shop.rack.pk, 1)
    refused(PlaceFrozen, "frozen for a count", lambda: transfer(lines=[line], on=TODAY, document=BILL))


@pytest.mark.parametrize("quantity", [0, -1])
def test_quantities_are_one_or_more(shop: Shop, quantity: int) -> None:
    refused(QuantityRefused, "1 or more", lambda: shop.issue(quantity))


def test_picked_batches_leave_as_picked(shop: Shop) -> None:
    soon, late = shop.stocked(5, DEC), shop.stocked(5, APRIL)
    picks = [Picked(late.pk, shop.godown.pk, 1), Picked(late.pk, shop.godown.pk, 1)]
    wish = lambda **more: issue_picked(picks=picks, on=TODAY, document=BILL, **more)  # noqa: E731
    refused(ReasonMissing, "expires sooner, in 12/2026", wish)
    wish(override="Customer asked for it")
    assert shop.lies(late) == {"Main": 3}
    assert shop.lies(soon) == {"Main": 5}
    assert Move.objects.latest("id").note == "Customer asked for it"


def test_picked_goods_must_be_there_and_for_sale(shop: Shop) -> None:
    batch = shop.stocked(5)
    aside = goods.place(kind="quarantine")
    expired = shop.stocked(5, dt.date(2026, 10, 31))

    def pick(*, quantity: int = 1, of: Batch = batch, place: Place = shop.godown) -> Callable[[], object]:
        return lambda: issue_picked(picks=[Picked(of.pk, place.pk, quantity)], on=TODAY, document=BILL)

    refused(StockShortage, "only 5 free", pick(quantity=6))
    refused(BatchNotSaleable, "where nothing is sold from", pick(place=aside))
    refused(BatchNotSaleable, "expired in 10/2026", pick(of=expired))
    hold(batch_ids=[batch.pk], reason="Broken seals")
    refused(BatchNotSaleable, "on hold: Broken seals", pick())
    issue_picked(picks=[Picked(expired.pk, shop.godown.pk, 5)], on=TODAY, document=BILL, kind=MoveKind.RETURN)
    assert shop.lies(expired) == {}


def test_what_is_held_for_an_order_leaves_with_it(shop: Shop) -> None:
    batch = shop.stocked(10)
    order = Document("sales.order", 9, "SO/9")
    demand = [Demand(shop.product.pk, 6)]
    for _again in range(2):
        held = reserve(demands=demand, branch_id=shop.branch.pk, on=TODAY, document=order)
        assert held == (Hold(shop.product.pk, batch.pk, shop.godown.pk, 6),)
    assert shop.totals() == (10, 6, 4)
    refused(StockShortage, "only 4 free", lambda: shop.issue(5))
    assert shop.issue(6, release=order) == [(batch.number, 6)]
    assert shop.totals() == (4, 0, 4)
    assert not Reservation.objects.exists()


def test_letting_go_of_what_is_held(shop: Shop) -> None:
    batch = shop.stocked(10)
    order = Document("sales.order", 9, "SO/9")
    refused(NotHeld, "Nothing is held for SO/9", lambda: release(document=order))
    reserve(demands=[Demand(shop.product.pk, 6)], branch_id=shop.branch.pk, on=TODAY, document=order)
    part = Hold(shop.product.pk, batch.pk, shop.godown.pk, 2)
    release(document=order, holds=[part])
    assert shop.totals() == (10, 4, 6)
    refused(NotHeld, "Only 4 are held", lambda: release(document=order, holds=[replace(part, quantity=5)]))
    release(document=order)
    assert shop.totals() == (10, 0, 10)
