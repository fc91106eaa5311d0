"""A voucher typed by keyboard alone: Dr and Cr, narration, a draft that survives, approval by somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from playwright.sync_api import Page, expect

from apps.core.tenancy.context import tenant
from apps.finance.models import JournalEntry, Voucher
from apps.finance.operations import limit_vouchers, verify_books
from apps.organizations.models import Organization
from tests.e2e.browser import axe, shape

Open = Callable[..., Page]
D = Decimal


def _type_account(page: Page, letters: str, name: str) -> None:
    """Letters, the first that is offered, Enter: the focus is then on the line's narration."""
    page.keyboard.type(letters)
    expect(page.locator("#voucher-found [role=option]").first).to_contain_text(name)
    page.keyboard.press("Enter")
    expect(page.locator("input[name^=narration-]:focus")).to_have_count(1)


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name"))


def _rent(page: Page, amount: str, *, money_typed: bool = True) -> None:
    """Rent paid in cash, from the first cell to the voucher's narration, without the mouse."""
    expect(page.locator("input[name=account-0]")).to_be_focused()
    _type_account(page, "ren", "Rent")
    for text in ("Godown", amount):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("input[name=account-1]")).to_be_focused()
    if money_typed:
        _type_account(page, "cash in", "Cash in hand")
    else:
        # What was used last stands there already.
        assert page.locator("input[name=account-1]").input_value() == "Cash in hand"
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert _focused(page) == "credit-1"
    if not money_typed:
        page.keyboard.type(amount)
    expect(page.locator("input[name=credit-1]")).to_have_value(re.compile(rf"^{amount}(\.00)?$"))
    page.keyboard.press("Enter")


def test_a_voucher_by_keyboard_alone(signed_in_page: Open, organization: Organization) -> None:
    page = signed_in_page("accountant")
    page.goto("vouchers/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vouchers")
    page.keyboard.press("n")
    page.keyboard.press("v")
    expect(page.get_by_role("heading", level=1)).to_have_text("Payment")
    _rent(page, "2500")
    while _focused(page) != "narration":
        page.keyboard.press("Tab")
    page.keyboard.type("Rent for November")
    expect(page.locator("[data-totals]")).to_contain_text("Balanced")
    assert axe(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("posted with ₹2,500.00")
    with tenant(organization.pk):
        entry = JournalEntry.objects.get()
        lines = list(entry.lines.order_by("position").values_list("account__name", "narration", "debit", "credit"))
        assert lines == [("Rent", "Godown", D(2500), D(0)), ("Cash in hand", "", D(0), D(2500))]
        assert entry.narration == "Rent for November"
    # The next one has the account used last, and offers the narration.
    assert page.locator("datalist#narrations option").first.get_attribute("value") == "Rent for November"
    _rent(page, "300", money_typed=False)
    expect(page.locator("[data-totals]")).to_contain_text("Balanced")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast").last).to_contain_text("posted with ₹300.00")
    with tenant(organization.pk):
        assert JournalEntry.objects.count() == 2
        assert verify_books().fault_count == 0


def test_a_draft_is_kept_and_an_unbalanced_one_is_refused_with_the_figure(
    signed_in_page: Open, organization: Organization
) -> None:
    page = signed_in_page("accountant")
    page.goto("vouchers/new/?kind=payment")
    expect(page.locator("input[name=account-0]")).to_be_focused()
    _type_account(page, "ren", "Rent")
    page.keyboard.press("Enter")
    page.keyboard.type("777")
    expect(page.locator("#voucher-kept")).to_contain_text("Draft kept at")
    # The machine goes off here; somebody opens the drafts again.
    page.goto("vouchers/?state=draft")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Edit").press("Enter")
    expect(page.locator("input[name=account-0]")).to_have_value("Rent")
    expect(page.locator("input[name=debit-0]")).to_have_value(re.compile(r"^777"))
    page.keyboard.press("Control+Enter")
    expect(page.locator(".errsum")).to_contain_text("Debits are ₹777.00 and credits ₹0.00: ₹777.00 credit is missing")
    expect(page.locator("input[name=debit-0]")).to_have_value(re.compile(r"^777"))
    with tenant(organization.pk):
        assert Voucher.objects.get().state == "draft"
        assert not JournalEntry.objects.exists()


def test_over_the_limit_somebody_else_approves(signed_in_page: Open, organization: Organization) -> None:
    with tenant(organization.pk):
        limit_vouchers(limit=D(1000))
    page = signed_in_page("accountant")
    page.goto("vouchers/new/?kind=payment")
    expect(page.locator(".banner")).to_contain_text("over ₹1,000.00 wait for approval")
    _rent(page, "1500")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".ph .badge")).to_have_text("Waiting for approval")
    assert page.get_by_role("link", name="Approve").count() == 0
    address = page.url
    with tenant(organization.pk):
        assert not JournalEntry.objects.exists()
        maker = Voucher.objects.get().made_by_id
    manager = signed_in_page("manager")
    manager.goto(address)
    manager.get_by_role("link", name="Approve").press("Enter")
    manager.get_by_role("button", name="Approve and post").press("Enter")
    expect(manager.locator(".ph .badge")).to_have_text("Posted")
    with tenant(organization.pk):
        made = Voucher.objects.get()
        assert made.approved_by_id not in {None, maker}
        assert JournalEntry.objects.get().amount == D(1500)


def test_the_grid_fits_a_phone(signed_in_page: Open) -> None:
    page = signed_in_page("accountant", phone=True)
    page.goto("vouchers/new/?kind=journal")
    assert shape(page) == []
    assert axe(page) == []
