"""The document grid in a browser, on a scratch page: typing never waits, nothing is lost, by keyboard alone."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from apps.core.tenancy.context import tenant
from apps.inventory.models import Place, ReorderLevel
from apps.organizations.models import Organization
from tests.core.ui.gridpage import levels, serve_grid, shelf
from tests.e2e.browser import Watch, axe, shape

Open = Callable[..., Page]
NAMES = ["Azivanta 500", "Cefquill 200", "Telmivox 40", "Pantolume 40", "Glargiva Pen", "Virosept Surface"]


@pytest.fixture
def place(settings: Any, organization: Organization) -> Place:
    serve_grid(settings)
    return shelf(organization, NAMES)[0]


@pytest.fixture
def page(signed_in_page: Open, place: Place) -> Page:
    page = signed_in_page()
    page.goto(f"levels/{place.pk}/")
    return page


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name"))


def typed(page: Page, letters: str, level: str) -> None:
    """A line as a fast typist types it, without looking."""
    page.keyboard.type(letters)
    page.keyboard.press("Enter")
    page.keyboard.type(level)
    page.keyboard.press("Enter")


def saved(page: Page) -> None:
    expect(page.locator("#grid-saved")).to_contain_text(re.compile(r"Saved \d\d:\d\d:\d\d"))


def numbers(page: Page) -> list[str]:
    return page.locator("tbody[data-line] .no").all_inner_texts()


def late(route: Route) -> None:
    """A slow network."""
    time.sleep(0.3)
    route.continue_()


def test_lines_are_typed_by_keyboard_and_each_saves_itself(
    page: Page, place: Place, organization: Organization
) -> None:
    assert focused(page) == "product"
    page.keyboard.type("cef")
    expect(page.get_by_role("grid", name="Matching products").get_by_role("row")).to_have_count(2)
    expect(page.locator(".combo [aria-selected=true]")).to_contain_text("Cefquill 200")
    assert axe(page) == []
    page.keyboard.press("Enter")
    expect(page.locator("tbody[data-line]").first.locator("[name=product]")).to_have_value("Cefquill 200")
    assert focused(page) == "level"
    page.keyboard.type("52")
    page.keyboard.press("Enter")
    assert focused(page) == "product"
    saved(page)
    expect(page.locator("#total")).to_have_text("52")
    assert numbers(page) == ["1", "2"]
    typed(page, "azi", "12")
    typed(page, "tel", "9")
    expect(page.locator("#count")).to_have_text("3")
    assert levels(organization) == [("Cefquill 200", 52, None), ("Azivanta 500", 12, None), ("Telmivox 40", 9, None)]
    assert shape(page) == []
    assert axe(page) == []
    page.reload()
    assert numbers(page) == ["1", "2", "3", "4"]


def test_typing_does_not_wait_for_a_slow_network(page: Page, organization: Organization) -> None:
    page.route("**/o/**", late)
    started = time.monotonic()
    for letters, level in (("azi", "5"), ("cef", "6"), ("tel", "7"), ("pan", "8")):
        typed(page, letters, level)
    took = time.monotonic() - started
    print(f"4 lines typed in {took:.2f} s while each request takes 0.3 s and more")
    assert len(numbers(page)) == 5, "the fifth line is open before the first was answered"
    expect(page.locator("#count")).to_have_text("4", timeout=15_000)
    saved(page)
    assert [(name, level) for name, level, _quantity in levels(organization)] == [
        ("Azivanta 500", 5), ("Cefquill 200", 6), ("Telmivox 40", 7), ("Pantolume 40", 8),
    ]  # fmt: skip


def test_a_line_that_is_changed_while_it_is_being_saved_keeps_what_was_typed(
    page: Page, organization: Organization
) -> None:
    typed(page, "azi", "5")
    saved(page)
    page.route("**/o/**", late)
    first = page.locator("tbody[data-line]").first
    first.locator("[name=level]").fill("50")
    first.locator("[name=level]").press("Enter")
    page.keyboard.press("ArrowUp")
    first.locator("[name=quantity]").fill("7")
    page.wait_for_timeout(900)
    expect(first.locator("[name=quantity]")).to_have_value("7")
    assert focused(page) == "quantity"
    page.keyboard.press("Enter")
    saved(page)
    expect(page.locator("#total")).to_have_text("50")
    page.wait_for_timeout(900)
    assert levels(organization) == [("Azivanta 500", 50, 7)]


def test_without_a_network_lines_wait_and_are_sent_when_it_is_back(
    page: Page, watch: Watch, organization: Organization
) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED")
    typed(page, "azi", "5")
    saved(page)
    page.context.set_offline(True)
    typed(page, "cef", "6")
    toast = page.locator(".toast.bad")
    expect(toast).to_contain_text("No connection")
    typed(page, "tel", "7")
    first = page.locator("tbody[data-line]").first.locator("[name=level]")
    first.fill("55")
    first.press("Enter")
    assert levels(organization) == [("Azivanta 500", 5, None)]
    page.wait_for_timeout(7000)
    expect(toast).to_be_visible()
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#count")).to_have_text("3", timeout=15_000)
    saved(page)
    expect(toast).to_have_count(0)
    assert [(name, level) for name, level, _quantity in levels(organization)] == [
        ("Azivanta 500", 55), ("Cefquill 200", 6), ("Telmivox 40", 7),
    ]  # fmt: skip


def test_an_answer_that_is_lost_makes_no_second_line(page: Page, watch: Watch, organization: Organization) -> None:
    watch.allow("ERR_FAILED")
    seen: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        if route.request.method == "POST" and not seen:
            seen.append(route.request.url)
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/levels/**", lose_the_first_answer)
    typed(page, "azi", "5")
    expect(page.locator(".toast.bad")).to_be_visible()
    saved(page)
    assert seen
    assert levels(organization) == [("Azivanta 500", 5, None)]
    assert numbers(page) == ["1", "2"]


def test_what_is_refused_stays_and_the_step_leads_to_it(page: Page, organization: Organization) -> None:
    typed(page, "azi", "none")
    typed(page, "cef", "6")
    bad = page.locator("tbody[data-bad]")
    expect(bad).to_contain_text("Type a whole number.")
    assert focused(page) == "product", "whoever types the next line is not disturbed"
    assert axe(page) == []
    page.keyboard.press("Control+Enter")
    expect(bad.locator("[name=level]")).to_be_focused()
    page.keyboard.type("4")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast.ok")).to_contain_text("Posted")
    assert sorted(levels(organization)) == [("Azivanta 500", 4, None), ("Cefquill 200", 6, None)]


def test_a_name_that_nothing_has_is_said(page: Page) -> None:
    typed(page, "zzz", "4")
    expect(page.locator(".toast")).to_contain_text("Nothing is found by “zzz”.")
    expect(page.locator("[name=product][aria-invalid=true]")).to_have_value("zzz")


def test_a_line_is_removed_and_put_back(page: Page, organization: Organization) -> None:
    for letters in ("azi", "cef", "tel"):
        typed(page, letters, "5")
    expect(page.locator("#count")).to_have_text("3")
    page.evaluate("window.same = true")
    page.locator("tbody[data-line]").nth(1).locator("[name=level]").focus()
    page.keyboard.press("Control+Delete")
    expect(page.locator("#count")).to_have_text("2")
    assert numbers(page) == ["1", "2", "3"]
    expect(page.locator("tbody[data-line]").nth(1).locator("[name=level]")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#count")).to_have_text("3")
    assert page.evaluate("window.same")
    assert ("Cefquill 200", 5, None) in levels(organization)


def test_keys_of_the_grid(page: Page) -> None:
    typed(page, "azi", "5")
    typed(page, "cef", "6")
    expect(page.locator("#count")).to_have_text("2")
    page.keyboard.press("ArrowUp")
    assert page.locator(":focus").input_value() == "Cefquill 200"
    page.keyboard.press("Enter")
    assert focused(page) == "level"
    page.keyboard.press("Control+d")
    assert page.locator(":focus").input_value() == "5"
    page.keyboard.press("Escape")
    assert page.locator(":focus").input_value() == "6"
    page.keyboard.press("Shift+Enter")
    assert focused(page) == "product"
    page.keyboard.press("Insert")
    expect(page.locator("tbody[data-line]").last.locator("[name=product]")).to_be_focused()
    page.keyboard.press("F2")
    assert focused(page) == "name"
    page.locator("h1:visible").click()
    page.keyboard.press("?")
    expect(page.locator("[data-keysheet]")).to_contain_text("copy cell above")


def test_the_button_of_a_note_mends_the_line_by_its_key(page: Page, organization: Organization) -> None:
    typed(page, "azi", "5000")
    expect(page.locator("tr.note.warn")).to_contain_text("That is a lot.")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("F4")
    expect(page.locator("tr.note")).to_have_count(0)
    expect(page.locator("#total")).to_have_text("100")
    assert levels(organization) == [("Azivanta 500", 100, None)]


def test_two_people_in_one_line(page: Page, organization: Organization) -> None:
    typed(page, "azi", "5")
    saved(page)
    with tenant(organization.pk):
        ReorderLevel.objects.update(level=8)
    level = page.locator("tbody[data-line]").first.locator("[name=level]")
    level.fill("9")
    level.press("Enter")
    dialog = page.locator("#conflict")
    expect(dialog).to_be_visible()
    assert axe(page, "#conflict") == []
    dialog.get_by_role("button", name="Save the chosen values").click()
    expect(page.locator("#total")).to_have_text("9")
    assert levels(organization) == [("Azivanta 500", 9, None)]
    with tenant(organization.pk):
        ReorderLevel.objects.update(level=8)
    level.fill("10")
    level.press("Enter")
    dialog.get_by_role("link", name="Throw mine away").click()
    expect(level).to_have_value("8")


def test_two_windows_show_each_others_lines(page: Page, place: Place) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    typed(page, "azi", "5")
    saved(page)
    other.bring_to_front()
    typed(other, "cef", "6")
    expect(other.locator("#count")).to_have_text("2")
    expect(other.locator("tbody[data-line]")).to_have_count(3)
    assert [box.input_value() for box in other.locator("tbody[data-line] [name=product]").all()] == [
        "Azivanta 500", "Cefquill 200", "",
    ]  # fmt: skip


def test_a_new_document_gets_its_address_with_the_first_line(
    signed_in_page: Open, place: Place, organization: Organization
) -> None:
    page = signed_in_page()
    page.goto("levels/new/")
    typed(page, "azi", "5")
    typed(page, "cef", "6")
    expect(page).to_have_url(re.compile(r"/levels/\d+/$"))
    expect(page.locator("#count")).to_have_text("2")
    page.reload()
    expect(page.locator("tbody[data-line]")).to_have_count(3)
    assert len(levels(organization)) == 2


def test_a_step_twice_is_one_and_asks_first(page: Page) -> None:
    typed(page, "azi", "5")
    page.get_by_role("button", name="Close").click()
    dialog = page.get_by_role("dialog", name="Close")
    expect(dialog).to_contain_text("Sure?")
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.post_data or "") if request.method == "POST" else None)
    dialog.get_by_role("button", name="Close").dblclick(no_wait_after=True)
    expect(page.locator(".toast.ok")).to_contain_text("Posted")
    assert sum("sure" in data for data in posts) == 1


def test_on_the_phone(signed_in_page: Open, place: Place, organization: Organization) -> None:
    page = signed_in_page(phone=True)
    page.goto(f"levels/{place.pk}/")
    line = page.locator("tbody[data-line]").last
    line.locator("[name=product]").tap()
    line.locator("[name=product]").type("cef")
    page.locator(".combo tbody tr").tap()
    expect(line.locator("[name=level]")).to_be_focused()
    line.locator("[name=level]").type("5")
    line.locator("[name=quantity]").tap()
    line.locator("[name=quantity]").type("3")
    page.keyboard.press("Enter")
    expect(page.locator("#count")).to_have_text("1")
    assert levels(organization) == [("Cefquill 200", 5, 3)]
    assert shape(page) == []
    assert axe(page) == []


def test_without_script(signed_in_page: Open, place: Place, organization: Organization) -> None:
    page = signed_in_page(java_script_enabled=False)
    page.goto(f"levels/{place.pk}/")
    page.locator("[name=product]").fill("Cefquill 200")
    page.locator("[name=level]").fill("5")
    page.locator("[name=level]").press("Enter")
    expect(page.locator("#count")).to_have_text("1")
    page.locator("[name=level]").first.fill("6")
    page.locator("tbody[data-line]").first.get_by_role("button", name="Save").click()
    expect(page.locator("#total")).to_have_text("6")
    assert levels(organization) == [("Cefquill 200", 6, None)]
