"""The five pages, as a browser without script and as htmx see them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from apps.core.exchange import tasks
from apps.core.exchange.declaration import register, unregister
from apps.core.exchange.models import ImportJob
from apps.core.exchange.progress import Progress
from apps.core.exchange.rules.states import State
from apps.core.exchange.views import jobs
from apps.core.tenancy.context import tenant
from apps.organizations import rights
from apps.organizations.models import Branch, Organization
from tests import factories
from tests.core.exchange.importers import BranchImporter
from tests.core.exchange.test_import import BAD, GOOD
from tests.core.exchange.test_reading import workbook


class Visitor:
    """A member who walks through an import."""

    def __init__(self, organization: Organization, role: str) -> None:
        self.organization = organization
        self.client = Client()
        factories.sign_in(self.client, factories.member(organization, role).user)
        self.base = f"/o/{organization.slug}/imports/"

    def get(self, path: str = "", **headers: str) -> HttpResponse:
        return self.client.get(path if path.startswith("/") else self.base + path, headers=headers)  # type: ignore[return-value]

    def post(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> HttpResponse:
        path = path if path.startswith("/") else self.base + path
        return self.client.post(path, data or {}, headers=headers)  # type: ignore[return-value]

    def upload(self, data: str | bytes, name: str = "list.csv", **fields: str) -> HttpResponse:
        content = data.encode() if isinstance(data, str) else data
        return self.post("", {"kind": "test_branches", "file": SimpleUploadedFile(name, content), **fields})

    def follow(self, response: HttpResponse) -> HttpResponse:
        while response.status_code == 302:
            response = self.get(response.headers["Location"])
        return response

    @property
    def job(self) -> ImportJob:
        with tenant(self.organization.pk):
            found: ImportJob = ImportJob.objects.latest("id")
            return found

    def branches(self) -> set[str]:
        with tenant(self.organization.pk):
            return set(Branch.objects.values_list("name", flat=True))


@pytest.fixture
def visitor(db: None, settings: Any, tmp_path: Path) -> Iterator[Visitor]:
    settings.DATA_DIR = tmp_path
    organization = factories.organization("Banyan & Kite")
    with tenant(organization.pk):
        Branch.objects.update(name="Pune", code="PUNE")
    importer = BranchImporter()
    register(importer)
    yield Visitor(organization, rights.MANAGER)
    unregister(importer.name)


def body(response: HttpResponse) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_the_whole_way(visitor: Visitor, django_capture_on_commit_callbacks: Any) -> None:
    assert "What are you bringing in?" in body(visitor.get())
    page = visitor.follow(visitor.upload(GOOD))
    assert visitor.job.status == "uploaded"
    assert "2 rows · comma separated · UTF-8 · headings in row 1" in body(page)
    assert "4 of 5 columns matched by name" in body(page)
    mapping = {f"c{place}": target for place, target in enumerate(visitor.job.mapping)}
    page = visitor.follow(visitor.post(f"{visitor.job.pk}/match/", {**mapping, "remember": "1"}))
    assert "Every row is ready." in body(page)
    assert "Import 2 rows" in body(page)
    with django_capture_on_commit_callbacks(execute=True):
        response = visitor.post(f"{visitor.job.pk}/check/", {"do": "take"})
        assert response.headers["Location"].endswith("/progress/")
        assert "Importing 2 rows" in body(visitor.follow(response))
    page = visitor.follow(visitor.get(f"{visitor.job.pk}/"))
    assert "2 rows imported in 1 second" in body(page)
    assert visitor.branches() >= {"Nagpur", "Mysuru"}
    assert "2 new records go." in body(visitor.get(f"{visitor.job.pk}/undo/"))
    page = visitor.follow(visitor.post(f"{visitor.job.pk}/undo/"))
    assert "This import was undone" in body(page)
    assert not visitor.branches() & {"Nagpur", "Mysuru"}
    assert "Undone" in body(visitor.get())


def checked(visitor: Visitor, data: str = BAD) -> str:
    visitor.upload(data)
    job = visitor.job
    visitor.post(f"{job.pk}/match/", {f"c{place}": target for place, target in enumerate(job.mapping)})
    assert visitor.job.status == "checked"
    return f"{job.pk}/check/"


def test_errors_are_marked_and_mended_by_htmx(visitor: Visitor) -> None:
    address = checked(visitor)
    page = body(visitor.get(address))
    assert "7 rows cannot be imported yet." in page
    assert "set State to Maharashtra (27) for all 2" in page
    assert "Use 27AAPFU0939F1ZV" in page
    assert "and 3 more" in page
    assert page.count("cell bad") == 9
    response = visitor.post(
        address, {"do": "fix_all", "column": "state_code", "code": "pune_state", "fix": "27"}, **{"HX-Request": "true"}
    )
    assert response.status_code == 200
    assert "<html" not in body(response)
    assert "5 rows cannot be imported yet." in body(response)
    again = visitor.post(address, {"do": "fix_all", "column": "state_code", "code": "pune_state", "fix": "27"})
    assert again.status_code == 422
    assert "This is solved already." in body(again)
    assert visitor.post(address).status_code == 422
    assert visitor.post(address, {"do": "drop", "row": "3"}).status_code == 302
    assert visitor.job.dropped == 1
    ready = body(visitor.get(f"{address}?show=ready"))
    assert "Camp" in ready
    assert "Mysuru" not in ready


def test_a_row_is_edited_in_a_dialog_and_without_script(visitor: Visitor) -> None:
    checked(visitor)
    address = f"{visitor.job.pk}/rows/3/?show=errors"
    dialog = body(visitor.get(address, **{"HX-Request": "true"}))
    assert dialog.lstrip().startswith("<dialog")
    assert "Branch name is empty." in dialog
    assert "<html" in body(visitor.get(address))
    response = visitor.post(address, {"cell-name": "Kolkata"})
    assert response.headers["Location"].endswith("/check/?show=errors&page=1")
    assert visitor.job.errors == 6
    assert visitor.get(f"{visitor.job.pk}/rows/999/").status_code == 404


def test_the_errors_file_comes_back_in_shape(visitor: Visitor) -> None:
    checked(visitor)
    response = visitor.get(f"{visitor.job.pk}/errors/")
    assert 'filename="list-errors.csv"' in response.headers["Content-Disposition"]
    data = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(data, newline="")))
    assert rows[0] == ["What to change", "Shop", "Code", "State", "City", "Pincode", "GSTIN"]
    assert len(rows) == 8
    # Dropped back in, it is read: the first column goes nowhere.
    visitor.upload(data, "list-errors.csv")
    assert visitor.job.mapping == ["", "name", "code", "state_code", "city", "pin_code", "gstin"]


def test_a_workbook_and_its_errors_as_a_workbook(visitor: Visitor) -> None:
    rows: list[list[object]] = [
        ["Branches of Nov"], ["Shop", "Code", "State", "City", "Pincode"],
        ["Nagpur", "NAG", 27, "Nagpur", 440001], ["Mysuru", "MYS", "Nowhere", "Mysuru", 570001.0],
    ]  # fmt: skip
    page = visitor.follow(visitor.upload(workbook(*rows), "branches.xlsx"))
    assert "2 rows · Excel sheet Sheet · headings in row 2" in body(page)
    job = visitor.job
    visitor.post(f"{job.pk}/match/", {f"c{place}": target for place, target in enumerate(job.mapping)})
    response = visitor.get(f"{job.pk}/errors/")
    assert 'filename="branches-errors.xlsx"' in response.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet is not None
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["What to change", "Shop", "Code", "State", "City", "Pincode"],
        ["State is none of the known values.", "Mysuru", "MYS", "Nowhere", "Mysuru", "570001"],
    ]


def test_a_bad_file_is_refused_where_it_was_chosen(visitor: Visitor) -> None:
    for data, sentence in [
        (b"\x89PNG\r\n\x1a\n\0", "This is a picture."),
        (b"Shop,Code\n", "The file has headings and no rows under them."),
        (b"", "The file is empty."),
    ]:
        response = visitor.upload(data)
        assert response.status_code == 422
        assert sentence in body(response)
    assert visitor.post("", {"kind": "test_branches"}).status_code == 422


def test_matching_shows_at_once_what_a_choice_does(visitor: Visitor) -> None:
    visitor.upload(GOOD)
    address = f"{visitor.job.pk}/match/"
    part = body(visitor.get(f"{address}?c0=name&c1=code&c2=active&c3=city&c4=", **{"HX-Request": "true"}))
    assert "2 of the first 2 do not fit" in part
    assert "Choose which column holds: State." in part
    response = visitor.post(address, {"c0": "name", "c1": "name"})
    assert response.status_code == 422
    assert "Shop and Code both go to Branch name." in body(response)
    assert visitor.job.mapping[1] == "code"


def test_back_from_the_check(visitor: Visitor) -> None:
    checked(visitor, GOOD)
    address = f"{visitor.job.pk}/match/"
    assert visitor.get(address).status_code == 200
    assert visitor.job.status == "checked"
    visitor.post(address, {f"c{place}": target for place, target in enumerate(visitor.job.mapping)})
    assert visitor.job.status == "checked"


def test_template_files_can_be_filled_in(visitor: Visitor) -> None:
    response = visitor.get("template/?kind=test_branches&format=csv")
    headings = next(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert headings[:3] == ["Branch name", "Short code", "GSTIN"]
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(visitor.get("template/?kind=test_branches&format=xlsx").streaming_content))  # type: ignore[attr-defined]
    )
    assert book.active is not None
    assert [cell.value for cell in book.active[1]] == headings
    visitor.upload(response.content + b"Nagpur,NAG,,MH,,Nagpur,,\r\n")
    assert visitor.job.mapping == [column.name for column in BranchImporter.columns]
    for path in ("template/?kind=nothing", "template/?kind=test_branches&format=pdf"):
        assert visitor.get(path).status_code == 404


def test_large_files_are_left_to_a_worker(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.core.exchange.views.starting.SMALL_BYTES", 10)
    monkeypatch.setattr("apps.core.exchange.views.matching.SMALL_ROWS", 1)
    # The test is one transaction, and the real progress lives on another connection (see test_crash.py).
    monkeypatch.setattr("apps.core.exchange.operations.working.live_progress", lambda *key: nullcontext(Progress()))
    response = visitor.upload(GOOD)
    page = visitor.follow(response)
    assert "Reading list.csv" in body(page)
    part = visitor.get(f"{visitor.job.pk}/progress/", **{"HX-Request": "true"})
    assert 'hx-trigger="every 1s"' in body(part)
    tasks.work_on_import.call_local(visitor.organization.pk, visitor.job.pk)
    done = visitor.get(f"{visitor.job.pk}/progress/", **{"HX-Request": "true"})
    assert done.headers["HX-Redirect"].endswith("/match/")
    mapping = {f"c{place}": target for place, target in enumerate(visitor.job.mapping)}
    assert "Checking 2 rows" in body(visitor.follow(visitor.post(f"{visitor.job.pk}/match/", mapping)))
    tasks.work_on_import.call_local(visitor.organization.pk, visitor.job.pk)
    visitor.post(f"{visitor.job.pk}/check/", {"do": "take"})
    stopped = visitor.follow(visitor.post(f"{visitor.job.pk}/progress/"))
    assert "Stopping…" in body(stopped)


def test_who_may_not_import_sees_no_way_in(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    checked(visitor)
    picker = Visitor(visitor.organization, rights.PICKER)
    stranger = Visitor(factories.organization("Someone Else"), rights.MANAGER)
    for path in ("", f"{visitor.job.pk}/", f"{visitor.job.pk}/check/", f"{visitor.job.pk}/errors/"):
        assert picker.get(path).status_code == 403
        if path:
            assert stranger.get(path).status_code == 404
            assert stranger.get(visitor.base + path).status_code == 404
    assert "Import and export" not in body(picker.get(f"/o/{visitor.organization.slug}/"))
    assert "Import and export" in body(visitor.get(f"/o/{visitor.organization.slug}/"))
    monkeypatch.setattr("apps.core.exchange.declaration._registered", {})
    assert visitor.get("").status_code == 404
    assert "Import and export" not in body(visitor.get(f"/o/{visitor.organization.slug}/"))
    monkeypatch.undo()


def test_every_state_has_a_page() -> None:
    assert jobs._PAGES.keys() == set(State)
