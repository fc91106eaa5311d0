"""Selling in the browser: a bill typed by keyboard alone, posted, and on its paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from playwright.sync_api import Page, expect

from apps.core.tenancy.context import tenant
from apps.finance.models import JournalEntry
from apps.inventory.models import Stock
from apps.organizations.models import Organization
from apps.sales.models import Bill
from tests.e2e.browser import SHOTS, axe, shape
from tests.sales.shop import Desk

NAMES = ("Azivanta 500", "Pantolume 40", "Cetrivex 10", "Monteluke LC", "Rosavast 20")
MOST_KEYS_A_LINE = 10


def shop(organization: Organization) -> None:
    with tenant(organization.pk):
        desk = Desk(organization)
        desk.stocked(200)
        for name in NAMES[1:]:
            desk.stocked(200, product=desk.drug(name))


def test_a_bill_is_typed_by_keyboard_alone(organization: Organization, signed_in_page: Callable[..., Page]) -> None:
    shop(organization)
    page = signed_in_page("owner")
    page.goto("")
    keys = 0

    def press(*given: str) -> None:
        nonlocal keys
        for key in given:
            page.keyboard.press(key)
            keys += 1

    press("n", "s")
    expect(page.get_by_role("heading", level=1)).to_have_text("New bill")
    page.keyboard.type("lotus")
    expect(page.get_by_role("option", name="Lotus Medicals")).to_be_visible()
    press("Enter")
    expect(page.get_by_role("button", name="Type the lines")).to_be_focused()
    press("Enter")
    expect(page.locator("table.lines [name=product]").last).to_be_focused()
    keys = 0
    for name in NAMES:
        press(*name[:4].lower(), "Enter", *"12", "Enter")
    assert keys <= MOST_KEYS_A_LINE * len(NAMES)
    # Five lines of 12 at 80.00, with 5% tax.
    expect(page.locator("#bill-total")).to_have_text("₹5,040.00", timeout=20_000)
    assert list(shape(page)) == []
    assert axe(page) == []
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / "bill.png", caret="initial", animations="allow")
    press("Control+Enter")
    expect(page).to_have_url(re.compile("/print/$"))
    with tenant(organization.pk):
        bill = Bill.objects.get()
        assert (bill.state, bill.total) == ("posted", Decimal("5040.00"))
        assert sum(Stock.objects.values_list("on_hand", flat=True)) == 5 * (200 - 12)
        entry = JournalEntry.objects.get(source_kind="sales.bill", source_id=bill.pk)
        assert sum(line.debit - line.credit for line in entry.lines.all()) == 0


def test_on_a_phone(organization: Organization, signed_in_page: Callable[..., Page]) -> None:
    shop(organization)
    page = signed_in_page("owner", phone=True)
    page.goto("bills/new/?q=lotus")
    page.get_by_role("option", name="Lotus Medicals").click()
    page.get_by_role("button", name="Type the lines").click()
    page.locator("table.lines [name=product]").last.click()
    page.keyboard.type("aziv")
    expect(page.locator("#pick-product")).to_contain_text("Azivanta 500")
    page.keyboard.press("Enter")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.locator("#bill-total")).to_have_text("₹1,008.00", timeout=20_000)
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / "bill-phone.png", caret="initial", animations="allow")
    assert list(shape(page)) == []
    assert axe(page) == []
