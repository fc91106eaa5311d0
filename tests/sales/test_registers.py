"""Registers on paper, and what home says of sales."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.sales.models import BillPick
from apps.sales.operations import open_return, post_return, set_returned
from apps.sales.queries.daily import Day, Sales, sales_around, year_before
from apps.sales.queries.found import documents_found
from apps.sales.queries.registers import drug_register, hsn_register, sale_register
from apps.sales.rules.returns import Why
from tests import factories
from tests.organizations.desk import Desk as Browser
from tests.organizations.desk import text_of
from tests.sales.posted import posted_bill
from tests.sales.shop import TODAY, Desk

pytestmark = pytest.mark.django_db

DAYS: dict[str, Any] = {"first": TODAY - dt.timedelta(days=5), "last": TODAY}


def _returned(desk: Desk, pick: BillPick, quantity: int) -> str:
    note = open_return(branch=desk.branch, customer=desk.customer, on_date=TODAY, actor=desk.biller)
    set_returned(return_id=note.pk, pick_id=pick.pk, quantity=quantity, reason=Why.SALEABLE)
    return post_return(return_id=note.pk, actor=desk.biller).number


def test_a_drug_register_is_by_drug_and_dates_with_what_came_back(desk: Desk) -> None:
    first, second = desk.drug("Cefquill H1", schedule="H1"), desk.drug("Alprax H1", schedule="H1")
    for drug in (first, second, desk.product):
        desk.stocked(50, product=drug)
    bill = posted_bill(desk, (first, 10, 0), (second, 3, 0), (desk.product, 5, 0))
    posted_bill(desk, (first, 2, 0), on_date=TODAY - dt.timedelta(days=6))
    note = _returned(desk, BillPick.objects.get(bill=bill, line__product=first), 4)
    rows = drug_register("H1", **DAYS)
    assert [(row.product, row.bill, row.quantity) for row in rows] == [
        ("Alprax H1", bill.number, 3),
        ("Cefquill H1", bill.number, 10),
        ("Cefquill H1", note, -4),
    ]
    assert [row.product for row in drug_register("H1", product_id=second.pk, **DAYS)] == ["Alprax H1"]
    assert drug_register("X", **DAYS) == []


def test_the_sale_register_names_bills_notes_and_what_was_cancelled(desk: Desk) -> None:
    desk.stocked(100)
    bill = posted_bill(desk, (desk.product, 10, 0))
    gone = posted_bill(desk, (desk.product, 5, 0))
    type(gone).objects.filter(pk=gone.pk).update(state="cancelled", cancel_reason="x", cancelled_at=timezone.now())
    note = _returned(desk, BillPick.objects.get(bill=bill), 5)
    rows = {row.number: row for row in sale_register(**DAYS)}
    assert rows[bill.number].total == 840
    assert rows[note].total == -420
    assert rows[gone.number].cancelled
    assert sum((row.taxable for row in rows.values() if not row.cancelled), Decimal(0)) == 400
    assert [(row.hsn, int(row.taxable)) for row in hsn_register(**DAYS)] == [("3004", 800 + 400 - 400)]


def test_an_inspector_gets_the_register_as_pdf(desk: Desk) -> None:
    drug = desk.drug("Cefquill H1", schedule="H1")
    desk.stocked(50, product=drug)
    bill = posted_bill(desk, (drug, 10, 0))
    browser = Browser(desk.organization, desk.biller.user)
    days = {"first": DAYS["first"].isoformat(), "last": DAYS["last"].isoformat()}
    page = text_of(browser.get("sales-registers/", what="H1", **days))
    for words in ("Schedule H1", "Cefquill H1", bill.number):
        assert words in page
    answer = browser.client.get(f"{browser.base}sales-registers/", {"what": "H1", "as": "pdf", **days})
    assert answer.headers["Content-Type"] == "application/pdf"
    text = pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_range()
    assert bill.number in text
    assert "Registered pharmacist" in text
    for what, words in (("sales", "Sale register"), ("hsn", "Tax by HSN")):
        assert words in text_of(browser.get("sales-registers/", what=what, **days))
    assert "Nothing in these days" in text_of(browser.get("sales-registers/", what="X", **days))
    upside = browser.get("sales-registers/", what="H1", first=days["last"], last=days["first"])
    assert (upside.status_code, "The last day lies before the first" in text_of(upside)) == (422, True)


def test_sales_are_compared_with_the_same_weekday() -> None:
    assert year_before(TODAY).weekday() == TODAY.weekday()
    days = {day: Day(day, 1, Decimal(amount)) for day, amount in ((TODAY, 10), (TODAY - dt.timedelta(days=1), 5))}
    sales = Sales(TODAY, days)
    assert sales.on(TODAY).amount == 10
    assert sales.on(TODAY - dt.timedelta(days=9)).amount == 0
    assert sales.between(TODAY - dt.timedelta(days=1), TODAY).amount == 15
    assert Sales(TODAY, {}).empty


def test_a_day_has_its_bills_less_what_came_back(desk: Desk) -> None:
    desk.stocked(100)
    bill = posted_bill(desk, (desk.product, 10, 0))
    _returned(desk, BillPick.objects.get(bill=bill), 5)
    day = sales_around(TODAY).on(TODAY)
    assert (day.bills, day.amount) == (1, Decimal(420))
    with tenant(factories.organization().pk):
        assert sales_around(TODAY).empty


def test_documents_are_found_by_the_beginning_of_their_number_or_its_end(desk: Desk) -> None:
    desk.stocked(100)
    bill = posted_bill(desk, (desk.product, 10, 0))
    note = _returned(desk, BillPick.objects.get(bill=bill), 5)
    assert {one.number for one in documents_found("pun/")} == {bill.number, note}
    assert [one.number for one in documents_found(note.lower())] == [note]
    assert {one.number for one in documents_found("1")} == {bill.number, note}, "each the first of its series"
    assert documents_found("nothing") == []
    assert documents_found(" ") == []
