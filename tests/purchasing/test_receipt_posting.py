"""A receipt goes into stock, with its bill and without."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from apps.core.refusals import Stale
from apps.finance.models import JournalEntry, OpenItem, TaxLine
from apps.finance.operations import lock_period
from apps.finance.refusals import PeriodLocked
from apps.inventory.models import Batch, Move, Stock
from apps.inventory.operations import PlaceFrozen
from apps.organizations.models import Branch
from apps.parties.models import Party
from apps.purchasing.models import (
    BillLine,
    BillState,
    GoodsReceipt,
    ReceiptState,
    SupplierBill,
)
from apps.purchasing.operations import (
    BillRefused,
    DuplicateBill,
    LinesInTheWay,
    ReceiptClosed,
    ReceiptRefused,
    cancel_bill,
    post_bill,
    post_receipt,
    put_billed_terms,
    put_charge,
)
from apps.purchasing.operations.receipt_decisions import allow_line, reject_line
from apps.purchasing.queries.booking import SupplierUnfit
from apps.purchasing.rules.line_checks import Finding
from tests.inventory import factories as goods
from tests.purchasing.delivery import Delivery, delivery

__all__ = ["delivery"]
D = Decimal


def test_goods_with_their_bill(delivery: Delivery) -> None:
    receipt = delivery.receipt()
    delivery.bill(receipt, "KA/77", printed_total=D("840.00"))
    receipt = delivery.post(receipt)

    assert receipt.state == ReceiptState.POSTED
    assert receipt.number.endswith("00001")
    batch = Batch.objects.get()
    assert (batch.number, batch.mrp, batch.expiry) == ("AZ4410", D("20.00"), dt.date(2029, 8, 31))
    # 100 paid and 10 free for 800 rupees.
    assert batch.cost == D("7.2727")
    assert delivery.on_hand(batch) == 110
    # Costs have four places: 110 at 7.2727 are 799.997, which is 800.00.
    assert delivery.books() == {"stock": "800.00", "input_cgst": "20.00", "input_sgst": "20.00", "payables": "-840.00"}
    item = OpenItem.objects.get()
    assert (item.number, item.amount, item.due_on) == ("KA/77", D("-840.00"), delivery.today + dt.timedelta(days=30))
    tax = TaxLine.objects.get()
    assert (tax.direction, tax.hsn, tax.taxable, tax.cgst, tax.sgst, tax.creditable) == (
        "in", "30049099", D("800.00"), D("20.00"), D("20.00"), True,
    )  # fmt: skip
    assert tax.party_gstin == "27AABCR1718E1ZP"
    bill = SupplierBill.objects.get()
    assert (bill.state, bill.total, bill.taxable, bill.round_off) == ("posted", D("840.00"), D("800.00"), D(0))
    move = Move.objects.get()
    assert (move.document_kind, move.document_number, move.quantity) == ("purchasing.receipt", receipt.number, 110)
    assert receipt.unbilled == 0
    delivery.whole()


def test_goods_without_a_bill_wait_for_it(delivery: Delivery) -> None:
    receipt = delivery.post(delivery.receipt())
    assert delivery.books() == {"stock": "800.00", "goods_received_not_billed": "-800.00"}
    assert receipt.unbilled == D("800.00")
    assert not TaxLine.objects.exists()
    delivery.whole()

    delivery.bill(receipt, printed_total=D("840.00"))
    bill = post_bill(receipt_id=receipt.pk, on_date=delivery.today, actor=delivery.owner)
    assert bill.state == BillState.POSTED
    assert delivery.books() == {"stock": "800.00", "input_cgst": "20.00", "input_sgst": "20.00", "payables": "-840.00"}
    receipt.refresh_from_db()
    assert receipt.unbilled == 0
    delivery.whole()


def test_a_later_bill_at_another_rate_changes_what_is_still_there(delivery: Delivery) -> None:
    """Half is sold when the bill says 9 instead of 8: half of the hundred is cost of goods sold."""
    receipt = delivery.post(delivery.receipt(delivery.entry(free=0)))
    batch = Batch.objects.get()
    Move.objects.bulk_create([goods.move(batch, delivery.godown, -50, kind="issue")])
    delivery.bill(receipt)
    line = delivery.line(receipt)
    put_billed_terms(
        receipt_id=receipt.pk,
        line_id=line.pk,
        version=line.version,
        billed=None,
        rate=D(9),
        discount=D(0),
        tax_rate=D(5),
    )
    post_bill(receipt_id=receipt.pk, on_date=delivery.today, actor=delivery.owner)
    batch.refresh_from_db()
    assert batch.cost == D("9.0000")
    books = delivery.books()
    assert (books["stock"], books["cogs"], books["payables"]) == ("850.00", "50.00", "-945.00")
    assert "goods_received_not_billed" not in books
    assert "purchase_difference" not in books
    row = BillLine.objects.get()
    assert (row.cleared, row.revalued, row.taxable) == (D("800.00"), D("50.00"), D("900.00"))

    cancel_bill(receipt_id=receipt.pk, reason="Wrong rate", on_date=delivery.today, actor=delivery.owner)
    batch.refresh_from_db()
    assert batch.cost == D("8.0000")
    assert delivery.books() == {"stock": "800.00", "goods_received_not_billed": "-800.00"}
    # The number is free again.
    delivery.bill(GoodsReceipt.objects.get(), row.bill.number)


def test_freight_becomes_part_of_the_cost(delivery: Delivery) -> None:
    receipt = delivery.receipt(
        delivery.entry(free=0),
        delivery.entry(product_id=delivery.other.pk, number="PL1", quantity=50, free=0, rate=D(4)),
    )
    delivery.bill(receipt)
    put_charge(receipt_id=receipt.pk, kind="freight", amount=D("100.00"), tax_rate=D(5))
    put_charge(receipt_id=receipt.pk, kind="packing", amount=D("20.00"), landed=False)
    delivery.post(receipt)
    # 800 and 200 take 80 and 20 of the freight.
    assert [batch.cost for batch in Batch.objects.order_by("id")] == [D("8.8000"), D("4.4000")]
    assert delivery.books() == {
        "stock": "1100.00", "freight_inward": "20.00", "input_cgst": "27.50", "input_sgst": "27.50",
        "payables": "-1175.00",
    }  # fmt: skip
    delivery.whole()


def test_what_is_billed_and_not_received_is_claimed_back(delivery: Delivery) -> None:
    receipt = delivery.receipt(
        delivery.entry(quantity=80, free=0, billed=100),
        delivery.entry(product_id=delivery.other.pk, number="PL1", quantity=10, free=0, rate=D(4)),
    )
    reject_line(pk=receipt.pk, line_id=receipt.lines.latest("position").pk, reason="Strips torn")
    delivery.bill(receipt, printed_total=D("882.00"))
    delivery.post(receipt)
    # 20 of 100 short and 10 rejected: 160 and 40 with 5 %.
    assert delivery.books() == {
        "stock": "640.00", "supplier_claims": "210.00", "input_cgst": "16.00", "input_sgst": "16.00",
        "payables": "-882.00",
    }  # fmt: skip
    assert delivery.on_hand() == 80
    assert sum(row.taxable for row in TaxLine.objects.all()) == D("640.00")
    assert SupplierBill.objects.get().claimed == D("210.00")
    delivery.whole()


def test_more_than_billed_waits_for_another_bill(delivery: Delivery) -> None:
    receipt = delivery.receipt(delivery.entry(quantity=100, free=0, billed=80))
    delivery.bill(receipt)
    receipt = delivery.post(receipt)
    assert receipt.unbilled == D("160.00")
    assert delivery.balance("goods_received_not_billed") == D("-160.00")
    delivery.whole()
    delivery.bill(receipt, "KA/second")
    post_bill(receipt_id=receipt.pk, on_date=delivery.today, actor=delivery.owner)
    receipt.refresh_from_db()
    assert receipt.unbilled == 0
    assert delivery.balance("goods_received_not_billed") == 0
    assert delivery.balance("payables") == D("-840.00")
    delivery.whole()


def test_the_suppliers_rounding_and_one_that_is_none(delivery: Delivery) -> None:
    receipt = delivery.receipt(delivery.entry(rate=D("8.0100"), free=0))  # 801 + 40.05 (20.03 twice)
    delivery.bill(receipt, printed_total=D("841.00"))
    delivery.post(receipt)
    assert delivery.balance("round_off") == D("-0.06")
    assert delivery.balance("payables") == D("-841.00")

    other = delivery.receipt(delivery.entry(number="AZ2"))
    delivery.bill(other, printed_total=D("900.00"))
    with pytest.raises(BillRefused, match=r"₹900.00 and its lines come to ₹840.00: ₹60.00") as caught:
        delivery.post(other)
    assert caught.value.field == "printed_total"
    assert not Batch.objects.filter(number="AZ2").exists()


def test_another_state_means_igst(delivery: Delivery) -> None:
    Party.objects.filter(pk=delivery.supplier.pk).update(state_code="24", gstin="24AABCR1718E1ZV")
    receipt = delivery.receipt()
    delivery.bill(receipt)
    delivery.post(receipt)
    assert delivery.balance("input_igst") == D("40.00")
    assert TaxLine.objects.get().igst == D("40.00")


def test_who_pays_by_composition_charges_no_tax(delivery: Delivery) -> None:
    Party.objects.filter(pk=delivery.supplier.pk).update(registration="composition")
    receipt = delivery.receipt()
    delivery.bill(receipt)
    delivery.post(receipt)
    assert delivery.books() == {"stock": "800.00", "payables": "-800.00"}
    assert TaxLine.objects.get().document_kind == "BOS"


def test_a_branch_that_sets_nothing_off_bears_the_tax(delivery: Delivery) -> None:
    Branch.objects.filter(pk=delivery.branch.pk).update(composition=True)
    receipt = delivery.receipt(delivery.entry(free=0))
    delivery.bill(receipt)
    delivery.post(receipt)
    assert Batch.objects.get().cost == D("8.4000")
    assert delivery.books() == {"stock": "840.00", "payables": "-840.00"}
    assert not TaxLine.objects.get().creditable


def test_a_gstin_of_another_state_is_refused(delivery: Delivery) -> None:
    Party.objects.filter(pk=delivery.supplier.pk).update(state_code="24")
    receipt = delivery.receipt()
    delivery.bill(receipt)
    with pytest.raises(SupplierUnfit, match="27AABCR1718E1ZP of Kestrel Agencies is of State 27"):
        delivery.post(receipt)
    assert not Move.objects.exists()


def test_a_batch_that_comes_again_averages_and_the_books_say_so(delivery: Delivery) -> None:
    delivery.post(delivery.receipt(delivery.entry(quantity=3, free=0, rate=D("10.0000"))))
    other = Branch.objects.create(
        name="Nashik", code="NSK", state_code="27", address="1 Main", city="Nashik", pin_code="422001"
    )
    there = goods.place("Nashik godown", branch=other)
    receipt = delivery.receipt(
        delivery.entry(quantity=4, free=0, rate=D("9.0000"), place_id=None), branch=other, place=there
    )
    delivery.post(receipt)
    # 30 and 36 (37.80 with the tax that an unregistered branch bears) over seven.
    assert Batch.objects.get().cost == D("9.6857")
    delivery.whole()


def test_free_goods_alone_cost_nothing(delivery: Delivery) -> None:
    delivery.post(delivery.receipt(delivery.entry(quantity=0, free=10, rate=D(0))))
    assert Batch.objects.get().cost == 0
    assert not JournalEntry.objects.exists()
    delivery.whole()


def test_goods_go_into_quarantine(delivery: Delivery) -> None:
    quarantine = goods.place("Receiving quarantine", kind="quarantine")
    delivery.post(delivery.receipt(delivery.entry(place_id=quarantine.pk)))
    assert not Stock.objects.get().saleable


# ---- once ----


def test_posting_twice_changes_nothing(delivery: Delivery) -> None:
    receipt = delivery.receipt()
    delivery.bill(receipt)
    first = delivery.post(receipt)
    again = delivery.post(receipt)
    assert again.number == first.number
    assert post_bill(receipt_id=receipt.pk, on_date=delivery.today, actor=delivery.owner).state == "posted"
    assert (Move.objects.count(), JournalEntry.objects.count(), OpenItem.objects.count()) == (1, 2, 1)
    delivery.whole()


def test_a_bill_is_entered_once_in_a_year(delivery: Delivery) -> None:
    first = delivery.receipt()
    delivery.bill(first, "KA/77")
    delivery.post(first)
    second = delivery.receipt(delivery.entry(number="AZ2"))
    with pytest.raises(DuplicateBill, match=r"ka/77 of .* is entered already, with .*00001") as caught:
        delivery.bill(second, "ka/77")
    assert caught.value.field == "bill_number"
    # Of another year, and of another supplier, it is another bill.
    delivery.bill(second, "KA/77", bill_date=delivery.today - dt.timedelta(days=400))
    third = delivery.receipt(supplier=_other_supplier())
    delivery.bill(third, "KA/77")


def _other_supplier() -> Party:
    made: Party = Party.objects.create(name="Blue Heron", state_code="27", is_customer=False, is_supplier=True)
    return made


# ---- refused ----


def test_a_line_that_is_not_decided_is_in_the_way(delivery: Delivery) -> None:
    soon = delivery.today + dt.timedelta(days=40)
    receipt = delivery.receipt(
        delivery.entry(), delivery.entry(number="AZ2", expiry=soon), delivery.entry(number="", expiry=None)
    )
    with pytest.raises(LinesInTheWay, match="line 2, 3") as caught:
        delivery.post(receipt)
    assert list(caught.value.by_line.values()) == [
        (Finding.SHORT_DATED,),
        (Finding.BATCH_MISSING, Finding.EXPIRY_MISSING),
    ]
    assert not Move.objects.exists()
    second = receipt.lines.get(number="AZ2")
    with pytest.raises(ReceiptRefused, match="right to allow"):
        allow_line(pk=receipt.pk, line_id=second.pk, actor=delivery.buyer)
    allow_line(pk=receipt.pk, line_id=second.pk, actor=delivery.owner)
    reject_line(pk=receipt.pk, line_id=receipt.lines.latest("position").pk, reason="No batch on the pack")
    delivery.post(receipt)
    assert Batch.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "finding"),
    [
        ({"expiry": dt.date(2020, 1, 31)}, Finding.EXPIRED),
        ({"rate": D("19.9000")}, Finding.RATE_ABOVE_MRP),
        ({"quantity": None}, Finding.NOT_COUNTED),
        ({"mrp": None}, Finding.MRP_MISSING),
    ],
)
def test_what_cannot_be_received(delivery: Delivery, fields: dict[str, object], finding: Finding) -> None:
    receipt = delivery.receipt(delivery.entry(**fields))
    with pytest.raises(LinesInTheWay) as caught:
        delivery.post(receipt)
    assert caught.value.by_line == {receipt.lines.get().pk: (finding,)}
    assert not Batch.objects.exists()


def test_the_same_batch_with_another_expiry(delivery: Delivery) -> None:
    delivery.post(delivery.receipt())
    receipt = delivery.receipt(delivery.entry(expiry=dt.date(2029, 7, 31)))
    with pytest.raises(LinesInTheWay) as caught:
        delivery.post(receipt)
    assert list(caught.value.by_line.values()) == [(Finding.EXPIRY_DIFFERS,)]


def test_goods_of_the_cold_chain_need_their_temperature(delivery: Delivery) -> None:
    type(delivery.product).objects.filter(pk=delivery.product.pk).update(storage="cold")
    receipt = delivery.receipt()
    with pytest.raises(ReceiptRefused, match="temperature"):
        delivery.post(receipt)
    GoodsReceipt.objects.filter(pk=receipt.pk).update(temperature=D("4.5"))
    delivery.post(receipt)


def test_a_frozen_place_takes_nothing_and_nothing_is_half_done(delivery: Delivery) -> None:
    receipt = delivery.receipt()
    delivery.bill(receipt)
    type(delivery.godown).objects.filter(pk=delivery.godown.pk).update(frozen=True)
    with pytest.raises(PlaceFrozen):
        delivery.post(receipt)
    receipt.refresh_from_db()
    assert (receipt.state, receipt.number) == ("draft", "")
    assert SupplierBill.objects.get().state == "draft"
    assert not JournalEntry.objects.exists()


def test_a_locked_period_takes_nothing(delivery: Delivery) -> None:
    receipt = delivery.receipt()
    lock_period(module="purchases", locked_to=delivery.today, reason="Filed", hard=True)
    with pytest.raises(PeriodLocked):
        delivery.post(receipt)
    assert not Move.objects.exists()


def test_nothing_parked_empty_or_stale_is_posted(delivery: Delivery) -> None:
    empty = delivery.receipt()
    empty.lines.all().delete()
    with pytest.raises(ReceiptRefused, match="nothing on this receipt"):
        delivery.post(empty)
    GoodsReceipt.objects.filter(pk=empty.pk).update(state="parked")
    with pytest.raises(ReceiptClosed, match="parked"):
        delivery.post(empty)
    receipt = delivery.receipt()
    with pytest.raises(Stale):
        post_receipt(pk=receipt.pk, actor=delivery.owner, version=receipt.version + 1)


def test_a_bill_needs_its_number_and_date(delivery: Delivery) -> None:
    receipt = delivery.receipt()
    delivery.bill(receipt, "KA/1", bill_date=None)
    with pytest.raises(BillRefused, match="date of the supplier"):
        delivery.post(receipt)
    with pytest.raises(BillRefused, match="after today"):
        delivery.bill(receipt, "KA/1", bill_date=delivery.today + dt.timedelta(days=1))
