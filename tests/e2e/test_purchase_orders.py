"""Buying in the browser: what runs low is ordered by keyboard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.core.tenancy.context import tenant
from apps.inventory.models import Move
from apps.organizations.models import Organization
from apps.purchasing.models import PurchaseOrder, SupplierPrice
from tests.e2e.browser import SHOTS, shape
from tests.inventory import factories as goods
from tests.purchasing.desk import supplier

NAMES = ("Azivanta 500", "Pantolume 40", "Cetrivex 10", "Monteluke LC", "Rosavast 20")


def low_shop(organization: Organization) -> None:
    """Five products that are low, of two suppliers; the first sells."""
    with tenant(organization.pk):
        place = goods.place("Rack A-01")
        suppliers = [supplier("Kestrel Agencies", email="orders@kestrel.example"), supplier("Heron Traders")]
        for number, name in enumerate(NAMES):
            product = goods.product(name, reorder_level=20, reorder_quantity=50)
            batch = goods.stocked(60, product=product, place=place)
            sold = goods.move(batch, place, -48, kind="issue", on_date=timezone.localdate() - dt.timedelta(days=2))
            Move.objects.bulk_create([sold])
            SupplierPrice.objects.create(
                supplier=suppliers[number % 2],
                product=product,
                effective_from=timezone.localdate() - dt.timedelta(days=30),
                rate=Decimal("18.75") + number,
                scheme_paid=10,
                scheme_free=1,
                multiple=10,
            )


def test_what_runs_low_is_ordered_by_keyboard(organization: Organization, signed_in_page: Callable[..., Page]) -> None:
    low_shop(organization)
    page = signed_in_page("owner")
    page.goto("")
    page.get_by_role("link", name="Order all from 2 suppliers").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Order what runs low")
    assert list(shape(page)) == []
    why = page.locator("details.sums summary").first
    why.press("Enter")
    expect(page.locator("details.sums").first).to_contain_text("Sold 48 in 30 days, 1.6 a day")
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / "reorder.png", caret="initial", animations="allow")
    quantity = page.get_by_label("Quantity of Azivanta 500")
    quantity.fill("0")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Order 1 or more, or remove the line.").first).to_be_visible()
    page.get_by_label("Quantity of Azivanta 500").fill("70")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("2 draft orders made")).to_be_visible()
    page.screenshot(path=SHOTS / "orders.png", caret="initial", animations="allow")
    with tenant(organization.pk):
        assert PurchaseOrder.objects.filter(state="draft").count() == 2
        order = PurchaseOrder.objects.get(supplier__name="Kestrel Agencies")
        assert order.lines.get(product__name="Azivanta 500").quantity == 70
    page.goto(f"purchase-orders/{order.pk}/")
    page.screenshot(path=SHOTS / "order.png", caret="initial", animations="allow")
    page.get_by_role("link", name="Approve").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Approve Draft")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("PUN/O")
    page.goto(f"purchase-orders/{order.pk}/print/")
    page.screenshot(path=SHOTS / "order-print.png", caret="initial", animations="allow")


def test_on_a_phone(organization: Organization, signed_in_page: Callable[..., Page]) -> None:
    low_shop(organization)
    page = signed_in_page("owner", phone=True)
    page.goto("purchase-orders/low/")
    assert list(shape(page)) == []
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / "reorder-phone.png", caret="initial", animations="allow")
    expect(page.get_by_label("Quantity of Azivanta 500")).to_be_visible()


def test_an_order_is_written_by_keyboard(organization: Organization, signed_in_page: Callable[..., Page]) -> None:
    low_shop(organization)
    page = signed_in_page("owner")
    page.goto("purchase-orders/new/")
    page.get_by_role("combobox", name="Supplier").fill("Kestrel Agencies")
    page.keyboard.press("Control+Enter")
    expect(page.locator("table.lines [name=product]").last).to_be_focused()
    for letters, quantity in (("aziv", "20"), ("cetr", "30"), ("rosa", "10")):
        page.keyboard.type(letters)
        page.keyboard.press("Enter")
        page.keyboard.type(quantity)
        page.keyboard.press("Enter")
    expect(page.locator("#line-count")).to_have_text("3", timeout=20_000)
    # 20 at 18.75, 30 at 20.75 and 10 at 22.75, as the price list says.
    expect(page.locator("#amount")).to_have_text("₹1,225.00")
    assert list(shape(page)) == []
    page.screenshot(path=SHOTS / "order-lines.png", caret="initial", animations="allow")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("PUN/O")
    with tenant(organization.pk):
        order = PurchaseOrder.objects.get()
        assert (order.state, order.amount) == ("approved", Decimal("1225.00"))
        assert list(order.lines.order_by("id").values_list("free", flat=True)) == [2, 3, 1]
