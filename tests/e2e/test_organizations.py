"""Organizations at the keyboard: what happens while somebody types."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch, Invitation, Organization
from apps.organizations.operations import invite_member
from tests import factories
from tests.e2e.browser import Watch
from tests.e2e.conftest import OpenPage
from tests.organizations.factories import role_of


def test_a_gstin_is_checked_and_fills_in_the_state_while_it_is_typed(signed_in_page: Callable[..., Page]) -> None:
    page = signed_in_page("owner")
    page.goto("branches/new/")
    page.locator("#id_gstin").press_sequentially("27ZZZFW4410K1Z")
    expect(page.locator("#gstin-note")).to_have_text("14 of 15 characters")
    page.keyboard.type("1")
    expect(page.locator("#gstin-note")).to_have_text("The last character should be E, not 1")
    expect(page.locator("#id_state_code")).to_have_value("")
    page.keyboard.press("Backspace")
    page.keyboard.type("E")
    expect(page.locator("#gstin-note")).to_have_text("Firm or limited liability partnership, Maharashtra")
    expect(page.locator("#id_state_code")).to_have_value("27")
    expect(page.locator("#id_gstin")).to_be_focused()


def test_a_branch_with_mistakes_keeps_what_was_typed(
    signed_in_page: Callable[..., Page], organization: Organization, watch: Watch
) -> None:
    watch.allow(r"422")
    page = signed_in_page("owner")
    page.goto("branches/new/")
    for name, value in (("name", "Nagpur"), ("code", "NG"), ("gstin", "27ZZZFW4410K1Z1"), ("pin_code", "4400")):
        page.locator(f"#id_{name}").fill(value)
    page.locator("#id_city").fill("Nagpur")
    page.locator("#id_address").fill("14 Paper Mill Corner")
    page.keyboard.press("Control+Enter")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_text(
        ["GSTIN: the last character should be E, not 1", "PIN code: a PIN code has 6 digits, such as 411001"]
    )
    expect(page).to_have_title("Error: New branch · iNEAT")
    summary.get_by_role("link").first.click()
    expect(page.locator("#id_gstin")).to_be_focused()
    page.locator("#id_gstin").fill("27ZZZFW4410K1ZE")
    page.locator("#id_pin_code").fill("440 010")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1").last).to_have_text("Nagpur")
    with tenant(organization.pk):
        assert Branch.objects.get(name="Nagpur").pin_code == "440010"


def test_a_series_previews_its_numbers_while_it_is_typed(signed_in_page: Callable[..., Page]) -> None:
    page = signed_in_page("owner")
    page.goto("series/new/")
    preview = page.locator("#series-preview")
    page.locator("#id_branch").select_option(label="Pune")
    page.locator("#id_kind").select_option("credit_note")
    expect(preview).to_contain_text("Usual for this branch and document: PUN/C")
    page.locator("#id_prefix").press_sequentially("pun/26-27/")
    expect(preview).to_contain_text("PUN/26-27/00001, PUN/26-27/00002 and so on up to PUN/26-27/999999")
    page.locator("#id_prefix").press_sequentially("cn/")
    expect(preview).to_contain_text("rule 46 allows 16")


def test_an_invitations_link_is_copied(signed_in_page: Callable[..., Page], organization: Organization) -> None:
    with tenant(organization.pk):
        invitation: Invitation = invite_member(
            actor=factories.owner_of(organization),
            email="ira@example.test",
            role=role_of("buyer"),
            origin="http://localhost",
        )
    page = signed_in_page("owner")
    page.context.grant_permissions(["clipboard-write"])
    page.goto(f"invitations/{invitation.pk}/")
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#toasts")).to_contain_text("Link copied")
    link = page.locator("#link").input_value()
    assert "/invitations/" in link
    # Pages may not read the clipboard; a person pastes.
    page.goto("members/")
    page.locator("#q").press("Control+V")
    expect(page.locator("#q")).to_have_value(link)


def test_an_organization_is_set_up_in_one_page(open_page: OpenPage) -> None:
    page = open_page(factories.person("Ira Sane"))
    page.goto("")
    expect(page.locator("h1")).to_have_text("Set up an organization")
    page.locator("#id_name").press_sequentially("Sundar Medico")
    expect(page.locator("#slug-note")).to_contain_text("/o/sundar-medico/ is free")
    page.locator("#id_gstin").press_sequentially("29AABCR1718E1ZL")
    expect(page.locator("#id_state_code")).to_have_value("29")
    for name, value in (("address", "9 Fort Steps"), ("city", "Belagavi"), ("pin_code", "590001")):
        page.locator(f"#id_{name}").fill(value)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Sundar Medico is set up.")
    expect(page.get_by_role("heading", name="Set up", exact=True)).to_be_visible()
    expect(page.get_by_text("You work here alone so far")).to_be_visible()
