"""Forms: errors keep what was typed, only changes are saved, two copies make one row, refusals name their cause."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.tenancy.context import tenant
from apps.core.ui.models import Submission
from apps.organizations.models import Branch, BranchLicence
from tests.core.ui.conftest import HTMX, House

pytestmark = pytest.mark.django_db

NEW = {
    "name": "Nashik",
    "code": "NS",
    "state_code": "27",
    "address": "4 Bell Road",
    "city": "Nashik",
    "pin_code": "422001",
    "phone": "",
}


def fields(text: str) -> dict[str, str]:
    """What a browser would send back of a form: hidden and text inputs, selects, text areas."""
    found: dict[str, str] = {}
    form = text.split('id="form"')[1].split("</form>", maxsplit=1)[0]
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag:
            found[name[1]] = value[1].replace("&amp;", "&") if value else ""
    for name, body in re.findall(r'<select[^>]*name="([^"]*)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    for name, body in re.findall(r'<textarea[^>]*name="([^"]*)".*?>(.*?)</textarea>', form, re.S):
        found[name] = body.strip()
    return found


def opened(house: House, branch: Branch) -> dict[str, str]:
    return fields(house.get(f"branches/{branch.pk}/edit/").content.decode())


def row(house: House, branch: Branch) -> Branch:
    with tenant(house.organization.pk):
        found: Branch = Branch.objects.get(pk=branch.pk)
        return found


# ---- create ----


def test_a_record_is_made_and_said(house: House) -> None:
    page = house.get("branches/new/")
    assert "New branch" in page.content.decode()
    data = fields(page.content.decode()) | NEW
    response = house.client.post(house.url("branches/new/"), data, follow=True)
    made = house.branch("Nashik")
    assert response.redirect_chain == [(house.url(f"branches/{made.pk}/"), 302)]
    assert "Nashik added" in response.content.decode()
    assert made.organization_id == house.organization.pk
    assert made.version == 1


def test_htmx_is_led_on(house: House) -> None:
    response = house.post("branches/new/", NEW, htmx=True)
    assert response.status_code == 200
    assert response.headers["HX-Redirect"] == house.url(f"branches/{house.branch('Nashik').pk}/")


def test_errors_keep_what_was_typed(house: House) -> None:
    data = NEW | {"pin_code": "x", "city": "", "phone": "020 123"}
    response = house.post("branches/new/", data)
    assert response.status_code == 422
    text = response.content.decode()
    assert "There is a problem" in text
    assert re.search(r"<title>\s*Error:", text)
    assert '<a href="#id_pin_code">' in text
    assert 'value="020 123"' in text
    assert 'aria-invalid="true"' in text
    fragment = house.post("branches/new/", data, htmx=True)
    assert fragment.status_code == 422
    text = fragment.content.decode()
    assert "<!doctype" not in text
    assert "<title>Error: New branch" in text
    assert 'id="form"' in text


def test_what_is_taken_is_said_beside_the_field(house: House) -> None:
    data = NEW | {"name": "PUNE", "code": "pn"}
    response = house.post("branches/new/", data)
    assert response.status_code == 422
    text = " ".join(response.content.decode().split())
    assert "Another branch has this branch name. Type a different one." in text
    assert "Another branch has this short code. Type a different one." in text


def test_what_is_taken_in_the_same_moment_is_said_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look and the write somebody may be faster: then the database refuses, in the same words."""
    monkeypatch.setattr("apps.core.ui.pages.editing.find_taken", lambda instance, form: None)
    response = house.post("branches/new/", NEW | {"code": "PN"})
    assert response.status_code == 422
    assert "Another branch has this short code" in response.content.decode()
    pune = house.branch()
    house.add_branches("Nagpur")
    data = opened(house, pune) | {"name": "nagpur"}
    response = house.post(f"branches/{pune.pk}/edit/", data)
    assert response.status_code == 422
    assert "Another branch has this branch name" in response.content.decode()


def test_sent_twice_it_makes_one(house: House) -> None:
    data = fields(house.get("branches/new/").content.decode()) | NEW
    first = house.post("branches/new/", data)
    second = house.post("branches/new/", data)
    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    with tenant(house.organization.pk):
        assert Branch.objects.filter(name="Nashik").count() == 1
        assert Submission.objects.count() == 1


def test_the_key_may_come_as_a_header(house: House) -> None:
    for _ in range(2):
        house.client.post(house.url("branches/new/"), NEW, headers={**HTMX, "Idempotency-Key": "k-1"})
    with tenant(house.organization.pk):
        assert Branch.objects.filter(name="Nashik").count() == 1


def test_a_refused_form_can_be_sent_again_corrected(house: House) -> None:
    data = fields(house.get("branches/new/").content.decode()) | NEW
    response = house.post("branches/new/", data | {"pin_code": "x"})
    assert response.status_code == 422
    again = fields(response.content.decode())
    assert again["idempotency_key"] == data["idempotency_key"]
    assert house.post("branches/new/", again | NEW).status_code == 302


def test_a_key_of_somebody_else_is_refused(house: House) -> None:
    data = fields(house.get("branches/new/").content.decode()) | NEW
    house.post("branches/new/", data)
    manager = house.as_role("manager")
    response = house.post("branches/new/", data | {"name": "Other", "code": "OT"}, client=manager)
    assert response.status_code == 422
    assert "opened for something else" in response.content.decode()


# ---- edit ----


def test_only_what_changed_is_saved(house: House) -> None:
    pune = house.branch()
    data = opened(house, pune) | {"city": "Pimpri"}
    with CaptureQueriesContext(connection) as queries:
        response = house.post(f"branches/{pune.pk}/edit/", data)
    assert response.status_code == 302
    (update,) = [one["sql"] for one in queries if one["sql"].startswith('UPDATE "organizations_branch"')]
    assert re.findall(r'"(\w+)" = ', update.split("WHERE")[0]) == ["city", "version"]
    after = row(house, pune)
    assert (after.city, after.version) == ("Pimpri", 2)


def test_nothing_changed_writes_nothing(house: House) -> None:
    pune = house.branch()
    data = opened(house, pune)
    response = house.client.post(house.url(f"branches/{pune.pk}/edit/"), data, follow=True)
    assert "Nothing was changed" in response.content.decode()
    assert row(house, pune).version == 1


def test_a_form_not_made_here_is_not_saved(house: House) -> None:
    pune = house.branch()
    data = opened(house, pune) | {"city": "Pimpri", "opened": "forged"}
    response = house.post(f"branches/{pune.pk}/edit/", data)
    assert response.status_code == 422
    assert row(house, pune).city == "Pune"
    # The form that comes back can be saved, with what was typed.
    again = fields(response.content.decode())
    assert again["city"] == "Pimpri"
    assert house.post(f"branches/{pune.pk}/edit/", again).status_code == 302
    assert row(house, pune).city == "Pimpri"


def test_the_form_of_another_record_is_not_taken(house: House) -> None:
    pune = house.branch()
    (other,) = house.add_branches("Nagpur")
    data = opened(house, other) | {"name": "Pune 2"}
    assert house.post(f"branches/{pune.pk}/edit/", data).status_code == 422
    assert row(house, pune).name == "Pune"


def test_the_heading_keeps_the_name_while_the_new_one_is_wrong(house: House) -> None:
    pune = house.branch()
    data = opened(house, pune) | {"name": "Renamed", "pin_code": "x"}
    text = house.post(f"branches/{pune.pk}/edit/", data).content.decode()
    assert "Edit Pune" in text
    assert 'value="Renamed"' in text


# ---- actions ----


def test_archive_and_undo(house: House) -> None:
    pune = house.branch()
    page = house.get(f"branches/{pune.pk}/archive/").content.decode()
    assert "goes out of lists and choices" in page
    text = house.client.post(house.url(f"branches/{pune.pk}/archive/"), follow=True).content.decode()
    assert "Pune archived" in text
    undo = house.url(f"branches/{pune.pk}/restore/")
    assert f'action="{undo}"' in text
    assert "Archived" in text
    assert (row(house, pune).active, row(house, pune).version) == (False, 2)
    response: Any = house.client.post(undo, {"next": house.url("branches/?q=pu")})
    assert response.url == house.url("branches/?q=pu")
    assert row(house, pune).active


def test_undo_leads_to_our_own_pages_only(house: House) -> None:
    pune = house.branch()
    house.post(f"branches/{pune.pk}/archive/")
    response = house.post(f"branches/{pune.pk}/restore/", {"next": "https://elsewhere.example/"})
    assert response.url == house.url(f"branches/{pune.pk}/")


def test_pages_that_do_not_apply_are_not_offered(house: House) -> None:
    pune = house.branch()

    def offered(**given: Any) -> set[str]:
        text = house.get(f"branches/{pune.pk}/", **given).content.decode()
        return set(re.findall(rf'href="{house.url(f"branches/{pune.pk}/")}(\w+)/"', text))

    assert offered() == {"edit", "archive", "delete"}
    house.post(f"branches/{pune.pk}/archive/")
    assert offered() == {"edit", "restore", "delete"}
    assert offered(client=house.as_role("picker")) == set()


def test_a_refusal_stands_beside_its_field_or_above(house: House) -> None:
    pune = house.branch()
    response = house.post(f"branches/{pune.pk}/move/", {"city": "Nowhere"})
    assert response.status_code == 422
    text = response.content.decode()
    assert 'id="id_city_error"' in text
    assert "There is no such city. Type another." in text
    assert 'value="Nowhere"' in text
    response = house.post(f"branches/{pune.pk}/move/", {"city": "Today"}, htmx=True)
    assert response.status_code == 422
    assert "It is Sunday." in response.content.decode()
    assert house.post(f"branches/{pune.pk}/move/", {"city": "Nashik"}).status_code == 302
    assert row(house, pune).city == "Nashik"


def test_delete_names_what_hangs_on_the_record(house: House) -> None:
    pune = house.branch()
    text = " ".join(house.get(f"branches/{pune.pk}/delete/").content.decode().split())
    assert "Pune cannot be deleted" in text
    assert "Number series" in text
    assert "PN/2627/" in text
    assert f'href="{house.url(f"branches/{pune.pk}/archive/")}"' in text
    response = house.post(f"branches/{pune.pk}/delete/")
    assert response.status_code == 422
    assert row(house, pune).pk


def test_delete_takes_its_parts_along_and_says_so(house: House) -> None:
    (nagpur,) = house.add_branches("Nagpur")
    with tenant(house.organization.pk):
        BranchLicence(branch=nagpur, form="20B", number="MH-1", valid_from="2026-01-01", valid_to="2030-12-31").save(
            force_insert=True
        )
    text = house.get(f"branches/{nagpur.pk}/delete/").content.decode()
    assert "20B MH-1" in text
    response = house.client.post(house.url(f"branches/{nagpur.pk}/delete/"), follow=True)
    assert "Nagpur deleted" in response.content.decode()
    with tenant(house.organization.pk):
        assert not Branch.objects.filter(pk=nagpur.pk).exists()
        assert not BranchLicence.objects.exists()


def test_get_changes_nothing(house: House) -> None:
    pune = house.branch()

    def rows() -> list[Any]:
        with tenant(house.organization.pk):
            return list(Branch.objects.values())

    before = rows()
    for path in ("", f"{pune.pk}/", *[f"{pune.pk}/{kind}/" for kind in ("edit", "archive", "delete", "move")], "new/"):
        assert house.get(f"branches/{path}").status_code == 200
    assert rows() == before
