"""How a purchase order goes on, without a database."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.purchasing.rules.orders import MOVES, OPEN, OrderState, line_amount, most_received, state_after

quantities = st.integers(1, 10_000)


@pytest.mark.parametrize(
    ("quantity", "percent", "most"),
    [(100, "0", 100), (100, "5", 105), (19, "5", 19), (20, "5", 21), (1, "100", 2), (3, "33.33", 3)],
)
def test_the_tolerance_is_whole_units_rounded_down(quantity: int, percent: str, most: int) -> None:
    assert most_received(quantity, Decimal(percent)) == most


@given(st.lists(st.tuples(quantities, st.integers(0, 12_000)), min_size=1), st.booleans())
def test_every_state_that_receipts_make_can_be_reached_from_every_other(
    lines: list[tuple[int, int]], sent: bool
) -> None:
    """Receipts and their cancelling move an order freely between these states; the declared moves must allow it."""
    after = state_after(lines, sent=sent)
    for before in (OPEN | {OrderState.RECEIVED}) - {after}:
        # An order that was sent is no longer merely approved.
        if not (before == OrderState.SENT and after == OrderState.APPROVED) and not (
            before == OrderState.APPROVED and after == OrderState.SENT
        ):
            assert after in MOVES[before]


def test_an_order_stands_where_its_lines_do() -> None:
    assert state_after([(10, 0), (5, 0)], sent=False) == OrderState.APPROVED
    assert state_after([(10, 0), (5, 0)], sent=True) == OrderState.SENT
    assert state_after([(10, 10), (5, 0)], sent=True) == OrderState.PART_RECEIVED
    assert state_after([(10, 12), (5, 5)], sent=True) == OrderState.RECEIVED


def test_nothing_leaves_the_two_ends() -> None:
    assert not MOVES[OrderState.CANCELLED]
    assert not MOVES[OrderState.CLOSED]
    assert set(MOVES) == set(OrderState)


def test_an_amount_is_rounded_once_half_up() -> None:
    assert line_amount(3, Decimal("10.1250"), Decimal(0)) == Decimal("30.38")
    assert line_amount(7, Decimal("33.3333"), Decimal("2.5")) == Decimal("227.50")


@given(quantities, st.decimals(0, 10_000, places=4), st.decimals(0, 100, places=2))
def test_a_discount_takes_no_more_than_there_is(quantity: int, rate: Decimal, discount: Decimal) -> None:
    assert 0 <= line_amount(quantity, rate, discount) <= line_amount(quantity, rate, Decimal(0))
