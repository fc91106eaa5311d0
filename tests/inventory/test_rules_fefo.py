"""First expired, first out: what the plan promises for any stock and any demand."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.inventory.rules.fefo import Demand, Lot, Plan, Shortage, plan_fefo

TODAY = dt.date(2026, 11, 21)
PRODUCTS = (1, 2, 3)


def lot(batch: int, free: int, expiry: dt.date, **fields: object) -> Lot:
    made = Lot(
        product_id=1,
        batch_id=batch,
        place_id=1,
        number=f"B{batch}",
        expiry=expiry,
        received_on=TODAY,
        free=free,
        mrp=Decimal(10 + batch),
        ptr=Decimal(8),
        cost=Decimal(5),
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def taken(plan: Plan) -> list[tuple[int, int]]:
    return [(pick.lot.batch_id, pick.quantity) for pick in plan.picks]


DEC, JAN, FEB = dt.date(2026, 12, 31), dt.date(2027, 1, 31), dt.date(2027, 2, 28)


def test_the_earliest_expiry_leaves_first_and_a_line_may_split() -> None:
    plan = plan_fefo([Demand(1, 12)], [lot(1, 10, FEB), lot(2, 5, DEC), lot(3, 4, JAN)], on=TODAY)
    assert taken(plan) == [(2, 5), (3, 4), (1, 3)]
    assert [pick.lot.mrp for pick in plan.picks] == [Decimal(12), Decimal(13), Decimal(11)]


def test_the_same_expiry_leaves_as_received_then_by_place() -> None:
    early = TODAY - dt.timedelta(days=9)
    lots = [lot(1, 1, DEC), lot(2, 1, DEC, place_id=7, received_on=early), lot(3, 1, DEC, received_on=early)]
    assert taken(plan_fefo([Demand(1, 3)], lots, on=TODAY)) == [(3, 1), (2, 1), (1, 1)]


def test_an_expiry_is_the_last_day_of_use() -> None:
    lots = [lot(1, 1, DEC)]
    assert taken(plan_fefo([Demand(1, 1)], lots, on=DEC)) == [(1, 1)]
    assert plan_fefo([Demand(1, 1)], lots, on=DEC + dt.timedelta(days=1)).shortages == (Shortage(0, 1, 1, 0),)


def test_shelf_life_asked_for_counts_from_the_day() -> None:
    lots = [lot(1, 5, DEC), lot(2, 5, JAN)]
    days = (JAN - TODAY).days
    assert taken(plan_fefo([Demand(1, 5, days)], lots, on=TODAY)) == [(2, 5)]
    assert plan_fefo([Demand(1, 6, days)], lots, on=TODAY) == Plan((), (Shortage(0, 1, 6, 5),))


def test_two_lines_of_one_product_share_its_stock() -> None:
    plan = plan_fefo([Demand(1, 3, line=1), Demand(1, 3, line=2)], [lot(1, 4, DEC), lot(2, 1, JAN)], on=TODAY)
    assert [(pick.line, pick.quantity) for pick in plan.picks] == [(1, 3)]
    assert plan.shortages == (Shortage(2, 1, 3, 2),)


def test_less_than_one_unit_is_nothing_to_ask_for() -> None:
    with pytest.raises(ValueError, match="demand for 0"):
        plan_fefo([Demand(1, 0)], [], on=TODAY)


months = st.integers(-6, 30).map(
    lambda n: dt.date(2026 + (10 + n) // 12, (10 + n) % 12 + 1, 1) - dt.timedelta(days=1),
)


@st.composite
def lots(draw: st.DrawFn) -> list[Lot]:
    keys = draw(st.lists(st.tuples(st.integers(1, 12), st.integers(1, 3)), unique=True, max_size=16))
    made: list[Lot] = []
    for batch, place in keys:
        made.append(
            lot(
                batch,
                draw(st.integers(0, 30)),
                draw(months),
                product_id=PRODUCTS[batch % len(PRODUCTS)],
                place_id=place,
                received_on=TODAY - dt.timedelta(days=draw(st.integers(0, 3))),
                saleable=draw(st.integers(0, 4)) > 0,
            )
        )
    return made


demand_lists = st.lists(
    st.builds(
        Demand,
        product_id=st.sampled_from(PRODUCTS),
        quantity=st.integers(1, 40),
        min_shelf_life_days=st.sampled_from((0, 0, 30, 90, 180)),
    ),
    max_size=5,
).map(lambda made: [replace(demand, line=number) for number, demand in enumerate(made, 1)])


def fits(candidate: Lot, demand: Demand) -> bool:
    return (
        candidate.product_id == demand.product_id
        and candidate.saleable
        and candidate.expiry >= TODAY
        and (candidate.expiry - TODAY).days >= demand.min_shelf_life_days
    )


@given(lots(), demand_lists)
def test_what_holds_for_every_plan(stock: list[Lot], demands: list[Demand]) -> None:
    plan = plan_fefo(demands, stock, on=TODAY)
    by_line = {demand.line: demand for demand in demands}
    filled: dict[int, int] = defaultdict(int)
    used: dict[tuple[int, int], int] = defaultdict(int)
    for pick in plan.picks:
        assert pick.lot in stock  # its own MRP, rate and expiry
        assert fits(pick.lot, by_line[pick.line])
        assert pick.quantity > 0
        filled[pick.line] += pick.quantity
        used[pick.lot.batch_id, pick.lot.place_id] += pick.quantity
    short = {shortage.line: shortage for shortage in plan.shortages}
    assert short.keys().isdisjoint(filled)
    for demand in demands:
        assert filled[demand.line] == (0 if demand.line in short else demand.quantity)
        if demand.line in short:
            assert short[demand.line].free < demand.quantity
    for candidate in stock:
        assert used[candidate.batch_id, candidate.place_id] <= candidate.free


@given(lots(), demand_lists)
def test_nothing_that_expires_earlier_is_left_behind(stock: list[Lot], demands: list[Demand]) -> None:
    plan = plan_fefo(demands, stock, on=TODAY)
    by_line = {demand.line: demand for demand in demands}
    left = {(one.batch_id, one.place_id): one.free for one in stock}
    for pick in plan.picks:
        earlier = [one for one in stock if fits(one, by_line[pick.line]) and one.order < pick.lot.order]
        assert all(left[one.batch_id, one.place_id] == 0 for one in earlier)
        left[pick.lot.batch_id, pick.lot.place_id] -= pick.quantity


@given(lots(), demand_lists, st.randoms())
def test_the_same_stock_gives_the_same_plan_in_whatever_order(
    stock: list[Lot], demands: list[Demand], chance: object
) -> None:
    shuffled = list(stock)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert plan_fefo(demands, shuffled, on=TODAY) == plan_fefo(demands, stock, on=TODAY)


@given(lots(), st.sampled_from(PRODUCTS))
def test_everything_free_can_be_had_and_not_one_more(stock: list[Lot], product: int) -> None:
    free = sum(one.free for one in stock if fits(one, Demand(product, 1)))
    if free:
        assert not plan_fefo([Demand(product, free)], stock, on=TODAY).shortages
    assert plan_fefo([Demand(product, free + 1)], stock, on=TODAY).shortages == (Shortage(0, product, free + 1, free),)
