"""The script in a real browser: keys, dialogs, lists, line grid, toasts, on the styleguide, where every part is."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browser import Watch, axe, shape

SignedIn = Callable[..., Page]


@pytest.fixture
def guide(signed_in_page: SignedIn) -> Page:
    page = signed_in_page()
    page.goto("/styleguide/")
    return page


def _focused(page: Page) -> Locator:
    return page.locator(":focus")


def _open(page: Page, dialog: str) -> bool:
    return bool(page.locator(f"#{dialog}").evaluate("dialog => dialog.open"))


# ---- keys and dialogs ----


@pytest.mark.parametrize("keys", ["/", "Control+k"])
def test_search_opens_by_either_key_and_gives_focus_back(guide: Page, keys: str) -> None:
    guide.locator("#product-1" if keys == "Control+k" else "#show-toast").focus()
    guide.keyboard.press(keys)
    expect(guide.locator("#palette-q")).to_be_focused()
    guide.keyboard.press("Escape")
    assert not _open(guide, "palette")
    expect(_focused(guide)).to_have_id("product-1" if keys == "Control+k" else "show-toast")


def test_single_keys_do_nothing_while_typing_or_when_switched_off(guide: Page) -> None:
    guide.locator("#q").fill("")
    guide.locator("#q").press_sequentially("/?jx")
    expect(guide.locator("#q")).to_have_value("/?jx")
    assert not _open(guide, "palette")

    guide.locator("h1:visible").click()
    guide.keyboard.press("?")
    guide.locator("[data-single-keys]").uncheck()
    guide.keyboard.press("Escape")
    guide.keyboard.press("/")
    assert not _open(guide, "palette")
    guide.reload()
    expect(guide.locator("html")).to_have_attribute("data-keys", "off")
    guide.keyboard.press("Control+k")
    assert _open(guide, "palette"), "keys with Control stay"


def test_the_list_of_keys_is_made_from_the_page(guide: Page) -> None:
    guide.keyboard.press("?")
    sheet = guide.locator("[data-keysheet]")
    expect(sheet.locator("dt", has_text="j")).to_be_visible()
    expect(sheet.locator("dd", has_text="Next page")).to_be_visible()
    expect(sheet.locator("dd", has_text="Search or jump")).to_have_count(1)
    assert axe(guide, "#shortcuts") == []


def test_two_keys_go_where_the_side_bar_says(signed_in_page: SignedIn) -> None:
    page = signed_in_page()
    page.goto("")
    link = page.locator(".side [aria-keyshortcuts^='g ']").last
    first, second = str(link.get_attribute("aria-keyshortcuts")).split()
    target = str(link.get_attribute("href"))
    page.keyboard.press(first)
    page.keyboard.press(second)
    expect(page).to_have_url(re.compile(re.escape(target) + "$"))


def test_the_palette_narrows_commands_and_enter_opens_the_first(signed_in_page: SignedIn) -> None:
    page = signed_in_page()
    page.goto("")
    page.keyboard.press("/")
    options = page.locator("#palette [data-command]:visible")
    everything = options.count()
    name = options.nth(everything - 1).locator("span").first.inner_text()
    page.locator("#palette-q").fill(name.lower())
    expect(page.locator("#palette [aria-selected=true]")).to_have_count(1)
    assert 0 < options.count() < everything
    page.locator("#palette-q").fill("qqqqzzzz")
    expect(page.locator("[data-palette-none]")).to_be_visible()
    page.locator("#palette-q").fill("")
    chosen = page.locator("#palette [aria-selected=true]").first
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    target = str(chosen.get_attribute("href"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(target) + "$"))


# ---- lists ----


def test_rows_are_walked_and_ticked_by_keys(guide: Page) -> None:
    guide.keyboard.press("j")
    guide.keyboard.press("j")
    expect(_focused(guide)).to_have_text("Azivanta 500")
    guide.keyboard.press("k")
    expect(_focused(guide)).to_have_text("Cetrivale 10")
    guide.keyboard.press("x")
    expect(guide.locator("tr.sel")).to_have_count(1)
    expect(guide.locator("[data-bulk-count]")).to_have_text("1 selected")
    guide.keyboard.press("f")
    expect(guide.locator("#q")).to_be_focused()


def test_these_rows_or_all_that_match(guide: Page) -> None:
    bar, sent = guide.locator("#bulk"), "[...new FormData(document.getElementById('bulk')).keys()]"
    expect(bar).to_be_hidden()
    guide.locator("table[data-list] thead .ck").check()
    expect(guide.locator("[data-bulk-count]")).to_have_text("5 selected")
    assert guide.evaluate(sent).count("pk") == 5
    assert "all" not in guide.evaluate(sent)

    guide.get_by_role("button", name="Select all 2,418 that match").click()
    expect(guide.locator("[data-bulk-count]")).to_have_text("All 2,418 that match")
    assert "all" in guide.evaluate(sent)

    guide.locator("tbody .ck").first.uncheck()
    expect(guide.locator("[data-bulk-count]")).to_have_text("4 selected")
    assert "all" not in guide.evaluate(sent), "unticking one row takes back the choice of all"
    guide.get_by_role("button", name="Clear selection").click()
    expect(bar).to_be_hidden()
    expect(guide.locator("tr.sel")).to_have_count(0)


# ---- line grid and fields ----


def test_the_line_grid_is_walked_without_a_mouse(guide: Page) -> None:
    guide.locator("#product-1").focus()
    guide.keyboard.press("Enter")
    expect(_focused(guide)).to_have_id("batch-1")
    guide.keyboard.press("ArrowDown")
    expect(_focused(guide)).to_have_id("batch-2")
    expect(guide.locator("#line-2")).to_have_class("on")
    guide.keyboard.press("Control+d")
    expect(guide.locator("#batch-2")).to_have_value("FB6-2208")
    guide.keyboard.press("Shift+Enter")
    expect(_focused(guide)).to_have_id("product-2")
    guide.evaluate("document.addEventListener('line:next', () => (document.title = 'next'))")
    guide.locator("#rate-3").press("Enter")
    expect(guide).to_have_title("next")


def test_an_expiry_is_completed_as_it_is_typed(guide: Page) -> None:
    field = guide.locator("#id_expiry")
    for typed, shown in (("0828", "08/2028"), ("8/28", "08/2028"), ("12-2027", "12/2027"), ("1328", "1328")):
        field.fill(typed)
        field.blur()
        expect(field).to_have_value(shown)


def test_a_password_can_be_shown(guide: Page) -> None:
    field, button = guide.locator("#id_password"), guide.locator("[data-reveal=id_password]")
    expect(field).to_have_attribute("type", "password")
    button.click()
    expect(field).to_have_attribute("type", "text")
    expect(button).to_have_attribute("aria-label", "Hide password")


def test_the_error_summary_takes_focus_and_leads_to_the_field(guide: Page) -> None:
    guide.goto("/styleguide/?show=form")
    expect(guide.locator(".errsum")).to_be_focused()
    assert guide.title().startswith("Error: ")
    guide.get_by_role("link", name="Credit limit").click()
    expect(guide.locator("#id_limit")).to_be_focused()


# ---- answers of the server ----


def test_a_toast_offers_undo_and_a_fault_stays_with_its_code(guide: Page, watch: Watch) -> None:
    watch.allow("^500: GET /styleguide/")
    guide.locator("#show-toast").click()
    toast = guide.locator("#toasts .toast")
    expect(toast).to_contain_text("Line 4 removed")
    expect(toast.locator("form")).to_have_attribute("action", "/styleguide/")
    expect(toast.locator("[name=next]")).to_have_value("/styleguide/")
    toast.get_by_role("button", name="Close message").click()
    expect(toast).to_have_count(0)

    guide.locator("#show-fault").click()
    expect(toast).to_contain_text("The server had a fault")
    expect(toast).to_contain_text("E-7F2K-0914")
    expect(toast.locator("form")).to_have_count(0)


def test_without_network_the_screen_stays_and_says_so(guide: Page, watch: Watch) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED|Failed to fetch")
    guide.context.set_offline(True)
    guide.locator("#show-toast").click()
    expect(guide.locator("#toasts .toast")).to_contain_text("No answer from the server")
    guide.context.set_offline(False)


def test_a_conflict_opens_as_a_dialog_and_gives_focus_back(guide: Page) -> None:
    guide.locator("#show-conflict").focus()
    guide.keyboard.press("Enter")
    expect(guide.locator("#conflict")).to_be_visible()
    expect(guide.locator("#conflict-h")).to_be_focused()
    assert axe(guide, "#conflict") == []
    guide.mouse.click(5, 5)
    expect(guide.locator("#conflict")).to_be_visible()
    guide.keyboard.press("Escape")
    expect(guide.locator("#conflict")).to_be_hidden()
    expect(_focused(guide)).to_have_id("show-conflict")


def test_dark_and_dense_are_remembered(guide: Page) -> None:
    guide.get_by_role("button", name="Switch between light and dark").click()
    expect(guide.locator("html")).to_have_attribute("data-theme", "dark")
    guide.reload()
    expect(guide.locator("html")).to_have_attribute("data-theme", "dark")


# ---- every frame, in every look ----

SHOWN = ("form", "auth", "print", "400", "403", "403_csrf", "404", "409", "500", "503")


@pytest.mark.parametrize("look", [{}, {"theme": "dark"}, {"phone": True}, {"phone": True, "theme": "dark"}], ids=str)
def test_frames_and_error_pages_are_accessible(signed_in_page: SignedIn, watch: Watch, look: dict[str, str]) -> None:
    watch.allow("^50[03]: GET /styleguide/")
    page = signed_in_page(**look)
    faults: dict[str, list[str]] = {}
    for name in SHOWN:
        page.goto(f"/styleguide/?show={name}")
        found = axe(page)
        # A sheet of paper is as wide as it is.
        if name != "print":
            found += shape(page)
        if found:
            faults[name] = found
    assert faults == {}


def test_menus_and_preferences_work_without_script(signed_in_page: SignedIn) -> None:
    page = signed_in_page(java_script_enabled=False, phone=True)
    page.goto("/styleguide/")
    page.locator(".tabbar summary").click()
    expect(page.locator(".sheet-up")).to_be_visible()
    page.locator(".mbar summary").click()
    page.locator(".mbar [data-theme-toggle]").click()
    expect(page).to_have_url(re.compile("/styleguide/$"))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
