"""When a bill falls due, what is held back of it, and receipts taken back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from apps.finance.models import OpenItem, TaxLine
from apps.inventory.models import Batch, Move
from apps.purchasing.models import (
    ReceiptState,
    ReceivingSettings,
    StatutoryFigure,
    SupplierBill,
    SupplierTerms,
)
from apps.purchasing.operations import (
    ReceiptRefused,
    cancel_receipt,
)
from tests.inventory import factories as goods
from tests.purchasing.delivery import Delivery, delivery

__all__ = ["delivery"]
D = Decimal


# ---- dues ----


def test_a_small_supplier_is_due_in_time(delivery: Delivery) -> None:
    SupplierTerms.objects.create(supplier=delivery.supplier, enterprise="small")
    receipt = delivery.receipt()
    delivery.bill(receipt)
    delivery.post(receipt)
    bill = SupplierBill.objects.get()
    assert bill.pay_by == bill.due_on == delivery.today + dt.timedelta(days=15)
    assert OpenItem.objects.get().due_on == bill.due_on


def test_tax_is_held_back_above_the_years_threshold(delivery: Delivery) -> None:
    ReceivingSettings.objects.create(withholds_tax=True)
    StatutoryFigure.objects.filter(kind="tds_threshold").update(value=D(1000))
    for number in ("AZ1", "AZ2"):
        receipt = delivery.receipt(delivery.entry(number=number, quantity=1000, rate=D("8.0000")))
        delivery.bill(receipt)
        delivery.post(receipt)
    # 0.1 % of 7,000, then of 8,000.
    assert [bill.withheld for bill in SupplierBill.objects.order_by("id")] == [D("7.00"), D("8.00")]
    assert delivery.balance("tds_payable") == D("-15.00")
    assert delivery.balance("payables") == D("-16785.00")
    delivery.whole()


# ---- taken back ----


def test_a_receipt_taken_back_leaves_nothing(delivery: Delivery) -> None:
    receipt = delivery.receipt()
    delivery.bill(receipt, "KA/77")
    delivery.post(receipt)
    for _turn in range(2):
        gone = cancel_receipt(pk=receipt.pk, reason="Entered twice", on_date=delivery.today, actor=delivery.owner)
        assert gone.state == ReceiptState.CANCELLED
    assert delivery.books() == {}
    assert delivery.on_hand() == 0
    assert sum(row.taxable for row in TaxLine.objects.all()) == 0
    assert not OpenItem.objects.exclude(open_amount=0).exists()
    assert gone.number
    delivery.whole()


def test_goods_that_are_sold_cannot_be_taken_back(delivery: Delivery) -> None:
    receipt = delivery.receipt()
    delivery.bill(receipt)
    delivery.post(receipt)
    Move.objects.bulk_create([goods.move(Batch.objects.get(), delivery.godown, -1, kind="issue")])
    with pytest.raises(ReceiptRefused, match="Return what is left"):
        cancel_receipt(pk=receipt.pk, reason="Mistake", on_date=delivery.today, actor=delivery.owner)
    assert SupplierBill.objects.get().state == "posted"
    with pytest.raises(ReceiptRefused, match="Say why"):
        cancel_receipt(pk=receipt.pk, reason=" ", on_date=delivery.today, actor=delivery.owner)
