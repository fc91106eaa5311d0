"""Two people edit one record: nothing typed is lost, untouched fields merge, clashes are chosen."""

from __future__ import annotations

import re
from typing import Any

import pytest

from apps.core.tenancy.context import tenant
from apps.core.ui.pages.saving import Stale, save_changes, snapshot
from apps.organizations.models import Branch
from tests.core.ui.conftest import House
from tests.core.ui.test_forms import fields, opened, row

pytestmark = pytest.mark.django_db


def posted_by(text: str, **chosen: str) -> dict[str, Any]:
    """What the conflict's form sends: hidden inputs, and for each clash the side chosen."""
    form = (
        text.rsplit("<form", maxsplit=1)[-1]
        if 'id="conflict"' in text
        else next(part for part in text.split("<form") if 'name="opened"' in part)
    )
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and 'type="hidden"' in tag:
            found[name[1]] = value[1].replace("&amp;", "&") if value else ""
    for field, side in chosen.items():
        found[f"choose-{field}"] = side
    return found


def rows(text: str) -> dict[str, list[str]]:
    """The three columns by field, as read."""
    found: dict[str, list[str]] = {}
    for part in re.findall(r"<tr[^>]*>(.*?)</tr>", text.split("<tbody>")[1].split("</tbody>", maxsplit=1)[0], re.S):
        label = re.sub(r"<[^>]+>", "", re.findall(r"<th[^>]*>(.*?)</th>", part, re.S)[0]).strip()
        cells = re.findall(r"<td[^>]*>(.*?)</td>", part, re.S)
        found[label] = [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]
    return found


@pytest.fixture
def both(house: House) -> tuple[House, Branch, dict[str, str]]:
    """Asha has opened Pune; meanwhile the manager saved another phone and city."""
    pune = house.branch()
    mine = opened(house, pune)
    manager = house.as_role("manager")
    theirs = fields(house.get(f"branches/{pune.pk}/edit/", client=manager).content.decode())
    done = house.post(f"branches/{pune.pk}/edit/", theirs | {"phone": "020 111", "city": "Pimpri"}, client=manager)
    assert done.status_code == 302
    return house, pune, mine


def test_a_stale_form_shows_three_columns(both: tuple[House, Branch, dict[str, str]]) -> None:
    house, pune, mine = both
    response = house.post(f"branches/{pune.pk}/edit/", mine | {"city": "Chinchwad", "address": "9 New Road"}, htmx=True)
    assert response.status_code == 409
    text = response.content.decode()
    assert "<dialog" in text
    assert "<!doctype" not in text
    assert "Somebody else changed this branch" in text
    assert re.search(r"Person \d+ saved Pune at \d\d:\d\d, while you were editing", " ".join(text.split()))
    found = rows(text)
    assert found["City"] == ["Pune", "Pimpri", "Chinchwad"]
    assert found["Phone"] == ["–", "020 111 is kept", "no change"]
    assert found["Address"] == ["Unit 7, Old Tram Shed Lane", "no change", "9 New Road is kept"]
    assert "Branch name" not in found
    assert row(house, pune).city == "Pimpri"


def test_without_script_it_is_a_page(both: tuple[House, Branch, dict[str, str]]) -> None:
    house, pune, mine = both
    response = house.post(f"branches/{pune.pk}/edit/", mine | {"city": "Chinchwad"})
    assert response.status_code == 409
    text = response.content.decode()
    assert "<!doctype html>" in text
    assert rows(text)["City"] == ["Pune", "Pimpri", "Chinchwad"]


@pytest.mark.parametrize(("side", "city"), [("yours", "Chinchwad"), ("theirs", "Pimpri")])
def test_clashes_are_chosen_and_the_rest_merges(
    both: tuple[House, Branch, dict[str, str]], side: str, city: str
) -> None:
    house, pune, mine = both
    data = mine | {"city": "Chinchwad", "address": "9 New Road"}
    asked = house.post(f"branches/{pune.pk}/edit/", data, htmx=True).content.decode()
    response = house.post(f"branches/{pune.pk}/edit/", posted_by(asked, city=side))
    assert response.status_code == 302
    after = row(house, pune)
    assert after.city == city
    assert after.phone == "020 111"
    assert after.address == "9 New Road"
    assert after.version == 3


def test_fields_only_i_touched_need_no_choice(both: tuple[House, Branch, dict[str, str]]) -> None:
    house, pune, mine = both
    asked = house.post(f"branches/{pune.pk}/edit/", mine | {"address": "9 New Road"}, htmx=True)
    assert asked.status_code == 409
    assert 'type="radio"' not in asked.content.decode()
    house.post(f"branches/{pune.pk}/edit/", posted_by(asked.content.decode()))
    after = row(house, pune)
    assert (after.address, after.city, after.phone) == ("9 New Road", "Pimpri", "020 111")


def test_a_third_person_makes_a_second_conflict_and_nothing_is_lost(both: tuple[House, Branch, dict[str, str]]) -> None:
    house, pune, mine = both
    data = mine | {"city": "Chinchwad", "address": "9 New Road"}
    asked = house.post(f"branches/{pune.pk}/edit/", data, htmx=True).content.decode()
    with tenant(house.organization.pk):
        Branch.objects.filter(pk=pune.pk).update(address="3 Third Street", version=3)
    again = house.post(f"branches/{pune.pk}/edit/", posted_by(asked, city="theirs"), htmx=True)
    assert again.status_code == 409
    found = rows(again.content.decode())
    assert found == {"Address": ["Unit 7, Old Tram Shed Lane", "3 Third Street", "9 New Road"]}
    house.post(f"branches/{pune.pk}/edit/", posted_by(again.content.decode(), address="yours"))
    after = row(house, pune)
    assert (after.address, after.city, after.phone, after.version) == ("9 New Road", "Pimpri", "020 111", 4)


def test_both_typed_the_same(both: tuple[House, Branch, dict[str, str]]) -> None:
    house, pune, mine = both
    response = house.client.post(
        house.url(f"branches/{pune.pk}/edit/"), mine | {"city": "Pimpri", "phone": "020 111"}, follow=True
    )
    assert response.status_code == 200
    assert "You had changed nothing" in response.content.decode()
    assert row(house, pune).version == 2


def test_a_form_opened_and_sent_untouched_takes_nothing_back(both: tuple[House, Branch, dict[str, str]]) -> None:
    house, pune, mine = both
    assert house.post(f"branches/{pune.pk}/edit/", mine).status_code == 302
    after = row(house, pune)
    assert (after.city, after.phone) == ("Pimpri", "020 111")


def test_what_is_wrong_comes_first_and_the_conflict_after(both: tuple[House, Branch, dict[str, str]]) -> None:
    house, pune, mine = both
    response = house.post(f"branches/{pune.pk}/edit/", mine | {"city": "Chinchwad", "pin_code": "x"})
    assert response.status_code == 422
    again = fields(response.content.decode())
    assert again["version"] == "1"
    response = house.post(f"branches/{pune.pk}/edit/", again | {"pin_code": "411018"})
    assert response.status_code == 409
    assert set(rows(response.content.decode())) == {"City", "Phone", "PIN code"}


def test_a_tick_is_a_value_too(house: House) -> None:
    """An unticked box sends nothing, which must read as No and not as untouched."""
    pune = house.branch()
    mine = opened(house, pune)
    with tenant(house.organization.pk):
        Branch.objects.filter(pk=pune.pk).update(gstin_sandbox=True, version=2)
    response = house.post(f"branches/{pune.pk}/edit/", mine | {"city": "Chinchwad"}, htmx=True)
    found = rows(response.content.decode())
    assert found["Sandbox GSTIN"] == ["No", "Yes is kept", "no change"]
    house.post(f"branches/{pune.pk}/edit/", posted_by(response.content.decode()))
    assert row(house, pune).gstin_sandbox
    assert row(house, pune).city == "Chinchwad"


def test_the_write_itself_checks_the_version(house: House) -> None:
    """Between the look and the write somebody may save: the UPDATE names the version it was read with."""
    pune = house.branch()
    with tenant(house.organization.pk):
        mine = Branch.objects.get(pk=pune.pk)
        before = snapshot(mine)
        Branch.objects.filter(pk=pune.pk).update(phone="1", version=2)
        mine.city = "Chinchwad"
        with pytest.raises(Stale):
            save_changes(mine, before)
        assert Branch.objects.get(pk=pune.pk).city == "Pune"
