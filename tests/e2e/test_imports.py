"""An import in a real browser: dropped, matched, mended, taken, undone; by keyboard and mouse, on desk and phone."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.core.exchange import operations
from apps.core.exchange.declaration import register, unregister
from apps.core.exchange.models import ImportJob, ImportProgress
from apps.core.exchange.views.jobs import WAITING_COOKIE
from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch, Membership, Organization
from tests.core.exchange.importers import BranchImporter
from tests.core.exchange.worlds import Importing
from tests.e2e.browser import SHOTS, axe

SignedIn = Callable[..., Page]

CITIES = (("Nagpur", "27", "440001"), ("Mysuru", "29", "570001"), ("Surat", "24", "395003"), ("Kochi", "32", "682001"))


def branch_list(rows: int) -> str:
    """A list as a distributor's other program writes it, with some of the usual mistakes."""
    chance = random.Random(7)
    lines = ["Kite Distributors,,,,,", "Branches Nov 2026,,,,,", "SHOP NAME,Code,State,City,Pincode,Remarks"]
    for number in range(rows):
        city, state, pin = CITIES[number % len(CITIES)]
        state = {11: "Karnatka (29)", 17: "Keralla (32)"}.get(number, state)
        pin = "57000" if number == 23 else pin
        name = "" if number == 31 else f"{city} depot {number % 40 if number == 44 else number}"
        if number in {50, 51, 52, 53}:
            city, state = "Pune", "29"
        lines.append(f"{name},D{number:03d},{state},{city},{pin},{chance.choice(['', 'new', ''])}")
    return "\r\n".join(lines)


@pytest.fixture
def importer(settings: Any, tmp_path: Path) -> Iterator[BranchImporter]:
    settings.DATA_DIR = tmp_path
    SHOTS.mkdir(exist_ok=True)
    one = BranchImporter()
    register(one)
    yield one
    unregister(one.name)


def picture(page: Page, name: str) -> None:
    # Hiding the caret would leave style attributes behind, which htmx copies and the policy refuses.
    page.screenshot(path=SHOTS / f"{name}.png", caret="initial")


def upload(page: Page, data: str, name: str = "branches-nov-2026.csv") -> None:
    page.goto("imports/?kind=test_branches")
    page.locator("#id_file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": data.encode()})
    expect(page.locator("[data-file-name]")).to_have_text(name)
    page.get_by_role("button", name="Read file").click()


def test_the_five_steps(signed_in_page: SignedIn, importer: BranchImporter, organization: Organization) -> None:
    page = signed_in_page()
    page.goto("imports/?kind=test_branches")
    assert axe(page) == []
    picture(page, "06-import-1")
    upload(page, branch_list(60))

    expect(page.get_by_text("5 of 6 columns matched")).to_be_visible()
    assert axe(page) == []
    picture(page, "06-import-2")
    page.get_by_label("Remarks goes to").select_option("address")
    expect(page.get_by_text("6 of 6 columns matched")).to_be_visible()
    page.get_by_label("Remarks goes to").select_option("")
    expect(page.get_by_text("5 of 6 columns matched")).to_be_visible()
    page.get_by_role("button", name="Check 60 rows").click()

    expect(page.get_by_text("9 rows cannot be imported yet.")).to_be_visible()
    assert axe(page) == []
    picture(page, "06-import-3")
    page.get_by_role("button", name="set State to Maharashtra (27) for all 4").click()
    expect(page.get_by_text("5 rows cannot be imported yet.")).to_be_visible()
    page.get_by_role("button", name=re.compile("Use Karnataka")).click()
    expect(page.get_by_text("4 rows cannot be imported yet.")).to_be_visible()
    page.get_by_role("link", name="Edit row 35").click()
    expect(page.get_by_label("Branch name")).to_be_focused()
    assert axe(page) == []
    picture(page, "06-import-3-edit")
    page.get_by_label("Branch name").fill("Kochi depot")
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 rows cannot be imported yet.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Errors file").click()
    assert download.value.suggested_filename == "branches-nov-2026-errors.csv"

    page.get_by_role("button", name="Import 57 rows").click()
    expect(page.get_by_text(re.compile("57 rows imported in"))).to_be_visible()
    assert axe(page) == []
    picture(page, "06-import-5")
    with tenant(organization.pk):
        assert Branch.objects.count() == 58
    page.get_by_role("link", name="Undo this import").click()
    assert axe(page) == []
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_text("This import was undone")).to_be_visible()
    with tenant(organization.pk):
        assert Branch.objects.count() == 1


def test_progress_is_told_and_leads_on(
    signed_in_page: SignedIn, importer: BranchImporter, organization: Organization
) -> None:
    with tenant(organization.pk):
        importing = Importing(organization.pk, importer)
        job = operations.start_taking(job_number=importing.check(branch_list(50)).pk, only_good=True)
        ImportProgress.objects.create(
            job_number=job.pk, phase="importing", done=29, total=job.importable,
            started_at=timezone.now() - dt.timedelta(seconds=14),
        )  # fmt: skip
    page = signed_in_page()
    page.goto(f"imports/{job.pk}/")
    expect(page.get_by_text(re.compile("29 of 45 done"))).to_be_visible()
    assert axe(page) == []
    picture(page, "06-import-4")
    operations.work_on(organization_id=organization.pk, job_number=job.pk)
    expect(page.get_by_text(re.compile("45 rows imported in"))).to_be_visible()


def test_a_bad_file_says_why_and_takes_focus(signed_in_page: SignedIn, importer: BranchImporter) -> None:
    page = signed_in_page()
    upload(page, 'Shop,Code\n"Nagpur,NAG\n')
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text('The quote (") that opens in row 2 is never closed.')
    assert axe(page) == []
    picture(page, "06-import-refused")


@pytest.mark.parametrize(("theme", "phone"), [("dark", False), ("light", True)])
def test_other_looks(
    signed_in_page: SignedIn, importer: BranchImporter, organization: Organization, theme: str, phone: bool
) -> None:
    with tenant(organization.pk):
        job: ImportJob = Importing(organization.pk, importer).check(branch_list(60))
    page = signed_in_page(theme=theme, phone=phone)
    look = "phone" if phone else theme
    for path, name in (("?kind=test_branches", 1), (f"{job.pk}/match/", 2), (f"{job.pk}/check/", 3)):
        page.goto(f"imports/{path}")
        assert axe(page) == []
        picture(page, f"06-import-{name}-{look}")


def test_a_file_is_dropped(signed_in_page: SignedIn, importer: BranchImporter) -> None:
    page = signed_in_page()
    page.goto("imports/?kind=test_branches")
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["Shop,Code\\nA,B\\n"], "dropped.csv", { type: "text/csv" }));
          const zone = document.querySelector("[data-drop]");
          for (const kind of ["dragover", "drop"]) {
            zone.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
          }
        }"""
    )
    expect(page.locator("[data-file-name]")).to_have_text("dropped.csv")
    page.get_by_role("button", name="Read file").click()
    expect(page.get_by_text("Choose which column holds: State, City.")).to_be_visible()


def test_an_open_page_tells_that_the_import_ended(
    signed_in_page: SignedIn, importer: BranchImporter, organization: Organization
) -> None:
    page = signed_in_page()
    with tenant(organization.pk):
        job = Importing(organization.pk, importer).check(branch_list(50))
        job.person_id = Membership.objects.get().user_id
        job.save(update_fields=["person_id"])
        operations.start_taking(job_number=job.pk, only_good=True)
    page.context.add_cookies(
        [{"name": WAITING_COOKIE, "value": "1", "domain": "localhost", "path": f"/o/{organization.slug}/"}]
    )
    page.goto("branches/")
    news = page.locator("[hx-get$='/imports/news/']")
    expect(news).to_have_count(1)
    operations.work_on(organization_id=organization.pk, job_number=job.pk)
    expect(page.get_by_text("45 rows of list.csv imported")).to_be_visible(timeout=20_000)  # it asks every 5 s
    expect(news).to_have_count(0)
    assert axe(page) == []
    picture(page, "06-import-news")
    page.reload()
    expect(page.get_by_text("45 rows of list.csv imported")).to_have_count(0)
    page.goto("imports/all/")
    expect(page.get_by_role("link", name="list.csv")).to_be_visible()
    assert axe(page) == []
    picture(page, "06-import-all")


def test_a_column_that_the_file_lacks_is_given_once(signed_in_page: SignedIn, importer: BranchImporter) -> None:
    page = signed_in_page()
    upload(page, "Branch name,Code,City\r\nNagpur,NG,Nagpur\r\nMysuru,MY,Mysuru\r\n")
    expect(page.get_by_text("Choose which column holds: State.")).to_be_visible()
    page.get_by_label("State", exact=True).select_option("27")
    page.get_by_text("4 more columns").click()
    page.get_by_label("PIN code").fill("44")
    assert axe(page) == []
    picture(page, "06-import-2-lacking")
    page.get_by_role("button", name="Check 2 rows").click()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("PIN code")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("440001")
    page.get_by_role("button", name="Check 2 rows").click()
    expect(page.get_by_text("Every row is ready.")).to_be_visible()
    expect(page.get_by_role("cell", name="440001")).to_have_count(2)
    picture(page, "06-import-3-given")


def test_another_kind_asks_other_things(signed_in_page: SignedIn, importer: BranchImporter) -> None:
    page = signed_in_page()
    page.goto("imports/?kind=parties")
    expect(page.get_by_label("If a party exists already")).to_be_visible()
    page.get_by_role("radio", name=re.compile("Branches")).check()
    expect(page.get_by_label("If a branch exists")).to_be_visible()
    expect(page.get_by_label("If a party exists already")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV with all columns").click()
    assert download.value.suggested_filename == "test_branches-template.csv"
    assert axe(page) == []


def test_without_script(signed_in_page: SignedIn, importer: BranchImporter, organization: Organization) -> None:
    page = signed_in_page(java_script_enabled=False)
    page.goto("imports/?kind=test_branches")
    page.locator("#id_file").set_input_files(
        {"name": "b.csv", "mimeType": "text/csv", "buffer": branch_list(60).encode()}
    )
    page.get_by_role("button", name="Read file").click()
    page.get_by_role("button", name="Check 60 rows").click()
    page.get_by_role("button", name="Drop row, row 48").click()
    expect(page.get_by_text("8 rows cannot be imported yet.")).to_be_visible()
    page.get_by_role("link", name="Edit row 35").click()
    page.get_by_label("Branch name").fill("Kochi depot")
    page.get_by_role("button", name="Save row").click()
    expect(page.get_by_text("7 rows cannot be imported yet.")).to_be_visible()
    page.get_by_role("button", name="Import 52 rows").click()
    if page.get_by_role("link", name="Look again").count():
        page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text(re.compile("52 rows imported in"))).to_be_visible()
