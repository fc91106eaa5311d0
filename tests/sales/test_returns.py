"""Goods taken back: where they go, what the customer is credited, and what is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from apps.finance.models import JournalEntry, JournalLine, OpenItem, TaxLine
from apps.finance.operations import open_year
from apps.finance.verify import checks
from apps.inventory.models import Move, PlaceKind, Stock
from apps.sales.models import (
    Bill,
    BillPick,
    DailySales,
    RegisterEntry,
    ReturnedPick,
    SalesReturn,
    SalesReturnLine,
)
from apps.sales.operations import (
    MoreThanSold,
    ReturnClosed,
    ReturnRefused,
    discard_return,
    open_return,
    post_return,
    set_returned,
)
from apps.sales.queries.checks import bills_check
from apps.sales.queries.sold import sold_as, sold_of_batches, sold_of_products
from apps.sales.rules.returns import Why
from tests.sales.posted import posted_bill
from tests.sales.shop import TODAY, Desk

pytestmark = pytest.mark.django_db


def draft(desk: Desk, **fields: Any) -> SalesReturn:
    given = {"branch": desk.branch, "customer": desk.customer, "on_date": TODAY, "actor": desk.biller, **fields}
    return open_return(**given)


def put(note: SalesReturn, pick: BillPick, quantity: int, reason: Why = Why.SALEABLE) -> SalesReturn:
    return set_returned(return_id=note.pk, pick_id=pick.pk, quantity=quantity, reason=reason)


@pytest.fixture
def bill(desk: Desk) -> Bill:
    """Ten units paid and one free, at 80 and 5%: 800 + 40."""
    desk.stocked(100)
    return posted_bill(desk, (desk.product, 10, 1))


def pick_of(bill: Bill) -> BillPick:
    found: BillPick = BillPick.objects.get(bill=bill)
    return found


def balance(role: str) -> Decimal:
    sums = JournalLine.objects.filter(account__role=role).aggregate(debit=Sum("debit"), credit=Sum("credit"))
    return (sums["debit"] or Decimal(0)) - (sums["credit"] or Decimal(0))


def test_a_whole_bill_that_comes_back_leaves_nothing_behind(desk: Desk, bill: Bill) -> None:
    before = balance("stock")
    note = put(draft(desk), pick_of(bill), 11)
    posted = post_return(return_id=note.pk, actor=desk.biller)
    assert posted.state == "posted"
    assert posted.number == "PUN/C2627/00001"
    assert (posted.taxable, posted.cgst, posted.state_tax, posted.total) == (800, 20, 20, 840)
    for role in ("receivables", "output_cgst", "output_sgst", "cogs", "round_off"):
        assert balance(role) == 0, role
    assert balance("sales") + balance("sales_returns") == 0
    assert balance("stock") == before + 660
    assert Stock.objects.get(batch=pick_of(bill).batch, place=desk.godown).on_hand == 100
    bill_item, credit = OpenItem.objects.order_by("id")
    assert (bill_item.open_amount, credit.open_amount, credit.kind) == (0, 0, "credit_note")
    line = TaxLine.objects.get(document_kind="CRN")
    assert (line.taxable, line.cgst, line.sgst, line.quantity) == (-800, -20, -20, -11)
    assert (line.original_number, line.original_on, line.direction) == (bill.number, bill.on_date, "out")


def test_part_of_it_is_credited_at_the_original_rate_and_settles_the_bill(desk: Desk, bill: Bill) -> None:
    note = put(draft(desk), pick_of(bill), 5)
    posted = post_return(return_id=note.pk, actor=desk.biller)
    assert (posted.taxable, posted.total, posted.lines.get().free) == (320, 336, 1)
    assert [item.open_amount for item in OpenItem.objects.order_by("id")] == [504, 0]


def test_what_is_paid_already_stays_on_account(desk: Desk, bill: Bill) -> None:
    first = put(draft(desk), pick_of(bill), 11)
    post_return(return_id=first.pk, actor=desk.biller)
    desk.stocked(50, number="OTHER")
    other = posted_bill(desk, (desk.product, 10, 0))
    note = put(draft(desk), pick_of(other), 5)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE finance_openitem SET open_amount = 0 WHERE number = %s", [other.number])
    posted = post_return(return_id=note.pk, actor=desk.biller)
    assert OpenItem.objects.get(number=posted.number).open_amount == -posted.total


@pytest.mark.parametrize(("reason", "kind"), [(Why.BREAKAGE, PlaceKind.QUARANTINE), (Why.EXPIRY, PlaceKind.EXPIRED)])
def test_what_cannot_be_sold_again_goes_where_nothing_is_sold(
    desk: Desk, bill: Bill, reason: Why, kind: PlaceKind
) -> None:
    note = put(draft(desk), pick_of(bill), 3, reason)
    post_return(return_id=note.pk, actor=desk.biller)
    move = Move.objects.get(document_kind="sales.return")
    assert (move.place.kind, move.quantity, move.kind, move.party) == (kind, 3, "return", desk.customer)
    assert not Stock.objects.get(batch=move.batch, place=move.place).saleable


def test_goods_go_to_the_godown_where_their_own_place_sells_no_more(desk: Desk, bill: Bill) -> None:
    desk.godown.active = False
    desk.godown.save()
    post_return(return_id=put(draft(desk), pick_of(bill), 1).pk, actor=desk.biller)
    place = Move.objects.get(document_kind="sales.return").place
    assert (place.kind, place.active) == (PlaceKind.GODOWN, True)


def test_never_more_comes_back_than_was_sold(desk: Desk, bill: Bill) -> None:
    pick = pick_of(bill)
    with pytest.raises(MoreThanSold, match="Only 11 of"):
        put(draft(desk), pick, 12)
    note = put(draft(desk), pick, 8)
    with pytest.raises(MoreThanSold, match="Only 3 of"):
        put(note, pick, 4, Why.BREAKAGE)
    put(note, pick, 3, Why.BREAKAGE)
    other = put(draft(desk), pick, 11)
    post_return(return_id=note.pk, actor=desk.biller)
    with pytest.raises(MoreThanSold, match="Only 0 of"):
        post_return(return_id=other.pk, actor=desk.biller)
    assert SalesReturn.objects.get(pk=other.pk).state == "draft"
    with pytest.raises(IntegrityError), transaction.atomic():
        ReturnedPick.objects.filter(pick=pick).update(returned=12)
    assert sold_of_batches([pick.batch_id], customer_id=desk.customer.pk, branch_id=desk.branch.pk) == []


def faults() -> dict[str, list[str]]:
    return {check.name: found for check in checks() if (found := check.run().faults)}


def test_books_goods_and_taxes_tie_after_returns(desk: Desk) -> None:
    desk.stocked(100)
    before = faults()
    assert list(before) == ["inventory.stock"], "the goods of the test came without a bill"
    bill = posted_bill(desk, (desk.product, 10, 1))
    for quantity, reason in ((3, Why.SALEABLE), (2, Why.BREAKAGE), (6, Why.EXPIRY)):
        post_return(return_id=put(draft(desk), pick_of(bill), quantity, reason).pk, actor=desk.biller)
    assert faults() == before
    assert bills_check().looked_at == 1


def test_a_second_try_makes_no_second_note(desk: Desk, bill: Bill) -> None:
    note = put(draft(desk), pick_of(bill), 5)
    first = post_return(return_id=note.pk, actor=desk.biller)
    again = post_return(return_id=note.pk, actor=desk.biller)
    assert first.number == again.number
    assert JournalEntry.objects.filter(source_kind="sales.return").count() == 1
    assert Move.objects.filter(document_kind="sales.return").count() == 1


def test_a_note_that_fails_half_way_leaves_nothing(desk: Desk, bill: Bill, monkeypatch: pytest.MonkeyPatch) -> None:
    note = put(draft(desk), pick_of(bill), 5)

    def broken(**_given: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("apps.sales.operations.crediting.emit", broken)
    with pytest.raises(RuntimeError):
        post_return(return_id=note.pk, actor=desk.biller)
    monkeypatch.undo()
    assert not Move.objects.filter(document_kind="sales.return").exists()
    assert not ReturnedPick.objects.exists()
    assert post_return(return_id=note.pk, actor=desk.biller).number == "PUN/C2627/00001", "no number is lost"


OLD = dt.date(2025, 3, 31)
"""Its tax was adjusted until 30 November 2025."""


@pytest.fixture
def old_years(desk: Desk) -> None:
    """The books go back to the day."""
    for day in (dt.date(2026, 3, 31), OLD):
        open_year(day=day)


@pytest.mark.usefixtures("old_years")
def test_after_30_november_the_note_is_commercial_and_outside_the_returns(desk: Desk) -> None:
    desk.stocked(100)
    bill = posted_bill(desk, (desk.product, 10, 0), on_date=OLD)
    late = put(draft(desk), pick_of(bill), 10)
    assert late.kind == "commercial"
    posted = post_return(return_id=late.pk, actor=desk.biller)
    assert (posted.taxable, posted.cgst, posted.total, posted.kind) == (800, 0, 800, "commercial")
    assert posted.number.startswith("PUN/N2627/")
    assert not TaxLine.objects.filter(document_number=posted.number).exists()
    assert balance("output_cgst") == -48, "the tax of that day, 12%, stays paid"


@pytest.mark.usefixtures("old_years")
def test_one_note_is_not_of_two_kinds(desk: Desk) -> None:
    desk.stocked(100)
    old = posted_bill(desk, (desk.product, 5, 0), on_date=OLD)
    new = posted_bill(desk, (desk.product, 5, 0))
    note = put(draft(desk), pick_of(new), 1)
    with pytest.raises(ReturnRefused, match="need two notes"):
        put(note, pick_of(old), 1)


def test_what_was_sold_to_others_or_later_is_refused(desk: Desk, bill: Bill) -> None:
    other = desk.chemist("Other Chemist")
    with pytest.raises(ReturnRefused, match="was not sold to Other Chemist"):
        put(draft(desk, customer=other), pick_of(bill), 1)
    with pytest.raises(ReturnRefused, match="later day"):
        put(draft(desk, on_date=TODAY - dt.timedelta(days=1)), pick_of(bill), 1)
    assert sold_of_batches([pick_of(bill).batch_id], customer_id=other.pk, branch_id=desk.branch.pk) == []


def test_expired_goods_are_not_sold_again(desk: Desk) -> None:
    desk.stocked(20, dt.date(2027, 1, 31))
    bill = posted_bill(desk, (desk.product, 5, 0))
    note = draft(desk, on_date=dt.date(2027, 2, 1))
    with pytest.raises(ReturnRefused, match="Take it back as expiry"):
        put(note, pick_of(bill), 1)
    post_return(return_id=put(note, pick_of(bill), 1, Why.EXPIRY).pk, actor=desk.biller)
    assert Move.objects.get(document_kind="sales.return").place.kind == PlaceKind.EXPIRED


def test_lines_are_changed_and_taken_off_while_it_is_a_draft(desk: Desk, bill: Bill) -> None:
    note = put(draft(desk), pick_of(bill), 5)
    put(note, pick_of(bill), 7)
    assert SalesReturnLine.objects.get(note=note).quantity == 7
    put(note, pick_of(bill), 0)
    assert not SalesReturnLine.objects.filter(note=note).exists()
    with pytest.raises(ReturnRefused, match="nothing on this return"):
        post_return(return_id=note.pk, actor=desk.biller)
    discard_return(return_id=note.pk)
    assert not SalesReturn.objects.exists()


def test_a_posted_note_stays_as_it_is(desk: Desk, bill: Bill) -> None:
    note = put(draft(desk), pick_of(bill), 5)
    post_return(return_id=note.pk, actor=desk.biller)
    with pytest.raises(ReturnClosed):
        put(note, pick_of(bill), 1)
    with pytest.raises(ReturnClosed):
        discard_return(return_id=note.pk)
    for change in (
        lambda: SalesReturn.objects.filter(pk=note.pk).update(total=1),
        lambda: SalesReturn.objects.filter(pk=note.pk).update(state="draft"),
        lambda: SalesReturnLine.objects.filter(note=note).update(quantity=1),
        lambda: SalesReturnLine.objects.filter(note=note).delete(),
        lambda: SalesReturn.objects.filter(pk=note.pk).delete(),
    ):
        with pytest.raises(Exception, match=r"posted|transition|restrict"), transaction.atomic():
            change()
    with pytest.raises(Exception, match="begins as a draft"), transaction.atomic():
        SalesReturn.objects.create(
            branch=desk.branch, customer=desk.customer, on_date=TODAY, state="posted", number="X", financial_year=2026
        )


def test_a_register_has_what_came_back(desk: Desk) -> None:
    drug = desk.drug("Cefquill H1", schedule="H1")
    desk.stocked(50, product=drug)
    bill = posted_bill(desk, (drug, 10, 0))
    note = put(draft(desk), pick_of(bill), 4)
    posted = post_return(return_id=note.pk, actor=desk.biller)
    sold, back = RegisterEntry.objects.order_by("id")
    assert (sold.quantity, back.quantity, back.bill_number, back.batch) == (10, -4, posted.number, sold.batch)


def test_the_day_knows_what_was_billed_and_what_came_back(desk: Desk, bill: Bill) -> None:
    post_return(return_id=put(draft(desk), pick_of(bill), 5).pk, actor=desk.biller)
    sums = DailySales.objects.aggregate(Sum("bills"), Sum("billed"), Sum("returned"))
    assert sums == {"bills__sum": 1, "billed__sum": 840, "returned__sum": 336}
    other = posted_bill(desk, (desk.product, 1, 0))
    Bill.objects.filter(pk=other.pk).update(state="cancelled", cancel_reason="x", cancelled_at=other.posted_at)
    sums = DailySales.objects.aggregate(Sum("bills"), Sum("billed"))
    assert sums == {"bills__sum": 1, "billed__sum": 840}


def test_a_bill_whose_goods_came_back_is_not_cancelled(desk: Desk, bill: Bill) -> None:
    post_return(return_id=put(draft(desk), pick_of(bill), 1).pk, actor=desk.biller)
    with pytest.raises(IntegrityError, match="came back"), transaction.atomic():
        Bill.objects.filter(pk=bill.pk).update(state="cancelled", cancel_reason="x", cancelled_at=bill.posted_at)


def test_bills_are_found_by_batch_and_product_newest_first(desk: Desk) -> None:
    batch = desk.stocked(100)
    older = posted_bill(desk, (desk.product, 5, 0), on_date=TODAY - dt.timedelta(days=9))
    newer = posted_bill(desk, (desk.product, 6, 1))
    where = {"customer_id": desk.customer.pk, "branch_id": desk.branch.pk}
    found = sold_of_batches([batch.pk], **where)
    assert [(one.bill_number, one.left) for one in found] == [(newer.number, 7), (older.number, 5)]
    assert sold_of_products([desk.product.pk], **where) == found
    assert list(sold_as([found[1].pick_id], **where)) == [found[1].pick_id]
