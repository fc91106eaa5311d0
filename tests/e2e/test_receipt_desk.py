"""Goods received by keyboard alone, with their bill, in a real browser."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.core.tenancy.context import tenant
from apps.inventory.models import Barcode, Batch
from apps.organizations.models import Organization
from apps.purchasing.models import GoodsReceipt, ReceiptLine
from tests.e2e.browser import axe
from tests.inventory import factories as goods
from tests.purchasing.delivery import Delivery

Open = Callable[..., Page]
NAMES = ("Cefquill 200", "Telmivox 40", "Montelyra LC", "Diclovane Gel", "Febrolite Drops")


class Desk:
    """A receipt without lines, and goods to receive."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        with tenant(organization.pk):
            self.delivery = Delivery(organization)
            for name in NAMES:
                product = goods.product(name, hsn="30049099")
                Barcode.objects.create(product=product, code=f"0890{product.pk:010d}", kind="other")
            self.receipt = self.delivery.receipt()
            ReceiptLine.objects.filter(receipt=self.receipt).delete()

    def read(self) -> GoodsReceipt:
        with tenant(self.organization.pk):
            found: GoodsReceipt = GoodsReceipt.objects.get(pk=self.receipt.pk)
            return found


@pytest.fixture
def desk(organization: Organization) -> Desk:
    return Desk(organization)


def _saved(page: Page) -> None:
    expect(page.locator("#grid-saved")).to_contain_text(re.compile(r"Saved \d\d:\d\d:\d\d"))


def _cells(page: Page, *cells: str) -> int:
    """Type each cell and Enter; how many keys that were."""
    for text in cells:
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    return sum(len(text) + 1 for text in cells)


def test_a_delivery_by_keyboard_with_its_bill(signed_in_page: Open, desk: Desk, tmp_path: Any) -> None:
    page = signed_in_page()
    page.goto(f"goods-receipts/{desk.receipt.pk}/receive/")
    expect(page.locator("#scan")).to_be_focused()
    page.locator("tbody[data-fresh] [name=product]").focus()
    started, keys = time.monotonic(), 0
    for number, letters in enumerate(("cef", "tel", "mon", "dic", "feb"), 1):
        keys += _cells(page, letters, f"B{number}", "0829", "42", "100", "10", "20")
    seconds = time.monotonic() - started
    _saved(page)
    expect(page.locator("tbody[data-line]:not([data-fresh])")).to_have_count(len(NAMES))
    print(f"{keys / len(NAMES):.1f} keys a line, {seconds / len(NAMES):.2f} s a line")
    assert keys / len(NAMES) <= 40
    assert axe(page) == []
    page.screenshot(path=str(tmp_path / "receipt.png"))

    page.keyboard.press("F3")
    expect(page.locator("#scan")).to_be_focused()
    page.locator("#bill-number").fill("BHR/11/26-4471")
    page.locator("#bill-date").fill(f"{desk.delivery.today:%Y-%m-%d}")
    page.locator("#bill-total").fill("10,500")
    page.locator("#bill-total").press("Tab")
    expect(page.locator("#match")).to_contain_text("All explained")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"goods-receipts/\d+/$"))
    expect(page.get_by_text("In stock").first).to_be_visible()
    assert desk.read().state == "posted"
    with tenant(desk.organization.pk):
        assert Batch.objects.count() == len(NAMES)
        desk.delivery.whole()


def test_a_warning_under_the_line_and_its_way_out(signed_in_page: Open, desk: Desk) -> None:
    page = signed_in_page()
    page.goto(f"goods-receipts/{desk.receipt.pk}/receive/")
    page.locator("tbody[data-fresh] [name=product]").focus()
    soon = desk.delivery.today.replace(day=1)
    _cells(page, "cef", "B1", f"{soon:%m%y}", "42", "100", "10", "20")
    note = page.locator("tr.note.bad")
    expect(note).to_contain_text("Reject the line, or ask the owner to allow it.")
    expect(page.locator("#before")).to_contain_text("Decide line 1")
    note.get_by_role("button", name="Reject line").click()
    expect(page.locator("tr.note.bad")).to_contain_text("Too little shelf life")
    expect(page.locator("tbody[data-line]").first).to_contain_text("Rejected")


def test_a_scan_finds_its_line_and_counts_up(signed_in_page: Open, desk: Desk) -> None:
    with tenant(desk.organization.pk):
        code = Barcode.objects.get(product__name="Cefquill 200").code
    page = signed_in_page()
    page.goto(f"goods-receipts/{desk.receipt.pk}/receive/")
    for count in (1, 2, 3):
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        expect(page.locator("tbody[data-line]").first.locator("[name=quantity]")).to_have_value(str(count))
    expect(page.locator("#scanned")).to_contain_text("Cefquill 200")
    expect(page.locator("tbody[data-line]:not([data-fresh])")).to_have_count(1)


@pytest.mark.parametrize("phone", [True, False])
def test_it_fits_the_phone_and_the_desk(signed_in_page: Open, desk: Desk, phone: bool, tmp_path: Any) -> None:
    with tenant(desk.organization.pk):
        receipt = desk.delivery.receipt(desk.delivery.entry(), desk.delivery.entry(number="", expiry=None))
    page = signed_in_page(phone=phone)
    page.goto(f"goods-receipts/{receipt.pk}/receive/")
    expect(page.get_by_text("Three-way match")).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=str(tmp_path / "desk.png"))
    assert axe(page) == []
