"""Races around purchase orders, each with a control that shows the race with its lock taken away."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest

from apps.core.refusals import Refusal
from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization
from apps.purchasing.models import OrderLine, PurchaseOrder
from apps.purchasing.operations import Taken, order_receipts, orders, take_receipt
from apps.purchasing.operations.orders import Terms
from tests import factories
from tests.concurrency.conftest import Together
from tests.purchasing.desk import Desk, State

pytestmark = [pytest.mark.concurrency, pytest.mark.database, pytest.mark.django_db(transaction=True)]

CLERKS, EACH, ORDERED = 6, 30, 100


@pytest.fixture
def organization(transactional_db: None) -> Organization:
    return factories.organization()


def _told(work: Callable[[], object], organization: Organization) -> str:
    """What the refusal is called, or nothing."""
    try:
        with tenant(organization.pk):
            work()
    except Refusal as refusal:
        return type(refusal).__name__
    return ""


def receive_at_once(organization: Organization, together: Together) -> tuple[Counter[str], OrderLine]:
    """Six receipts of 30 of a line of 100, all at once: three fit."""
    with tenant(organization.pk):
        desk = Desk(organization)
        order = desk.order(State.SENT, Terms(desk.product.pk, ORDERED, rate=Decimal(8)))
        line = desk.line(order)
    work = partial(take_receipt, taken=[Taken(line.pk, EACH)], supplier_id=desk.supplier.pk)
    told = Counter(together([partial(_told, work, organization)] * CLERKS))
    with tenant(organization.pk):
        return told, OrderLine.objects.select_related("order").get(pk=line.pk)


def test_receipts_at_once_bring_no_more_than_was_ordered(organization: Organization, together: Together) -> None:
    told, line = receive_at_once(organization, together)
    assert told == {"": 3, "OverReceipt": 3}
    assert (line.received, line.due, line.order.state) == (90, 10, State.PART_RECEIVED)


def test_control_without_the_lock_too_much_is_received(
    organization: Organization, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlocked_orders(pks: object) -> dict[int, PurchaseOrder]:
        return {order.pk: order for order in PurchaseOrder.objects.filter(pk__in=list(pks))}  # type: ignore[call-overload]

    def unlocked_lines(pks: object) -> list[OrderLine]:
        lines = list(OrderLine.objects.filter(order__in=list(pks)))  # type: ignore[call-overload]
        time.sleep(0.3)
        return lines

    monkeypatch.setattr(order_receipts, "locked_orders", unlocked_orders)
    monkeypatch.setattr(order_receipts, "locked_lines", unlocked_lines)
    _told_all, line = receive_at_once(organization, together)
    assert line.received > ORDERED


def test_an_order_approved_by_two_has_one_number(organization: Organization, together: Together) -> None:
    with tenant(organization.pk):
        desk = Desk(organization)
        order = desk.order()
    work = partial(orders.submit_order, pk=order.pk, actor=desk.owner)
    assert Counter(together([partial(_told, work, organization)] * 4)) == {"": 1, "OrderClosed": 3}
    with tenant(organization.pk):
        assert PurchaseOrder.objects.get().number == "PUN/O2627/00001"
        assert desk.order(State.APPROVED).number == "PUN/O2627/00002"


def test_an_order_is_not_cancelled_while_its_goods_come_in(organization: Organization, together: Together) -> None:
    """Whichever is first, the other is told; never is an order cancelled of which goods came."""
    with tenant(organization.pk):
        desk = Desk(organization)
        order = desk.order(State.SENT)
        line = desk.line(order)
    jobs = [
        partial(_told, partial(orders.cancel_order, pk=order.pk, reason="Late"), organization),
        partial(
            _told,
            partial(take_receipt, taken=[Taken(line.pk, 5)], supplier_id=desk.supplier.pk),
            organization,
        ),
    ]
    assert sorted(together(jobs)) == ["", "OrderClosed"]
    with tenant(organization.pk):
        kept = PurchaseOrder.objects.get(pk=order.pk)
        came = OrderLine.objects.get(pk=line.pk).received
        assert (kept.state, came) in {(State.CANCELLED, 0), (State.PART_RECEIVED, 5)}


def test_receipts_over_the_same_orders_do_not_wait_crosswise(organization: Organization, together: Together) -> None:
    with tenant(organization.pk):
        desk = Desk(organization)
        lines = [desk.line(desk.order(State.SENT, Terms(desk.product.pk, 1_000))).pk for _number in range(4)]

    def worker(number: int) -> str:
        turn = lines[number % 4 :] + lines[: number % 4]
        taken = [Taken(pk, 1) for pk in (reversed(turn) if number % 2 else turn)]
        return _told(partial(take_receipt, taken=taken, supplier_id=desk.supplier.pk), organization)

    assert set(together([partial(worker, number) for number in range(8)])) == {""}
    with tenant(organization.pk):
        assert set(OrderLine.objects.filter(pk__in=lines).values_list("received", flat=True)) == {8}
