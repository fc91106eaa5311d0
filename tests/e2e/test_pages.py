"""The page machinery in a browser, on the scratch pages of its own tests: keys, swaps, dialogs, and no script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.core.tenancy.context import tenant
from apps.core.ui import registry
from apps.organizations.models import Branch, Organization
from tests.e2e.browser import axe, shape
from tests.e2e.conftest import OpenPage

Open = Callable[..., Page]


@pytest.fixture(autouse=True)
def _scratch_pages(settings: Any) -> Any:
    settings.ROOT_URLCONF = "tests.core.ui.scratch"
    with registry.scratch():
        registry.clear()
        yield


@pytest.fixture
def branches(organization: Organization) -> list[Branch]:
    """Sixty branches, beside the first one."""
    with tenant(organization.pk):
        made = [
            Branch(
                organization_id=organization.pk,
                name=f"Branch {number:02d}",
                code=f"B{number:02d}",
                state_code="29" if number % 2 else "27",
                address="1 Lantern Street",
                city="Pune",
                pin_code="411001",
            )
            for number in range(60)
        ]
        return Branch.objects.bulk_create(made)


def first(page: Page) -> Any:
    return page.locator("tbody a.name").first


def test_rows_by_keys(signed_in_page: Open, branches: list[Branch]) -> None:
    page = signed_in_page()
    page.goto("branches/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    focused = page.locator("tbody tr:nth-child(2) a.name")
    expect(focused).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("1 selected")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk]")).to_be_hidden()
    page.keyboard.press("k")
    expect(page.locator("tbody tr:nth-child(1) a.name")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1:visible")).to_have_text("Branch 00")


def test_typing_in_the_search_is_never_interrupted(signed_in_page: Open, branches: list[Branch]) -> None:
    page = signed_in_page()
    page.goto("branches/")
    page.keyboard.press("f")
    page.keyboard.type("b4", delay=30)
    expect(page.locator("tbody tr")).to_have_count(10)
    expect(page).to_have_url(re.compile(r"branches/\?q=b4$"))
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("2")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("#q")).to_have_value("b42")
    expect(page.locator("#list-meta")).to_have_text("1 branch")
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(10)
    expect(page.locator("#q")).to_have_value("b4")


def test_sort_and_page_swap_the_list_only(signed_in_page: Open, branches: list[Branch]) -> None:
    page = signed_in_page()
    page.goto("branches/?rows=25")
    page.evaluate("window.same = true")
    page.locator("#sort-name").click()
    expect(first(page)).not_to_have_text("Branch 00")
    expect(page.locator("#sort-name")).to_be_focused()
    expect(page.locator("th[aria-sort=descending]")).to_have_count(1)
    page.keyboard.press("]")
    expect(page.locator(".foot b")).to_have_text("26–50")
    page.keyboard.press("]")
    expect(page.locator(".foot b")).to_have_text("51–61")
    page.keyboard.press("[")
    expect(page.locator(".foot b")).to_have_text("26–50")
    assert page.evaluate("window.same"), "the whole page was loaded"
    # The address is the state: the same page again.
    page.reload()
    expect(page.locator(".foot b")).to_have_text("26–50")


def test_filters_are_chosen_and_removed(signed_in_page: Open, branches: list[Branch]) -> None:
    page = signed_in_page()
    page.goto("branches/")
    page.get_by_text("Filter", exact=True).click()
    page.locator("#id_state_code").select_option("29")
    assert axe(page) == []
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator(".chip").first).to_contain_text("Karnataka")
    expect(page.locator("#list-meta")).to_have_text("30 branches")
    page.get_by_label(re.compile("Remove filter State")).click()
    expect(page.locator("#list-meta")).to_have_text("61 branches")
    expect(page).to_have_url(re.compile(r"branches/$"))


def test_all_that_match(signed_in_page: Open, branches: list[Branch], organization: Organization) -> None:
    page = signed_in_page()
    page.goto("branches/?rows=25&q=branch")
    page.get_by_label("Select all rows on this page").check()
    expect(page.locator("[data-bulk-count]")).to_have_text("25 selected")
    page.get_by_role("button", name="Select all 60 that match").click()
    expect(page.locator("[data-bulk-count]")).to_have_text("All 60 that match")
    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_role("heading", name="Archive: 60 branches?")).to_be_visible()
    page.get_by_role("button", name="Archive").click()
    expect(page.locator(".toast")).to_contain_text("60 archived")
    expect(page).to_have_url(re.compile(r"branches/\?q=branch&rows=25$"))
    with tenant(organization.pk):
        assert Branch.objects.filter(active=True).count() == 1


def test_a_view_is_saved_and_its_deletion_undone(signed_in_page: Open, branches: list[Branch]) -> None:
    page = signed_in_page()
    page.goto("branches/?q=branch+1")
    page.get_by_role("link", name="Save view").click()
    dialog = page.get_by_role("dialog", name="Save this view")
    dialog.get_by_role("button", name="Save view").click()
    expect(dialog.locator(".err")).to_contain_text("Type a name.")
    dialog = page.get_by_role("dialog", name="Save this view")
    expect(dialog.get_by_label("Name of the view")).to_be_focused()
    page.keyboard.type("Ones")
    page.keyboard.press("Enter")
    tab = page.locator(".tabs [aria-current=page]")
    expect(tab).to_have_text("Ones")
    page.get_by_text("View", exact=True).click()
    page.get_by_role("link", name="Delete view").click()
    page.get_by_role("dialog", name="Delete view").get_by_role("button", name="Delete view").click()
    expect(page.locator(".tabs").get_by_text("Ones")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(tab).to_have_text("Ones")


def test_columns(signed_in_page: Open, branches: list[Branch]) -> None:
    page = signed_in_page()
    page.goto("branches/")
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("GSTIN").check()
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("columnheader", name="GSTIN")).to_be_visible()


def test_errors_take_focus_and_keep_what_was_typed(signed_in_page: Open) -> None:
    page = signed_in_page()
    page.goto("branches/new/")
    page.evaluate("window.same = true")
    page.get_by_label("Branch name").fill("Nashik")
    page.get_by_label("PIN code").fill("x")
    page.keyboard.press("Control+Enter")
    summary = page.locator(".errsum")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: New branch"))
    expect(page.get_by_label("Branch name")).to_have_value("Nashik")
    assert page.evaluate("window.same")
    summary.get_by_role("link", name="PIN code").click()
    expect(page.get_by_label("PIN code")).to_be_focused()
    assert axe(page) == []


def _conflict(page: Page, organization: Organization) -> Branch:
    """Opens the first branch's form; somebody else saves; then ours is sent."""
    with tenant(organization.pk):
        branch: Branch = Branch.objects.order_by("id")[0]
    page.goto(f"branches/{branch.pk}/edit/")
    with tenant(organization.pk):
        Branch.objects.filter(pk=branch.pk).update(city="Pimpri", phone="020 111", version=2)
    page.get_by_label("City").fill("Chinchwad")
    page.get_by_label("Address").fill("9 New Road")
    page.get_by_role("button", name="Save branch").click()
    return branch


def test_a_conflict_is_a_dialog(signed_in_page: Open, organization: Organization) -> None:
    page = signed_in_page()
    branch = _conflict(page, organization)
    dialog = page.get_by_role("dialog", name="Somebody else changed this branch")
    expect(dialog).to_be_visible()
    assert axe(page) == []
    dialog.get_by_label("Pimpri").check()
    dialog.get_by_role("button", name="Save the chosen values").click()
    expect(page.locator(".toast")).to_contain_text("saved")
    with tenant(organization.pk):
        branch.refresh_from_db()
    assert (branch.city, branch.phone, branch.address) == ("Pimpri", "020 111", "9 New Road")


def test_archive_is_undone_from_its_toast(signed_in_page: Open, organization: Organization) -> None:
    with tenant(organization.pk):
        branch: Branch = Branch.objects.order_by("id")[0]
    page = signed_in_page()
    page.goto(f"branches/{branch.pk}/archive/")
    page.get_by_role("button", name="Archive").click()
    expect(page.locator(".badge", has_text="Archived")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast").last).to_contain_text("restored")
    expect(page.locator(".ph .badge", has_text="Archived")).to_have_count(0)


def test_a_right_that_is_missing_says_so(signed_in_page: Open) -> None:
    page = signed_in_page("picker")
    page.goto("branches/new/")
    expect(page.locator("h1:visible")).to_contain_text("does not allow")
    assert axe(page) == []


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_are_accessible(
    signed_in_page: Open, branches: list[Branch], organization: Organization, theme: str, phone: bool
) -> None:
    page = signed_in_page(theme=theme, phone=phone)
    with tenant(organization.pk):
        pune = Branch.objects.order_by("id")[0]
    faults: dict[str, list[str]] = {}
    for path in (
        "",
        "branches/",
        "branches/?q=zzz",
        "branches/?state_code=bogus",
        "branches/?q=branch&ask=view-save",
        f"branches/{pune.pk}/",
        f"branches/{pune.pk}/edit/",
        f"branches/{pune.pk}/delete/",
        f"branches/{branches[0].pk}/archive/",
        "palette/?q=pune",
    ):
        page.goto(path)
        if found := [*axe(page), *shape(page)]:
            faults[path] = found
    page.goto("branches/")
    page.locator("tbody .ck").first.check()
    if found := axe(page):
        faults["bulk bar"] = found
    assert faults == {}


def test_everything_works_without_script(
    open_page: OpenPage, organization: Organization, branches: list[Branch], signed_in_page: Open
) -> None:
    page = signed_in_page(java_script_enabled=False)
    page.goto("branches/?rows=25")
    page.get_by_label("Next page").click()
    expect(page.locator(".foot b")).to_have_text("26–50")
    page.get_by_label("Search Branches").fill("b1")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(10)
    page.locator("#sort-code").click()
    expect(page).to_have_url(re.compile("sort=code"))
    page.get_by_text("Filter", exact=True).click()
    page.get_by_role("link", name="Choose filters").click()
    page.locator("#id_state_code").select_option("29")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator("tbody tr")).to_have_count(5)
    page.locator("tbody .ck").first.check()
    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_role("heading", name="Archive: 1 branch?")).to_be_visible()
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Save view").click()
    page.get_by_label("Name of the view").fill("Ones")
    page.get_by_role("button", name="Save view").click()
    expect(page.locator(".tabs [aria-current=page]")).to_have_text("Ones")
    branch = _conflict(page, organization)
    expect(page.locator("h1:visible")).to_have_text("Somebody else changed this branch")
    page.get_by_role("button", name="Save the chosen values").click()
    with tenant(organization.pk):
        branch.refresh_from_db()
    assert (branch.city, branch.phone, branch.address) == ("Chinchwad", "020 111", "9 New Road")
