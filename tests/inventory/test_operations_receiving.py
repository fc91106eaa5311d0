"""Goods come in."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from apps.core.refusals import Refusal
from apps.inventory.models import (
    Batch,
    MoveKind,
    PlaceKind,
    Stock,
)
from apps.inventory.operations import (
    BatchDiffers,
    GoodsUnknown,
    InvalidReceipt,
    QuantityRefused,
    ReceiptLine,
    receive,
    standing_place,
)
from tests.inventory.shop import APRIL, GRN, TODAY, Shop, refused, shop

__all__ = ["shop"]
pytestmark = pytest.mark.django_db


def line(shop: Shop, **fields: object) -> ReceiptLine:
    given: dict[str, object] = {
        "product_id": shop.product.pk,
        "number": "AZ4410",
        "expiry": dt.date(2028, 4, 1),
        "mrp": Decimal("119.70"),
        "quantity": 10,
        "place_id": shop.godown.pk,
        "cost": Decimal("80"),
        "ptr": Decimal("91.20"),
        **fields,
    }
    return ReceiptLine(**given)  # type: ignore[arg-type]


def test_a_receipt_makes_batches_and_averages_their_cost(shop: Shop) -> None:
    lines = [
        line(shop),
        line(shop, mrp=Decimal(125), line=1),
        line(shop, number="az4410", quantity=30, cost=Decimal(84)),
    ]
    received = receive(lines=lines, on=TODAY, document=GRN)
    one, other = Batch.objects.order_by("mrp")
    assert [(row.line, row.batch_id, row.quantity) for row in received] == [(0, one.pk, 40), (1, other.pk, 10)]
    assert (one.cost, one.expiry, one.ptr, one.received_on) == (Decimal(83), APRIL, Decimal("91.20"), TODAY)
    assert Stock.objects.get(batch=one).cost == Decimal(83)

    receive(lines=[line(shop, quantity=40, cost=Decimal(85))], on=TODAY, document=replace(GRN, id=6))
    one.refresh_from_db()
    assert one.cost == Decimal(84)
    assert shop.lies(one) == {"Main": 80}


def test_a_receipt_is_taken_once(shop: Shop) -> None:
    first = receive(lines=[line(shop)], on=TODAY, document=GRN)
    assert receive(lines=[line(shop)], on=TODAY, document=GRN) == first
    assert shop.totals()[0] == 10


@pytest.mark.parametrize(
    ("fields", "kind", "words"),
    [
        ({"expiry": dt.date(2026, 10, 31)}, InvalidReceipt, "Expired since 10/2026"),
        ({"expiry": dt.date(2066, 10, 31)}, InvalidReceipt, "more than 20 years"),
        ({"quantity": 0}, QuantityRefused, "1 or more"),
        ({"mrp": Decimal(90)}, InvalidReceipt, "above the MRP"),
        ({"cost": Decimal(-1)}, InvalidReceipt, "0 or more"),
        ({"number": " "}, InvalidReceipt, "batch number"),
        ({"product_id": 999_999_999}, GoodsUnknown, "not there any more"),
        ({"place_id": 999_999_999}, GoodsUnknown, "not there any more"),
    ],
)
def test_receipts_that_cannot_be(shop: Shop, fields: dict[str, object], kind: type[Refusal], words: str) -> None:
    refused(kind, words, lambda: receive(lines=[line(shop), line(shop, **fields, line=1)], on=TODAY, document=GRN))
    assert not Batch.objects.exists()


def test_a_batch_has_one_expiry(shop: Shop) -> None:
    receive(lines=[line(shop)], on=TODAY, document=GRN)
    wrong = line(shop, expiry=dt.date(2028, 5, 1))
    refused(
        BatchDiffers,
        "expires in 04/2028, and this line says 05/2028",
        lambda: receive(lines=[wrong], on=TODAY, document=replace(GRN, id=6)),
    )


def test_expired_goods_come_back_only_to_where_nothing_is_sold(shop: Shop) -> None:
    expired = standing_place(branch_id=shop.branch.pk, kind=PlaceKind.EXPIRED)
    past = line(shop, expiry=dt.date(2026, 10, 31), place_id=expired.pk)
    receive(lines=[past], on=TODAY, document=GRN, kind=MoveKind.RETURN)
    assert shop.totals() == (10, 0, 0)
