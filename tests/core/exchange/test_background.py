"""What an import does while its person is elsewhere: mending many rows, and telling them once when it ended."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from apps.core.exchange import operations, queries
from apps.core.exchange.models import ImportJob
from apps.core.exchange.operations import editing
from apps.core.exchange.progress import Progress
from apps.core.exchange.views.jobs import WAITING_COOKIE
from apps.core.tenancy.context import tenant
from apps.organizations.models import Membership
from tests import factories
from tests.core.exchange.test_import import BAD, GOOD
from tests.core.exchange.test_pages import Visitor, body, checked, visitor  # noqa: F401
from tests.core.exchange.worlds import Importing

STATES = "Branch name,Code,State,City\n" + "".join(f"Shop {n},S{n},29,Pune\n" for n in range(6))


# ---- mending many rows ----


def test_few_rows_are_mended_at_once(importing: Importing) -> None:
    job = importing.check(STATES)
    job = operations.fix_all(job_number=job.pk, column="state_code", code="pune_state", fix="27")
    assert (job.status, job.errors, job.ready) == ("checked", 0, 6)


@pytest.mark.parametrize("limit", ["MANY_ROWS", "MANY_IN_HAND"])
def test_many_rows_are_mended_in_the_background(
    importing: Importing, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(editing, limit, 5)
    job = importing.check(STATES)
    job = operations.fix_all(job_number=job.pk, column="state_code", code="pune_state", fix="27")
    assert (job.status, job.errors) == ("mending", 6), "nothing is mended while the page waits"
    job = importing.step(job)
    assert (job.status, job.errors, job.ready, job.mending) == ("checked", 0, 6, None)
    assert importing.problems(job) == []


def test_many_rows_are_left_out_in_the_background(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing, "MANY_ROWS", 1)
    job = importing.check("Branch name,Code,State,City\nA,A1,27,Pune\nA,A2,27,Pune\nA,A3,27,Pune\n")
    job = importing.step(operations.fix_all(job_number=job.pk, column="name", code="same_name", fix=None))
    assert (job.status, job.ready, job.dropped) == ("checked", 1, 2)


def test_nothing_else_is_done_to_rows_that_are_being_mended(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editing, "MANY_ROWS", 5)
    job = importing.check(STATES)
    operations.fix_all(job_number=job.pk, column="state_code", code="pune_state", fix="27")
    for late in (
        lambda: operations.edit_cell(job_number=job.pk, row=2, column="name", text="Other"),
        lambda: operations.fix_all(job_number=job.pk, column="state_code", code="pune_state", fix="27"),
        lambda: operations.start_taking(job_number=job.pk, only_good=True),
    ):
        with pytest.raises(operations.ImportRefused, match="has gone on"):
            late()


def test_a_mending_that_fails_leaves_the_rows_as_they_were(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editing, "MANY_ROWS", 5)
    job = importing.check(STATES)
    job = operations.fix_all(job_number=job.pk, column="state_code", code="pune_state", fix="27")
    monkeypatch.setattr(editing, "_set", lambda *_args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        importing.step(job)
    job = importing.fresh(job)
    assert (job.status, job.errors) == ("checked", 6)
    assert "nothing was changed" in job.message


def test_the_page_leads_to_the_progress_of_a_mending(
    visitor: Visitor,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    monkeypatch.setattr(editing, "MANY_ROWS", 5)
    address = checked(visitor, STATES)
    with django_capture_on_commit_callbacks(execute=True):
        order = {"do": "fix_all", "column": "state_code", "code": "pune_state", "fix": "27"}
        response = visitor.post(address, order)
        assert response.headers["Location"].endswith("/progress/")
        assert "Mending the rows" in body(visitor.get(response.headers["Location"]))
    assert "Every row is ready." in body(visitor.follow(visitor.get(f"{visitor.job.pk}/")))


# ---- telling ----


def background(visitor: Visitor, job: ImportJob) -> None:  # noqa: F811
    """What the worker does."""
    operations.step(organization_id=visitor.organization.pk, job_number=job.pk, progress=Progress())


def taking(visitor: Visitor) -> ImportJob:  # noqa: F811
    """An import that waits for the worker, and a browser that waits for it."""
    address = checked(visitor, GOOD)
    response = visitor.post(address, {"do": "take"})
    assert response.cookies[WAITING_COOKIE]["path"] == f"/o/{visitor.organization.slug}/"
    return visitor.job


def test_the_next_page_tells_once_that_an_import_ended(visitor: Visitor) -> None:  # noqa: F811
    job = taking(visitor)
    home = f"/o/{visitor.organization.slug}/branches/"
    page = body(visitor.get(home))
    assert f'hx-get="/o/{visitor.organization.slug}/imports/news/"' in page, "an open page asks"
    assert "of list.csv imported" not in page
    background(visitor, job)
    assert "2 rows of list.csv imported" in body(visitor.get(home))
    assert "of list.csv imported" not in body(visitor.get(home))


def test_an_open_page_is_told_and_stops_asking(visitor: Visitor) -> None:  # noqa: F811
    job = taking(visitor)
    htmx = {"HX-Request": "true", "HX-Request-Type": "partial"}
    asked = visitor.get("news/", **htmx)
    assert 'hx-trigger="every 5s"' in body(asked)
    assert "HX-Trigger" not in asked.headers
    background(visitor, job)
    told = visitor.get("news/", **htmx)
    assert "2 rows of list.csv imported" in told.headers["HX-Trigger"]
    assert "hx-get" not in body(told)
    assert told.cookies[WAITING_COOKIE].value == ""
    assert "hx-get" not in body(visitor.get("news/", **htmx))


def test_home_tells_on_another_device_until_the_import_is_looked_at(visitor: Visitor) -> None:  # noqa: F811
    job = taking(visitor)
    background(visitor, job)
    with tenant(visitor.organization.pk):
        person = Membership.objects.get(user_id=job.person_id).user
    phone = Client()
    factories.sign_in(phone, person)
    home = f"/o/{visitor.organization.slug}/"
    for _again in range(2):
        assert "2 rows of list.csv imported" in phone.get(home).content.decode()
    phone.get(f"{home}imports/{job.pk}/result/")
    assert "of list.csv imported" not in phone.get(home).content.decode()


def test_only_its_person_is_told(visitor: Visitor) -> None:  # noqa: F811
    job = taking(visitor)
    background(visitor, job)
    other = Visitor(visitor.organization, "manager")
    other.client.cookies[WAITING_COOKIE] = "1"
    assert "of list.csv imported" not in body(other.get(f"/o/{visitor.organization.slug}/"))
    other.get(f"{job.pk}/result/")
    with tenant(visitor.organization.pk):
        assert [one.pk for one in queries.with_news(job.person_id)] == [job.pk], "another's look is not theirs"
    with tenant(factories.organization().pk):
        assert queries.with_news(job.person_id) == []


def test_what_ended_while_the_page_waited_is_no_news(visitor: Visitor) -> None:  # noqa: F811
    checked(visitor, BAD)
    with tenant(visitor.organization.pk):
        assert queries.with_news(visitor.job.person_id) == []


def test_a_refusal_in_the_background_is_news(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    job = taking(visitor)

    def refuse(*_args: Any) -> None:
        raise operations.ImportRefused("Branches are closed today.")

    monkeypatch.setattr("tests.core.exchange.importers.BranchImporter.take", refuse)
    background(visitor, job)
    assert "list.csv: Branches are closed today." in body(visitor.get(f"/o/{visitor.organization.slug}/branches/"))


def test_news_of_the_import_on_the_page_is_not_told_beside_it(visitor: Visitor) -> None:  # noqa: F811
    job = taking(visitor)
    background(visitor, job)
    page = body(visitor.get(f"{job.pk}/result/"))
    assert "2 rows imported" in page
    assert "2 rows of list.csv imported" not in page


def test_without_work_no_page_asks(visitor: Visitor) -> None:  # noqa: F811
    assert "imports/news/" not in body(visitor.get())
    assert visitor.get("news/").status_code == 302


# ---- columns the file lacks ----


def match(visitor: Visitor, **given: str) -> Any:  # noqa: F811
    mapping = {f"c{place}": target for place, target in enumerate(visitor.job.mapping)}
    return visitor.post(f"{visitor.job.pk}/match/", {**mapping, **given})


def test_a_column_the_file_lacks_gets_one_value_for_all_rows(visitor: Visitor) -> None:  # noqa: F811
    page = body(visitor.follow(visitor.upload("Branch name,Code,City\nNagpur,NG,Nagpur\nMysuru,MY,Mysuru\n")))
    assert "Not in your file: one value for all rows" in page
    assert 'id="g-state_code"' in page
    refused = match(visitor)
    assert refused.status_code == 422
    assert "Choose which column holds: State." in body(refused)
    page = body(visitor.follow(match(visitor, **{"g-state_code": "27"})))
    assert "Every row is ready." in page
    assert page.count("Maharashtra (27)") == 2
    again = body(visitor.get(f"{visitor.job.pk}/match/"))
    assert '<option value="27" selected>' in again, "going back keeps what was chosen"


def test_a_value_for_all_rows_is_read_as_a_cell(visitor: Visitor) -> None:  # noqa: F811
    visitor.upload("Branch name,Code,City,State\nNagpur,NG,Nagpur,27\n")
    refused = match(visitor, **{"g-pin_code": "44"})
    assert refused.status_code == 422
    assert 'href="#g-pin_code"' in body(refused)
    assert 'value="44"' in body(refused), "what was typed stays"
    assert visitor.job.status == "uploaded"
    page = body(visitor.follow(match(visitor, **{"g-pin_code": "440001"})))
    assert "440001" in page


def test_a_value_for_a_column_that_the_file_has_is_ignored(importing: Importing) -> None:
    job = importing.upload("Branch name,Code,City,State\nNagpur,NG,Nagpur,29\n")
    job = operations.match_columns(
        job_number=job.pk, mapping=job.mapping, remember=False, given={"state_code": "27", "city": " "}
    )
    job = importing.step(job)
    assert job.given == {}
    assert importing.cells(job, 2)[3] == "29"


def test_changing_a_column_keeps_what_was_typed_for_others(visitor: Visitor) -> None:  # noqa: F811
    visitor.upload("Branch name,Code,City\nNagpur,NG,Nagpur\n")
    page = body(visitor.get(f"{visitor.job.pk}/match/?c0=name&c1=code&c2=&g-state_code=29&g-address=Station+Road"))
    assert '<option value="29" selected>' in page
    assert 'value="Station Road"' in page
    assert 'id="g-city"' in page, "a column that was left out can be given"


def test_a_column_that_rows_need_is_shown_and_mended_on_the_check_page(visitor: Visitor) -> None:  # noqa: F811
    visitor.upload("Branch name,Code,City,State\nNagpur,NG,Nagpur,27\n", warn="1")
    with tenant(visitor.organization.pk):
        ImportJob.objects.update(options={"warn": "1", "existing": "update"})
    page = body(visitor.follow(match(visitor)))
    assert ">GSTIN</th>" in page, "the file lacks it, and a row needs it"
    row = body(visitor.get(f"{visitor.job.pk}/rows/2/"))
    assert 'name="cell-gstin"' in row
    visitor.post(f"{visitor.job.pk}/rows/2/", {"cell-gstin": "27AAPFU0939F1ZV"})
    assert visitor.job.warnings == 0


# ---- every import ----


def test_every_import_is_listed_filtered_and_paged(visitor: Visitor) -> None:  # noqa: F811
    checked(visitor, GOOD)
    visitor.upload("Branch name\n", name="empty.csv")
    with tenant(visitor.organization.pk):
        for number in range(60):
            ImportJob.objects.create(importer="test_branches", filename=f"old-{number:02}.csv", size=1, status="failed")
        ImportJob.objects.create(importer="gone_kind", filename="of-another-app.csv", size=1, status="failed")
    start = body(visitor.get())
    assert "All imports" in start
    assert start.count("old-") == 5
    first = body(visitor.get("all/"))
    assert first.count("old-") == 50
    assert "of-another-app.csv" not in first
    assert f"/imports/{visitor.job.pk - 1}/" in first
    found = body(visitor.get("all/?status=checked"))
    assert "list.csv" in found
    assert "old-" not in found
    assert "To be checked" in found
    assert "old-07.csv" in body(visitor.get("all/?q=old-07"))
    csv = visitor.get("all/?export=csv")
    text = b"".join(csv.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Not read" in text
    assert "Branches" in text
