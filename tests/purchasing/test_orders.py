"""Purchase orders: written, approved, sent and ended, and what is refused on the way."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from apps.core.refusals import Refusal, Stale
from apps.purchasing.models import OrderLine, OrderSettings, PurchaseOrder
from apps.purchasing.operations import orders
from apps.purchasing.operations.orders import LineRefused, OrderClosed, OrderRefused, SupplierRefused, Terms
from apps.purchasing.rules.orders import MOVES, OrderState
from tests.purchasing.desk import TODAY, Desk, State, desk, supplier

__all__ = ["desk"]
pytestmark = pytest.mark.django_db


def test_an_order_is_written_line_by_line(desk: Desk) -> None:
    order = desk.order(State.DRAFT, Terms(desk.product.pk, 100, 10, Decimal(8), Decimal("2.5")))
    orders.put_line(pk=order.pk, terms=Terms(desk.other.pk, 3, rate=Decimal("10.125")))
    order.refresh_from_db()
    assert (order.amount, order.line_count, order.number) == (Decimal("810.38"), 2, "")

    line = desk.line(order)
    orders.put_line(pk=order.pk, line_id=line.pk, version=1, terms=Terms(desk.product.pk, 50, rate=Decimal(8)))
    assert orders.remove_line(pk=order.pk, line_id=OrderLine.objects.latest("id").pk) == Terms(
        desk.other.pk, 3, rate=Decimal("10.125")
    )
    order.refresh_from_db()
    assert (order.amount, order.line_count) == (Decimal("400.00"), 1)
    assert str(order) == f"Draft {order.pk}"


def test_an_approved_order_has_a_number_and_is_due(desk: Desk) -> None:
    draft = desk.order()
    assert desk.line(draft).due == 0
    order = orders.submit_order(pk=draft.pk, actor=desk.buyer)
    assert (order.state, order.number) == (State.APPROVED, "PUN/O2627/00001")
    assert order.approved_by == desk.buyer
    assert desk.line(order).due == 100
    sent = orders.send_order(pk=order.pk, actor=desk.buyer, to="sales@kestrel.example")
    assert (sent.state, sent.sent_to) == (State.SENT, "sales@kestrel.example")
    # Once more, to another address: it stays sent.
    assert orders.send_order(pk=order.pk, actor=desk.buyer).state == State.SENT


def test_a_draft_leaves_no_gap_in_the_numbers(desk: Desk) -> None:
    orders.discard_order(pk=desk.order().pk)
    assert desk.order(State.APPROVED).number == "PUN/O2627/00001"
    reopened = orders.reopen_order(pk=PurchaseOrder.objects.get().pk)
    assert reopened.state == State.DRAFT
    assert desk.line(reopened).due == 0
    with pytest.raises(OrderRefused, match="has its number already"):
        orders.discard_order(pk=reopened.pk)
    assert orders.submit_order(pk=reopened.pk, actor=desk.buyer).number == "PUN/O2627/00001"
    assert desk.order(State.APPROVED).number == "PUN/O2627/00002"


class TestApproval:
    def test_over_the_limit_an_order_waits_for_who_may(self, desk: Desk) -> None:
        OrderSettings.objects.create(approval_limit=Decimal(799))
        order = orders.submit_order(pk=desk.order().pk, actor=desk.buyer)
        assert (order.state, order.number) == (State.WAITING, "")
        assert desk.line(order).due == 0
        with pytest.raises(OrderRefused, match="approved by somebody with that right"):
            orders.approve_order(pk=order.pk, actor=desk.buyer)
        with pytest.raises(OrderRefused, match="Say what is to be changed"):
            orders.send_back_order(pk=order.pk, reason=" ")
        back = orders.send_back_order(pk=order.pk, reason="Ask for 5% more")
        assert (back.state, back.reason) == (State.DRAFT, "Ask for 5% more")

        orders.submit_order(pk=order.pk, actor=desk.buyer)
        approved = orders.approve_order(pk=order.pk, actor=desk.owner)
        assert (approved.state, approved.approved_by, approved.reason) == (State.APPROVED, desk.owner, "")

    def test_at_the_limit_it_does_not(self, desk: Desk) -> None:
        OrderSettings.objects.create(approval_limit=Decimal(800))
        assert orders.submit_order(pk=desk.order().pk, actor=desk.buyer).state == State.APPROVED

    def test_who_may_approve_waits_for_nobody(self, desk: Desk) -> None:
        OrderSettings.objects.create(approval_limit=Decimal(0))
        assert orders.submit_order(pk=desk.order().pk, actor=desk.owner).state == State.APPROVED

    def test_a_second_click_approves_nothing_twice(self, desk: Desk) -> None:
        order = desk.order(State.APPROVED)
        with pytest.raises(OrderClosed, match="PUN/O2627/00001 is approved already"):
            orders.submit_order(pk=order.pk, actor=desk.owner)
        assert desk.order(State.APPROVED).number == "PUN/O2627/00002"

    def test_an_order_that_became_another_meanwhile_is_shown_first(self, desk: Desk) -> None:
        order = desk.order()
        orders.put_line(pk=order.pk, terms=Terms(desk.other.pk, 5))
        with pytest.raises(Stale):
            orders.submit_order(pk=order.pk, actor=desk.buyer, version=order.version)


class TestBadInput:
    @pytest.mark.parametrize(
        ("terms", "field", "words"),
        [
            ({"quantity": 0}, "quantity", "Order 1 or more"),
            ({"quantity": -4}, "quantity", "Order 1 or more"),
            ({"quantity": 2**31}, "quantity", "Order 1 or more"),
            ({"free": -1}, "free", "0 or more"),
            ({"rate": Decimal("-0.01")}, "rate", "0 or more"),
            ({"discount": Decimal("100.01")}, "discount", "0 to 100"),
            ({"product_id": 0}, "product", "Choose a product"),
        ],
    )
    def test_a_line_that_cannot_be(self, desk: Desk, terms: dict[str, object], field: str, words: str) -> None:
        order = desk.order()
        given = {"product_id": desk.product.pk, "quantity": 1, **terms}
        with pytest.raises(LineRefused, match=words) as caught:
            orders.put_line(pk=order.pk, terms=Terms(**given))  # type: ignore[arg-type]
        assert caught.value.field == field
        order.refresh_from_db()
        assert order.line_count == 1

    def test_a_discontinued_product(self, desk: Desk) -> None:
        order = desk.order()
        desk.product.active = False
        desk.product.save(update_fields=["active"])
        with pytest.raises(LineRefused, match="Azivanta 500 is discontinued"):
            orders.put_line(pk=order.pk, terms=Terms(desk.product.pk, 1))
        with pytest.raises(OrderRefused, match=r"Azivanta 500 is discontinued\. Remove its line"):
            orders.submit_order(pk=order.pk, actor=desk.buyer)

    def test_a_supplier_who_is_none(self, desk: Desk) -> None:
        customer = supplier("Sunrise Medicals", is_customer=True, is_supplier=False)
        with pytest.raises(SupplierRefused, match="Sunrise Medicals is no supplier") as caught:
            desk.order(supplier=customer)
        assert caught.value.field == "supplier"
        order = desk.order()
        desk.supplier.active = False
        desk.supplier.save(update_fields=["active"])
        with pytest.raises(SupplierRefused, match="archived"):
            orders.submit_order(pk=order.pk, actor=desk.buyer)

    def test_goods_expected_before_they_are_ordered(self, desk: Desk) -> None:
        early = TODAY - dt.timedelta(days=1)
        with pytest.raises(OrderRefused, match="on or after") as caught:
            desk.order(expected_on=early)
        assert caught.value.field == "expected_on"
        order = desk.order(State.SENT)
        with pytest.raises(OrderRefused, match="on or after"):
            orders.expect_order(pk=order.pk, expected_on=early)
        assert orders.expect_order(pk=order.pk, expected_on=TODAY).expected_on == TODAY

    def test_an_archived_branch(self, desk: Desk) -> None:
        desk.branch.active = False
        with pytest.raises(OrderRefused, match="Pune is archived"):
            desk.order()

    def test_an_empty_order(self, desk: Desk) -> None:
        order = desk.order()
        orders.remove_line(pk=order.pk, line_id=desk.line(order).pk)
        with pytest.raises(OrderRefused, match="nothing on this order"):
            orders.submit_order(pk=order.pk, actor=desk.buyer)

    def test_a_line_that_somebody_changed_or_removed_meanwhile(self, desk: Desk) -> None:
        order = desk.order()
        line = desk.line(order)
        terms = Terms(desk.product.pk, 60)
        orders.put_line(pk=order.pk, line_id=line.pk, version=1, terms=terms)
        with pytest.raises(Stale):
            orders.put_line(pk=order.pk, line_id=line.pk, version=1, terms=terms)
        assert orders.remove_line(pk=order.pk, line_id=line.pk) is not None
        assert orders.remove_line(pk=order.pk, line_id=line.pk) is None
        with pytest.raises(Stale):
            orders.put_line(pk=order.pk, line_id=line.pk, version=2, terms=terms)

    def test_a_heading_that_somebody_changed_meanwhile(self, desk: Desk) -> None:
        order = desk.order()
        heading = {"supplier": desk.supplier, "branch": desk.branch, "on_date": TODAY, "expected_on": None}
        changed = orders.change_order(pk=order.pk, version=order.version, note="Cold box", **heading)  # type: ignore[arg-type]
        assert changed.note == "Cold box"
        with pytest.raises(Stale):
            orders.change_order(pk=order.pk, version=order.version, note="", **heading)  # type: ignore[arg-type]


class TestTheEnd:
    def test_cancelling_needs_a_reason_and_ends_it(self, desk: Desk) -> None:
        order = desk.order(State.SENT)
        with pytest.raises(OrderRefused, match="Say why") as caught:
            orders.cancel_order(pk=order.pk, reason="  ")
        assert caught.value.field == "reason"
        cancelled = orders.cancel_order(pk=order.pk, reason="Supplier is out of stock")
        assert (cancelled.state, cancelled.reason) == (State.CANCELLED, "Supplier is out of stock")
        assert desk.line(order).due == 0

    def test_nothing_is_done_with_a_cancelled_order(self, desk: Desk) -> None:
        order = desk.order(State.SENT)
        orders.cancel_order(pk=order.pk, reason="Wrong supplier")
        for work in (
            lambda: orders.put_line(pk=order.pk, terms=Terms(desk.other.pk, 1)),
            lambda: orders.remove_line(pk=order.pk, line_id=desk.line(order).pk),
            lambda: orders.submit_order(pk=order.pk, actor=desk.owner),
            lambda: orders.send_order(pk=order.pk, actor=desk.owner),
            lambda: orders.reopen_order(pk=order.pk),
            lambda: orders.cancel_order(pk=order.pk, reason="Again"),
            lambda: orders.close_short(pk=order.pk, reason="Again"),
            lambda: orders.discard_order(pk=order.pk),
            lambda: orders.expect_order(pk=order.pk, expected_on=TODAY),
        ):
            with pytest.raises(OrderClosed, match="is cancelled already"):
                work()

    def test_an_order_of_which_nothing_came_is_not_closed_short(self, desk: Desk) -> None:
        with pytest.raises(OrderClosed):
            orders.close_short(pk=desk.order(State.SENT).pk, reason="Enough")


class TestTheDatabaseItself:
    """What the operations refuse, the database refuses again, whoever writes."""

    def test_every_move_that_is_not_declared(self, desk: Desk) -> None:
        order = desk.order()
        allowed = 0
        for before in OrderState:
            for after in OrderState:
                if before == after:
                    continue
                with transaction.atomic():
                    _force(order, before)
                    try:
                        with transaction.atomic():
                            PurchaseOrder.objects.filter(pk=order.pk).update(state=after.value, reason="A reason")
                    except ProgrammingError:
                        assert after not in MOVES[before], (before, after)
                    else:
                        assert after in MOVES[before], (before, after)
                        allowed += 1
                    transaction.set_rollback(True)
        assert allowed == sum(len(ends) for ends in MOVES.values())

    def test_lines_of_an_order_that_is_no_draft(self, desk: Desk) -> None:
        order = desk.order(State.APPROVED)
        line = desk.line(order)
        draft = desk.order()
        for work in (
            lambda: OrderLine.objects.create(order=order, product=desk.other, quantity=1),
            lambda: OrderLine.objects.filter(pk=line.pk).update(quantity=101),
            lambda: OrderLine.objects.filter(pk=line.pk).update(rate=Decimal(9)),
            lambda: OrderLine.objects.filter(pk=line.pk).delete(),
            lambda: OrderLine.objects.filter(order=draft).update(order=order),
        ):
            with pytest.raises(IntegrityError, match="Lines change on drafts only"), transaction.atomic():
                work()
        assert OrderLine.objects.filter(pk=line.pk).update(received=5) == 1

    def test_an_end_without_a_reason(self, desk: Desk) -> None:
        order = desk.order()
        with pytest.raises(IntegrityError, match="purchasing_order_reason"), transaction.atomic():
            PurchaseOrder.objects.filter(pk=order.pk).update(state="cancelled", reason="")

    def test_two_sets_of_settings(self, desk: Desk) -> None:
        OrderSettings.objects.create()
        with pytest.raises(IntegrityError, match="purchasing_ordersettings_one"), transaction.atomic():
            OrderSettings.objects.create()


def _force(order: PurchaseOrder, state: OrderState) -> None:
    """Bring the order into a state along the declared moves."""
    path = _path(OrderState.DRAFT, state)
    for step in path:
        PurchaseOrder.objects.filter(pk=order.pk).update(state=step.value, reason="A reason")
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM purchasing_purchaseorder WHERE id = %s", [order.pk])
        assert cursor.fetchone() == (state.value,)


def _path(start: OrderState, end: OrderState) -> list[OrderState]:
    ways = {start: list[OrderState]()}
    todo = [start]
    while todo:
        here = todo.pop(0)
        for further in sorted(MOVES[here] - ways.keys()):
            ways[further] = [*ways[here], further]
            todo.append(further)
    return ways[end]


def test_refusals_are_refusals() -> None:
    assert issubclass(OrderRefused, Refusal)
