"""Receipts while they are open: lines save themselves, rules for shelf life, decisions, orders."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.utils import IntegrityError

from apps.core.refusals import Stale
from apps.parties.models import Party
from apps.purchasing.models import (
    BillCharge,
    Decision,
    GoodsReceipt,
    OrderSettings,
    PurchaseOrder,
    ReceiptLine,
    ReceiptState,
    ShelfLifeRule,
    SupplierBill,
)
from apps.purchasing.operations import LinesInTheWay, ReceiptClosed, ReceiptRefused, put_charge
from apps.purchasing.operations.orders import cancel_order
from apps.purchasing.operations.receipt_decisions import (
    allow_line,
    ask_about_line,
    claim_rest,
    decide_rest,
    keep_line,
    reject_line,
    take_ordered,
)
from apps.purchasing.operations.receipt_lines import (
    discard_receipt,
    entry_of,
    move_receipt,
    put_receipt_line,
    remove_receipt_line,
    split_receipt_line,
    start_receipt,
)
from tests.inventory import factories as goods
from tests.purchasing.delivery import Delivery, delivery

__all__ = ["delivery"]
D = Decimal
State = PurchaseOrder.State


def _line(receipt: GoodsReceipt) -> ReceiptLine:
    found: ReceiptLine = ReceiptLine.objects.filter(receipt=receipt).earliest("position", "id")
    return found


def test_a_line_is_kept_whatever_is_missing(delivery: Delivery) -> None:
    receipt = delivery.receipt(delivery.entry(number="", expiry=None, mrp=None, quantity=None, rate=None))
    line = _line(receipt)
    assert line.findings == "not_counted,batch_missing,expiry_missing,mrp_missing,rate_missing"
    assert line.tax_rate == D(5)
    line = put_receipt_line(
        pk=receipt.pk, entry=delivery.entry(expiry=dt.date(2029, 8, 1)), line_id=line.pk, version=line.version
    )
    assert line.findings == ""
    # A month is its last day.
    assert line.expiry == dt.date(2029, 8, 31)
    receipt.refresh_from_db()
    assert (receipt.line_count, receipt.units, receipt.amount) == (1, 110, D("800.00"))


def test_the_tax_of_the_product_is_filled_in(delivery: Delivery) -> None:
    assert _line(delivery.receipt(delivery.entry(tax_rate=None))).tax_rate == D(5)


def test_a_line_sent_twice_is_one_line(delivery: Delivery) -> None:
    receipt = delivery.receipt()
    for quantity in (5, 6):
        put_receipt_line(pk=receipt.pk, entry=delivery.entry(number="B2", quantity=quantity), key="k1")
    assert list(receipt.lines.values_list("number", "quantity").order_by("id")) == [("AZ4410", 100), ("B2", 6)]


def test_two_people_in_one_line(delivery: Delivery) -> None:
    receipt = delivery.receipt()
    line = _line(receipt)
    put_receipt_line(pk=receipt.pk, entry=delivery.entry(quantity=5), line_id=line.pk, version=line.version)
    with pytest.raises(Stale):
        put_receipt_line(pk=receipt.pk, entry=delivery.entry(quantity=6), line_id=line.pk, version=line.version)
    assert remove_receipt_line(pk=receipt.pk, line_id=line.pk) == replace(entry_of(line), quantity=5)
    assert remove_receipt_line(pk=receipt.pk, line_id=line.pk) is None
    with pytest.raises(Stale):
        put_receipt_line(pk=receipt.pk, entry=delivery.entry(), line_id=line.pk)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"quantity": -1}, "quantity"),
        ({"quantity": 2**31}, "quantity"),
        ({"free": -1}, "free"),
        ({"rate": D(-1)}, "rate"),
        ({"mrp": D(10) ** 9}, "mrp"),
        ({"discount": D(101)}, "discount"),
        ({"tax_rate": D(-1)}, "tax_rate"),
        ({"product_id": 0}, "product"),
        ({"place_id": 0}, "place"),
        ({"order_line_id": 0}, "product"),
        ({"number": "9" * 31}, "number"),
    ],
)
def test_what_cannot_be_on_a_line(delivery: Delivery, fields: dict[str, object], field: str) -> None:
    with pytest.raises(ReceiptRefused) as caught:
        delivery.receipt(delivery.entry(**fields))
    assert caught.value.field == field


def test_the_next_batch_of_the_same_goods(delivery: Delivery) -> None:
    receipt = delivery.receipt(delivery.entry(), delivery.entry(number="B2"))
    first = _line(receipt)
    for _turn in range(2):
        made = split_receipt_line(pk=receipt.pk, line_id=first.pk, key="split")
    assert [line.number for line in receipt.lines.order_by("position")] == ["AZ4410", "", "B2"]
    assert (made.product_id, made.rate, made.quantity, made.free) == (first.product_id, first.rate, None, 0)


def test_the_narrowest_rule_for_shelf_life_holds(delivery: Delivery) -> None:
    soon = delivery.today + dt.timedelta(days=100)
    receipt = delivery.receipt(delivery.entry(expiry=soon))
    assert "short_dated" in _line(receipt).findings

    def found(**rule: object) -> str:
        ShelfLifeRule.objects.create(**rule)
        line = _line(receipt)
        return put_receipt_line(pk=receipt.pk, entry=delivery.entry(expiry=soon), line_id=line.pk).findings

    assert found(supplier=delivery.supplier, minimum_days=60) == ""
    assert found(product=delivery.product, minimum_days=365) == "short_dated"
    assert found(product=delivery.product, supplier=delivery.supplier, minimum_days=0) == ""


def test_what_is_allowed_lapses_when_it_changes(delivery: Delivery) -> None:
    soon = delivery.today + dt.timedelta(days=40)
    receipt = delivery.receipt(delivery.entry(expiry=soon))
    line = _line(receipt)
    assert ask_about_line(pk=receipt.pk, line_id=line.pk, actor=delivery.buyer).asked_by_id == delivery.buyer.pk
    line = allow_line(pk=receipt.pk, line_id=line.pk, actor=delivery.owner)
    assert (line.findings, line.allowed_by_id, line.asked_by_id) == ("", delivery.owner.pk, None)
    with pytest.raises(ReceiptRefused, match="nothing to allow"):
        allow_line(pk=receipt.pk, line_id=line.pk, actor=delivery.owner)
    line = put_receipt_line(pk=receipt.pk, entry=delivery.entry(expiry=soon, quantity=99), line_id=line.pk)
    assert (line.findings, line.allowed_by_id) == ("short_dated", None)


def test_a_rejected_line_says_why(delivery: Delivery) -> None:
    receipt = delivery.receipt()
    line = _line(receipt)
    with pytest.raises(ReceiptRefused, match="Say why"):
        reject_line(pk=receipt.pk, line_id=line.pk, reason=" ")
    assert reject_line(pk=receipt.pk, line_id=line.pk, reason="Torn").rejected
    receipt.refresh_from_db()
    assert receipt.amount == 0
    assert not keep_line(pk=receipt.pk, line_id=line.pk).rejected


# ---- against an order ----


def test_an_order_is_counted_line_by_line(delivery: Delivery) -> None:
    order = delivery.order(State.SENT)
    receipt = delivery.receipt(order=order)
    line = _line(receipt)
    assert (line.quantity, line.rate, line.tax_rate, line.order_line.order_id) == (None, D(8), D(5), order.pk)  # type: ignore[union-attr]
    entry = replace(entry_of(line), number="AZ1", expiry=dt.date(2029, 1, 31), mrp=D(20), quantity=80)
    line = put_receipt_line(pk=receipt.pk, entry=entry, line_id=line.pk)
    assert line.findings == "short_of_order"
    with pytest.raises(LinesInTheWay):
        delivery.post(receipt)
    decide_rest(pk=receipt.pk, line_id=line.pk, decision=Decision.BACK_ORDER)
    delivery.post(receipt)
    order.refresh_from_db()
    assert order.state == State.PART_RECEIVED
    assert delivery.line(order).received == 80


def test_the_rest_is_not_expected_any_more(delivery: Delivery) -> None:
    order = delivery.order(State.SENT)
    receipt = delivery.receipt(order=order)
    entry = replace(entry_of(_line(receipt)), number="AZ1", expiry=dt.date(2029, 1, 31), mrp=D(20), quantity=80)
    line = put_receipt_line(pk=receipt.pk, entry=entry, line_id=_line(receipt).pk)
    decide_rest(pk=receipt.pk, line_id=line.pk, decision=Decision.CLOSE)
    delivery.post(receipt)
    order.refresh_from_db()
    assert order.state == State.CLOSED


def test_two_batches_of_one_order_line(delivery: Delivery) -> None:
    order = delivery.order(State.SENT)
    receipt = delivery.receipt(order=order)
    first = _line(receipt)
    second = split_receipt_line(pk=receipt.pk, line_id=first.pk)
    for line, number, quantity in ((first, "A1", 60), (second, "A2", 40)):
        entry = replace(entry_of(line), number=number, expiry=dt.date(2029, 1, 31), mrp=D(20), quantity=quantity)
        put_receipt_line(pk=receipt.pk, entry=entry, line_id=line.pk)
    assert set(receipt.lines.values_list("findings", flat=True)) == {""}
    delivery.post(receipt)
    order.refresh_from_db()
    assert order.state == State.RECEIVED


def test_more_than_ordered_is_refused_or_allowed(delivery: Delivery) -> None:
    OrderSettings.objects.create(over_receipt_percent=D(5))
    order = delivery.order(State.SENT)
    receipt = delivery.receipt(order=order)
    entry = replace(entry_of(_line(receipt)), number="A1", expiry=dt.date(2029, 1, 31), mrp=D(20), quantity=105)
    line = put_receipt_line(pk=receipt.pk, entry=entry, line_id=_line(receipt).pk)
    assert line.findings == "over_order_slightly"
    line = put_receipt_line(pk=receipt.pk, entry=replace(entry, quantity=106), line_id=line.pk)
    assert line.findings == "over_order"
    allow_line(pk=receipt.pk, line_id=line.pk, actor=delivery.owner)
    delivery.post(receipt)
    assert delivery.line(order).received == 106


def test_everything_as_ordered(delivery: Delivery) -> None:
    receipt = delivery.receipt(order=delivery.order(State.SENT))
    assert take_ordered(pk=receipt.pk) == 1
    line = _line(receipt)
    assert (line.quantity, line.free) == (100, 10)


@pytest.mark.parametrize("state", [State.DRAFT, State.CANCELLED])
def test_nothing_is_received_against_a_closed_order(delivery: Delivery, state: str) -> None:
    order = delivery.order(State.SENT if state == State.CANCELLED else state)
    if state == State.CANCELLED:
        cancel_order(pk=order.pk, reason="Not needed")
        order.refresh_from_db()
    with pytest.raises(ReceiptRefused, match="nothing is expected of it") as caught:
        delivery.receipt(order=order)
    assert caught.value.field == "order"


def test_an_order_cancelled_meanwhile_takes_nothing(delivery: Delivery) -> None:
    order = delivery.order(State.SENT)
    receipt = delivery.receipt(order=order)
    entry = replace(entry_of(_line(receipt)), number="A1", expiry=dt.date(2029, 1, 31), mrp=D(20), quantity=100)
    put_receipt_line(pk=receipt.pk, entry=entry, line_id=_line(receipt).pk)
    cancel_order(pk=order.pk, reason="Not needed")
    with pytest.raises(Exception, match="nothing is expected of it"):
        delivery.post(receipt)
    receipt.refresh_from_db()
    assert receipt.state == ReceiptState.DRAFT


def test_a_bill_may_name_more_than_came(delivery: Delivery) -> None:
    receipt = delivery.receipt(delivery.entry(quantity=80, free=0))
    line = claim_rest(pk=receipt.pk, line_id=_line(receipt).pk, billed=100)
    assert line.findings == "short_of_bill"


# ---- the whole ----


def test_checked_parked_and_taken_up(delivery: Delivery) -> None:
    receipt = delivery.receipt()
    move_receipt(pk=receipt.pk, state=ReceiptState.CHECKED)
    line = _line(receipt)
    put_receipt_line(pk=receipt.pk, entry=delivery.entry(quantity=5), line_id=line.pk)
    receipt.refresh_from_db()
    assert receipt.state == ReceiptState.DRAFT
    move_receipt(pk=receipt.pk, state=ReceiptState.PARKED, reason="Supplier sends the bill")
    move_receipt(pk=receipt.pk, state=ReceiptState.DRAFT)
    with pytest.raises(ReceiptClosed):
        move_receipt(pk=receipt.pk, state=ReceiptState.DRAFT)


def test_given_up_the_suppliers_number_is_free(delivery: Delivery) -> None:
    receipt = delivery.receipt()
    delivery.bill(receipt, "KA/9")
    put_charge(receipt_id=receipt.pk, kind="freight", amount=D(10))
    assert BillCharge.objects.count() == 1
    discard_receipt(pk=receipt.pk)
    assert not SupplierBill.objects.exists()
    delivery.bill(delivery.receipt(), "KA/9")
    with pytest.raises(ReceiptClosed):
        put_receipt_line(pk=receipt.pk, entry=delivery.entry())


def test_who_is_no_supplier_brings_nothing(delivery: Delivery) -> None:
    customer = Party.objects.create(name="Clocktower", state_code="27", is_customer=True)
    with pytest.raises(ReceiptRefused, match="no supplier"):
        delivery.receipt(supplier=customer)
    Party.objects.filter(pk=delivery.supplier.pk).update(active=False)
    delivery.supplier.refresh_from_db()
    with pytest.raises(ReceiptRefused, match="archived"):
        delivery.receipt()


def test_nothing_is_received_in_transit(delivery: Delivery) -> None:
    with pytest.raises(ReceiptRefused) as caught:
        start_receipt(
            supplier=delivery.supplier,
            branch=delivery.branch,
            place=goods.place("Transit", kind="transit"),
            on_date=delivery.today,
            actor=delivery.buyer,
        )
    assert caught.value.field == "place"


# ---- the database holds to it ----


@pytest.mark.parametrize(
    ("before", "after"), [("draft", "posted"), ("posted", "draft"), ("cancelled", "draft"), ("parked", "posted")]
)
def test_the_database_refuses_other_moves(delivery: Delivery, before: str, after: str) -> None:
    receipt = delivery.receipt()
    if before == "posted":
        delivery.post(receipt)
    elif before == "cancelled":
        discard_receipt(pk=receipt.pk)
    elif before == "parked":
        move_receipt(pk=receipt.pk, state=ReceiptState.PARKED)
    # A draft may become posted, but not without number and moment.
    expected = IntegrityError if before == "draft" else ProgrammingError
    with pytest.raises(expected), transaction.atomic():
        GoodsReceipt.objects.filter(pk=receipt.pk).update(state=after)


def test_lines_of_goods_in_stock_do_not_change(delivery: Delivery) -> None:
    receipt = delivery.post(delivery.receipt())
    rows = ReceiptLine.objects.filter(receipt=receipt)
    for sql in ("UPDATE purchasing_receiptline SET quantity = 1", "DELETE FROM purchasing_receiptline"):
        with (
            pytest.raises(IntegrityError, match="until the goods are in stock"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"{sql} WHERE id = %s", [rows.get().pk])
