"""A day with the stock: filter by the strip, search, sort, hold a batch, recall another and list whom to call."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.core.tenancy.context import tenant
from apps.inventory.models import Batch, PlaceKind
from apps.organizations.models import Organization
from tests import factories
from tests.e2e.browser import axe, shape
from tests.e2e.conftest import OpenPage
from tests.inventory.factories import move, place, product, stocked
from tests.inventory.test_stock_pages import month_end
from tests.parties.factories import party

Open = Callable[..., Page]


@pytest.fixture
def stock(organization: Organization) -> dict[str, Batch]:
    """A little of everything, and two customers who got some of it."""
    with tenant(organization.pk):
        rack = place("A-04-2")
        aziva = product("Azivanta 500", schedule="H", composition="Azithromycin 500 mg", reorder_level=100)
        pen = product("Glargiva Pen", storage="cold", composition="Insulin glargine 100 IU")
        made = {
            "old": stocked(84, product=aziva, place=place("QTN-1", kind=PlaceKind.QUARANTINE), number="AZ0001",
                           expiry=month_end(-60)),
            "soon": stocked(64, product=aziva, place=rack, number="AZ4410", expiry=month_end(45), cost=Decimal(80)),
            "pen": stocked(18, product=pen, place=rack, number="GLP-0925", expiry=month_end(400)),
        }  # fmt: skip
        for number, (name, phone, quantity) in enumerate(
            [("Clocktower Medicals", "9820012345", 12), ("Old Harbour Chemists", "9820054321", 3)]
        ):
            customer = party(name, phone=phone)
            move(made["soon"], rack, -quantity, kind="issue", party=customer, document_number=f"BK/{number}").save()
        for number in range(60):
            stocked(5, product=product(f"Febrolite {number:02}"), place=rack, expiry=dt.date(2030, 1, 31))
        return made


def names(page: Page) -> list[str]:
    return page.locator("#list tbody a.name").all_inner_texts()


def test_filter_search_and_sort_without_loading_the_page(signed_in_page: Open, stock: dict[str, Batch]) -> None:
    page = signed_in_page()
    page.goto("stock/")
    page.evaluate("window.same = true")
    expect(page.get_by_role("heading", level=1)).to_have_text("Stock on hand")
    page.get_by_role("navigation", name="Filter by number").get_by_role("link", name=re.compile("^Expired")).click()
    expect(page.locator("#list tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?band=expired$"))
    assert names(page) == ["Azivanta 500"]
    page.get_by_role("link", name="All stock").click()
    expect(page.locator("#list tbody tr")).to_have_count(50)
    page.keyboard.press("f")
    page.keyboard.type("glargine")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?q=glargine$"))
    page.locator("#q").fill("")
    expect(page.locator("#list tbody tr")).to_have_count(50)
    page.locator("#sort-product").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Product")
    assert names(page)[:2] == ["Azivanta 500", "Azivanta 500"]
    page.get_by_role("link", name="Next page").click()
    expect(page.locator("#list tbody tr")).to_have_count(13)
    assert names(page)[-1] == "Glargiva Pen"
    assert page.evaluate("window.same")
    page.go_back()
    expect(page.locator("#list tbody tr")).to_have_count(50)


def test_hold_ticked_batches_with_a_reason(signed_in_page: Open, stock: dict[str, Batch]) -> None:
    page = signed_in_page()
    page.goto("stock/")
    page.locator("#list tbody .ck").nth(1).check()
    page.get_by_role("button", name="Put on hold").click()
    page.get_by_label("Reason").fill("Seal broken on two strips")
    page.get_by_role("button", name="Put on hold").click()
    row = page.locator("#list tbody tr").filter(has_text="AZ4410")
    expect(row).to_contain_text("On hold")
    row.get_by_role("link").click()
    expect(page.locator(".ph")).to_contain_text("On hold")
    expect(page.locator("main")).to_contain_text("Seal broken on two strips")
    page.get_by_role("link", name="Release").click()
    page.get_by_label("Reason").fill("Checked, all is well")
    page.get_by_role("button", name="Release").click()
    expect(page.locator(".ph")).not_to_contain_text("On hold")


def test_recall_lists_whom_to_call(signed_in_page: Open, organization: Organization, stock: dict[str, Batch]) -> None:
    page = signed_in_page()
    page.goto(f"batches/{stock['soon'].pk}/")
    page.get_by_role("link", name="Recall").click()
    expect(page.locator("main")).to_contain_text("2 parties got some of it.")
    page.get_by_role("button", name="Recall and list who got it").click()
    expect(page.locator("main")).to_contain_text("There is a problem")
    page.get_by_label("Reason").fill("Letter 14/2026 of the drugs controller")
    page.get_by_role("button", name="Recall and list who got it").click()
    rows = page.locator("table.tbl tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("Clocktower Medicals")
    expect(rows.nth(0)).to_contain_text("9820012345")
    expect(rows.nth(0)).to_contain_text("12")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    text = download.value.path().read_text()
    assert "Old Harbour Chemists,Pune,9820054321" in text
    page.get_by_role("link", name="Print").click()
    expect(page.locator("article.sheet")).to_contain_text("Clocktower Medicals")
    with tenant(organization.pk):
        assert Batch.objects.get(pk=stock["soon"].pk).state == "recalled"
    page.goto("alerts/")
    expect(page.locator("#alerts")).to_contain_text("1 recalled batch is still in stock")


def test_the_bell_and_the_low_panel_follow_without_reloading(
    signed_in_page: Open, organization: Organization, stock: dict[str, Batch]
) -> None:
    page = signed_in_page()
    page.clock.install()
    page.goto("alerts/")
    bell = page.locator("#count-inventory-alerts")
    expect(bell).to_have_text("2")
    expect(page.locator("#low-stock")).to_contain_text("Azivanta 500")
    with tenant(organization.pk):
        stocked(500, product=stock["soon"].product, place=stock["soon"].stock.get().place)
    page.clock.run_for(61_000)
    expect(bell).to_have_text("1")
    expect(page.locator("#low-stock")).not_to_contain_text("Azivanta 500")


@pytest.mark.parametrize("look", [{"theme": "light"}, {"theme": "dark"}, {"phone": True}], ids=str)
@pytest.mark.parametrize(
    "path", ["stock/", "stock/?band=soon", "alerts/", "stock/low/", "alerts/choose/", "stock/moves/"]
)
def test_pages_hold_in_every_look(
    signed_in_page: Open, stock: dict[str, Batch], path: str, look: dict[str, Any]
) -> None:
    page = signed_in_page(**look)
    page.goto(path)
    assert shape(page) == []
    assert axe(page) == []


def test_a_batch_holds_in_every_look(signed_in_page: Open, stock: dict[str, Batch]) -> None:
    for look in ({"theme": "light"}, {"theme": "dark"}, {"phone": True}):
        page = signed_in_page(**look)
        for path in ("", "parties/", "recall/"):
            page.goto(f"batches/{stock['soon'].pk}/{path}")
            assert shape(page) == []
            assert axe(page) == []


def test_without_script(open_page: OpenPage, organization: Organization, stock: dict[str, Batch]) -> None:
    page = open_page(factories.owner_of(organization).user, base=f"/o/{organization.slug}/", java_script_enabled=False)
    page.goto("stock/")
    page.get_by_role("link", name=re.compile("^Expired")).click()
    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.goto("stock/")
    page.locator("#q").fill("glargine")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.locator("#list tbody .ck").check()
    page.get_by_role("button", name="Put on hold").last.click()
    page.get_by_label("Reason").fill("Warm on arrival")
    page.get_by_role("button", name="Put on hold").click()
    with tenant(organization.pk):
        assert Batch.objects.get(number="GLP-0925").state == "held"
