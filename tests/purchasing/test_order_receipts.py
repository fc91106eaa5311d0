"""What receipts bring of orders."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.purchasing.models import OrderSettings, PurchaseOrder
from apps.purchasing.operations import OverReceipt, Taken, give_back_receipt, orders, take_receipt
from apps.purchasing.operations.orders import OrderClosed, OrderRefused, Terms
from tests.purchasing.desk import Desk, State, desk, supplier

__all__ = ["desk"]
pytestmark = pytest.mark.django_db


def take(desk: Desk, *taken: Taken, **more: object) -> None:
    take_receipt(taken=taken, supplier_id=desk.supplier.pk, **more)  # type: ignore[arg-type]


def state(order: PurchaseOrder) -> str:
    order.refresh_from_db()
    return order.state


def test_an_order_is_received_in_parts(desk: Desk) -> None:
    order = desk.order(State.SENT, Terms(desk.product.pk, 100, 10), Terms(desk.other.pk, 40))
    first, second = order.lines.order_by("id")
    take(desk, Taken(first.pk, 60, 6), Taken(first.pk, 10))
    first.refresh_from_db()
    assert (first.received, first.received_free, first.due, state(order)) == (70, 6, 30, State.PART_RECEIVED)

    take(desk, Taken(first.pk, 30, 4), Taken(second.pk, 40))
    first.refresh_from_db()
    assert (first.received, first.due, state(order)) == (100, 0, State.RECEIVED)


def test_a_cancelled_receipt_makes_goods_due_again(desk: Desk) -> None:
    order = desk.order(State.SENT)
    line = desk.line(order)
    take(desk, Taken(line.pk, 100, 10))
    give_back_receipt(taken=[Taken(line.pk, 40, 10)])
    line.refresh_from_db()
    assert (line.received, line.received_free, line.due, state(order)) == (60, 0, 40, State.PART_RECEIVED)
    give_back_receipt(taken=[Taken(line.pk, 60)])
    assert state(order) == State.SENT
    with pytest.raises(OrderRefused, match="has received less"):
        give_back_receipt(taken=[Taken(line.pk, 1)])


def test_an_order_that_nobody_sent_can_arrive(desk: Desk) -> None:
    """It was told by phone: receiving it is no fault, and giving all back leaves it approved."""
    order = desk.order(State.APPROVED)
    line = desk.line(order)
    take(desk, Taken(line.pk, 1))
    assert state(order) == State.PART_RECEIVED
    give_back_receipt(taken=[Taken(line.pk, 1)])
    assert state(order) == State.APPROVED


def test_more_than_ordered_is_refused_beyond_the_tolerance(desk: Desk) -> None:
    order = desk.order(State.SENT)
    line = desk.line(order)
    with pytest.raises(OverReceipt, match=r"100 ordered, 0 received before\. Take in 100 or less") as caught:
        take(desk, Taken(line.pk, 101))
    assert (caught.value.line_id, caught.value.field) == (line.pk, "quantity")
    assert state(order) == State.SENT

    OrderSettings.objects.create(over_receipt_percent=Decimal(5))
    take(desk, Taken(line.pk, 103))
    assert state(order) == State.RECEIVED
    # What is received whole still has what is left of the tolerance.
    take(desk, Taken(line.pk, 2))
    with pytest.raises(OverReceipt, match=r"105 received before\. Take in 0 or less"):
        take(desk, Taken(line.pk, 1))
    take(desk, Taken(line.pk, 1), over_allowed=True)
    line.refresh_from_db()
    assert (line.received, line.due) == (106, 0)


def test_a_receipt_against_an_order_that_is_over_is_refused(desk: Desk) -> None:
    draft = desk.order()
    cancelled = desk.order(State.SENT)
    orders.cancel_order(pk=cancelled.pk, reason="Out of stock")
    short = desk.order(State.SENT)
    take(desk, Taken(desk.line(short).pk, 1))
    orders.close_short(pk=short.pk, reason="The rest is discontinued")
    assert desk.line(short).due == 0
    for order, words in ((draft, "is draft"), (cancelled, "is cancelled"), (short, "is closed short")):
        with pytest.raises(OrderClosed, match=f"{words}: nothing is expected"):
            take(desk, Taken(desk.line(order).pk, 1))
    # A receipt of a closed order may still be cancelled; the order stays closed.
    give_back_receipt(taken=[Taken(desk.line(short).pk, 1)])
    assert state(short) == State.CLOSED


def test_another_suppliers_order_is_refused(desk: Desk) -> None:
    other = desk.order(State.SENT, supplier=supplier("Heron Traders"))
    with pytest.raises(OrderRefused, match="is an order to Heron Traders"):
        take(desk, Taken(desk.line(other).pk, 1))


def test_another_branchs_order_is_refused(desk: Desk) -> None:
    line = desk.line(desk.order(State.SENT))
    with pytest.raises(OrderRefused, match="is for Pune"):
        take(desk, Taken(line.pk, 1), branch_id=desk.branch.pk + 1)
    take(desk, Taken(line.pk, 1), branch_id=desk.branch.pk)


def test_a_line_that_is_not_there_is_refused(desk: Desk) -> None:
    with pytest.raises(OrderRefused, match="not there any more"):
        take(desk, Taken(1, 1))


def test_nothing_taken_is_nothing_done(desk: Desk) -> None:
    with CaptureQueriesContext(connection) as caught:
        take(desk)
        give_back_receipt(taken=[])
    assert len(caught) == 0


def test_one_statement_a_step_whatever_the_number_of_lines(desk: Desk) -> None:
    few = desk.order(State.SENT)
    many = desk.order(State.SENT, *(Terms(desk.product.pk, 10) for _ in range(40)))
    counts = []
    for order in (few, many):
        with CaptureQueriesContext(connection) as caught:
            take(desk, *(Taken(line.pk, 5) for line in order.lines.all()))
        counts.append(len(caught))
    assert counts[0] == counts[1]
