"""Moves make stock, and stock makes the totals: what the triggers keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Sum
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.inventory.models import (
    Batch,
    Move,
    Place,
    Product,
    ProductStock,
    Reservation,
    Stock,
    StockFigure,
    StockVerification,
)
from tests import factories
from tests.inventory import factories as goods

pytestmark = pytest.mark.django_db
APRIL = dt.date(2028, 4, 30)


@pytest.fixture(autouse=True)
def inside() -> Iterator[None]:
    with tenant(factories.organization().pk):
        yield


def _figures() -> dict[tuple[str, Any], tuple[int, int, int, Decimal]]:
    rows = StockFigure.objects.values_list("kind", "expiry").annotate(
        Sum("entries"), Sum("on_hand"), Sum("reserved"), Sum("value")
    )
    return {(kind, expiry): tuple(rest) for kind, expiry, *rest in rows if any(rest)}


def _totals(product: Product) -> tuple[int, int, int, bool]:
    row = ProductStock.objects.get(product=product)
    return row.on_hand, row.reserved, row.free, row.is_low


def test_moves_make_stock_and_every_total_of_it() -> None:
    product = goods.product(reorder_level=5)
    assert _totals(product) == (0, 0, 0, True)
    godown, aside = goods.place(), goods.place(kind="quarantine")
    batch = goods.batch(product, expiry=APRIL)
    Move.objects.bulk_create(
        [goods.move(batch, godown, 10), goods.move(batch, aside, 3), goods.move(batch, godown, -4, kind="issue")]
    )
    assert set(Stock.objects.values_list("place", "on_hand", "saleable", "product", "expiry", "cost")) == {
        (godown.pk, 6, True, product.pk, APRIL, Decimal(4)),
        (aside.pk, 3, False, product.pk, APRIL, Decimal(4)),
    }
    assert _totals(product) == (9, 0, 6, False)
    assert _figures() == {
        ("saleable", APRIL): (1, 6, 0, Decimal(24)),
        ("blocked", APRIL): (1, 3, 0, Decimal(12)),
        ("product", None): (1, 0, 0, Decimal(0)),
    }


def test_everything_gone_leaves_no_figure() -> None:
    product, godown = goods.product(), goods.place()
    batch = goods.stocked(10, product=product, place=godown)
    Move.objects.bulk_create([goods.move(batch, godown, -10, kind="issue")])
    assert Stock.objects.get().in_stock is False
    assert _figures() == {}
    assert _totals(product) == (0, 0, 0, False)


def test_what_is_held_is_not_free() -> None:
    product, godown = goods.product(reorder_level=6), goods.place()
    batch = goods.stocked(10, product=product, place=godown, expiry=APRIL)
    held = Reservation.objects.create(
        document_kind="order", document_id=1, batch=batch, place=godown, product=product, quantity=4,
        moment=timezone.now(),
    )  # fmt: skip
    assert Stock.objects.get().free == 6
    assert _totals(product) == (10, 4, 6, True)
    Reservation.objects.filter(pk=held.pk).update(quantity=1)
    assert _totals(product) == (10, 1, 9, False)
    assert _figures()["saleable", APRIL] == (1, 10, 1, Decimal(40))
    held.delete()
    assert _totals(product) == (10, 0, 10, False)


def test_batch_and_place_are_copied_into_stock() -> None:
    product, godown = goods.product(), goods.place()
    batch = goods.stocked(10, product=product, place=godown)
    Batch.objects.filter(pk=batch.pk).update(state="held", cost=Decimal(5), expiry=dt.date(2028, 5, 31))
    assert Stock.objects.values_list("saleable", "cost", "expiry").get() == (False, Decimal(5), dt.date(2028, 5, 31))
    assert _figures()["blocked", dt.date(2028, 5, 31)] == (1, 10, 0, Decimal(50))
    assert _totals(product) == (10, 0, 0, False)
    Batch.objects.filter(pk=batch.pk).update(state="ok")
    Place.objects.filter(pk=godown.pk).update(kind="quarantine")
    assert not Stock.objects.get().saleable


def test_a_product_without_stock_is_low_as_its_level_says() -> None:
    product = goods.product(reorder_level=0)
    assert _totals(product)[3]
    Product.objects.filter(pk=product.pk).update(active=False)
    assert not _totals(product)[3]
    Product.objects.filter(pk=product.pk).update(active=True, reorder_level=3)
    assert _figures() == {("low", None): (1, 0, 0, Decimal(0))}
    product.delete()
    assert not ProductStock.objects.exists()
    assert _figures() == {}


def _refused(work: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        work()


def test_nothing_leaves_below_zero() -> None:
    product, godown = goods.product(), goods.place()
    batch = goods.stocked(5, product=product, place=godown)
    _refused(lambda: Move.objects.bulk_create([goods.move(batch, godown, -6)]))
    _refused(lambda: Move.objects.bulk_create([goods.move(goods.batch(product), godown, -1)]))
    _refused(
        lambda: Reservation.objects.create(
            document_kind="order",
            document_id=1,
            batch=batch,
            place=godown,
            product=product,
            quantity=6,
            moment=timezone.now(),
        )
    )
    assert _totals(product) == (5, 0, 5, False)


def test_a_move_names_what_is_there() -> None:
    product, godown = goods.product(), goods.place()
    batch = goods.batch(product)
    other = goods.product("Other")
    wrong = goods.move(batch, godown, 1)
    wrong.product = other
    _refused(lambda: Move.objects.bulk_create([wrong]))
    for field in ("batch_id", "place_id", "person_id"):
        lost = goods.move(batch, godown, 1)
        setattr(lost, field, 987654321)
        _refused(lambda lost=lost: Move.objects.bulk_create([lost]))


def test_a_move_of_another_organization_is_refused() -> None:
    theirs = factories.organization()
    with tenant(theirs.pk):
        batch = goods.batch(goods.product())
    _refused(lambda: Move.objects.bulk_create([goods.move(batch, goods.place(), 1)]))


def test_a_document_moves_a_batch_once() -> None:
    product, godown = goods.product(), goods.place()
    batch = goods.stocked(5, product=product, place=godown)
    once = {"document_id": 7, "kind": "issue"}
    Move.objects.bulk_create([goods.move(batch, godown, -1, **once)])
    _refused(lambda: Move.objects.bulk_create([goods.move(batch, godown, -1, **once)]))


def test_moves_and_verifications_are_never_changed() -> None:
    goods.stocked(5, product=goods.product(), place=goods.place())
    StockVerification.objects.create(ran_at=timezone.now(), moves=1, balances=1, differences=0)
    for table in ("inventory_move", "inventory_stockverification"):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM {table}")


def test_an_expiry_is_the_last_day_of_its_month() -> None:
    product = goods.product()
    _refused(lambda: goods.batch(product, expiry=dt.date(2028, 4, 29)))
    assert goods.batch(product, expiry=dt.date(2028, 2, 29)).pk


def test_one_number_with_two_prices_is_two_batches() -> None:
    product = goods.product()
    goods.batch(product, "ab1", mrp=Decimal(10))
    goods.batch(product, "AB1", mrp=Decimal(12))
    _refused(lambda: goods.batch(product, "AB1", mrp=Decimal(10)))
    assert Batch.objects.count() == 2


def test_many_moves_at_once_are_as_many_one_by_one() -> None:
    """More than a hundred take another way through the triggers."""
    product, godown = goods.product(), goods.place()
    batches = [goods.batch(product) for _ in range(150)]
    goods.stocked(1, product=product, place=godown)
    Move.objects.bulk_create([goods.move(batch, godown, 7) for batch in batches])
    mixed = [goods.move(batch, godown, -2, kind="issue") for batch in batches]
    Move.objects.bulk_create([*mixed, goods.move(goods.batch(product), godown, 9)])
    assert sorted(set(Stock.objects.values_list("on_hand", flat=True))) == [1, 5, 9]
    assert ProductStock.objects.get(product=product).on_hand == 5 * 150 + 1 + 9
    with pytest.raises(IntegrityError), transaction.atomic():
        Move.objects.bulk_create([goods.move(batch, godown, -6, kind="issue") for batch in batches])
    assert ProductStock.objects.get(product=product).free == 5 * 150 + 1 + 9


def test_many_costs_reach_their_stock() -> None:
    product, godown = goods.product(), goods.place()
    batches = [goods.batch(product) for _ in range(120)]
    Move.objects.bulk_create([goods.move(batch, godown, 7) for batch in batches])
    Batch.objects.filter(pk__in=[batch.pk for batch in batches]).update(cost=Decimal("5.5"), state="held")
    rows = Stock.objects.filter(batch__in=batches)
    assert set(rows.values_list("cost", "saleable")) == {(Decimal("5.5000"), False)}
    # A batch that only got a new version leaves its stock alone.
    before = dict(rows.values_list("pk", "expiry"))
    Batch.objects.filter(pk=batches[0].pk).update(version=9)
    assert dict(rows.values_list("pk", "expiry")) == before
