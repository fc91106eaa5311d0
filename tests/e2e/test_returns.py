"""Twenty expired strips come back: scanned, found on their bills, credited and printed, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization
from apps.sales.models import Bill, PrintedCopy, SalesReturn
from tests.e2e.browser import axe, shape, shoot
from tests.sales.posted import posted_bill
from tests.sales.shop import Desk

Open = Callable[..., Page]


@pytest.fixture
def sold(organization: Organization) -> Bill:
    """A bill of a product with 40 units of one batch."""
    with tenant(organization.pk):
        desk = Desk(organization)
        desk.stocked(100, number="AC-97")
        return posted_bill(desk, (desk.product, 40, 4))


def test_goods_are_taken_back_by_keyboard(signed_in_page: Open, organization: Organization, sold: Bill) -> None:
    page = signed_in_page()
    page.goto("sales-returns/new/")
    page.keyboard.type("lotus")
    expect(page.get_by_role("option").first).to_contain_text("Lotus Medicals")
    page.keyboard.press("Enter")
    expect(page.locator("main h2").first).to_have_text("Lotus Medicals")
    page.keyboard.press("Enter")
    scan = page.get_by_label("Scan a pack, or type its batch number")
    expect(scan).to_be_focused()
    page.get_by_label("Came back as").select_option("expiry")
    page.keyboard.press("F3")
    for count in range(1, 6):
        page.keyboard.type("AC-97")
        page.keyboard.press("Enter")
        expect(page.locator("#lines input[name=quantity]")).to_have_value(str(count))
        expect(scan).to_be_focused()
        expect(page.get_by_label("Came back as")).to_have_value("expiry")
    assert list(shape(page)) == []
    assert list(axe(page)) == []
    shoot(page, "return-draft")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("credited to Lotus Medicals")).to_be_visible()
    shoot(page, "return-posted")
    with tenant(organization.pk):
        note = SalesReturn.objects.get()
        assert note.state == "posted"
        assert [(line.quantity, line.reason) for line in note.lines.all()] == [(5, "expiry")]
    page.get_by_role("link", name="Print", exact=True).click()
    expect(page.get_by_text("CREDIT NOTE")).to_be_visible()
    shoot(page, "credit-note")


def test_what_was_printed_is_known(signed_in_page: Open, organization: Organization, sold: Bill) -> None:
    page = signed_in_page()
    page.goto(f"bills/{sold.pk}/print/")
    expect(page.get_by_text("TAX INVOICE")).to_be_visible()
    shoot(page, "invoice-a4")
    assert list(axe(page)) == []
    page.get_by_role("button", name="Print").click()
    expect(page.get_by_text("Reprint 1")).to_be_visible()
    with tenant(organization.pk):
        assert PrintedCopy.objects.get().way == "print"
    page.get_by_role("link", name="Duplicate").click()
    expect(page.get_by_text("Duplicate for transporter")).to_be_visible()
    expect(page.get_by_text("Reprint")).to_have_count(0)
    page.get_by_role("link", name="80 mm").click()
    expect(page.get_by_text("Duplicate for transporter")).to_be_visible()
    shoot(page, "invoice-slip")


def test_home_shows_what_was_sold(signed_in_page: Open, sold: Bill) -> None:
    page = signed_in_page()
    page.goto("")
    expect(page.get_by_role("heading", name="Moving now")).to_be_visible()
    expect(page.get_by_role("heading", name="Receivables by age")).to_be_visible()
    assert list(shape(page)) == []
    assert list(axe(page)) == []
    shoot(page, "home")
    phone = signed_in_page(phone=True)
    phone.goto("")
    assert list(shape(phone)) == []
    shoot(phone, "home-phone")
    dark = signed_in_page(theme="dark")
    dark.goto("")
    assert list(axe(dark)) == []
    shoot(dark, "home-dark")
