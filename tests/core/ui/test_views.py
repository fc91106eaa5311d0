"""Saved views: tabs of one person in one organization."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from apps.core.tenancy.context import tenant
from apps.core.ui import operations
from apps.core.ui.models import SavedView
from tests.core.ui.conftest import House
from tests.core.ui.test_lists import squeezed

pytestmark = pytest.mark.django_db


def tabs(text: str) -> list[tuple[str, bool]]:
    if 'class="tabs"' not in text:
        return []
    nav = text.split('class="tabs"')[1].split("</nav>", maxsplit=1)[0]
    found = re.findall(r'<a href="[^"]*"([^>]*)>([^<]*)', nav)
    return [(label, "aria-current" in attributes) for attributes, label in found]


def save(house: House, name: str = "Old ones", query: str = "sort=-name&q=old") -> None:
    house.post("branches/", {"do": "view-save", "name": name, "query": query})


def test_a_view_is_saved_as_a_tab(house: House) -> None:
    page = squeezed(house.get("branches/", q="old", sort="-name"))
    ask = re.search(r'href="([^"]*ask=view-save[^"]*)"', page)
    assert ask
    dialog = house.client.get(ask[1].replace("&amp;", "&"), headers={"HX-Request": "true"})
    assert dialog.headers["HX-Retarget"] == "#modal"
    assert "<dialog" in dialog.content.decode()
    whole = house.client.get(ask[1].replace("&amp;", "&"))
    assert '<dialog class="dlg" id="view-dialog"' not in whole.content.decode()
    assert 'name="query" value="q=old&amp;sort=-name"' in squeezed(whole)
    save(house)
    page = squeezed(house.get("branches/", sort="-name", q="old"))
    assert ("Old ones", True) in tabs(page)
    assert "ask=view-save" not in page
    assert ("All", True) in tabs(squeezed(house.get("branches/")))


def test_there_is_nothing_to_save_in_the_whole_list(house: House) -> None:
    assert "ask=view-save" not in house.get("branches/").content.decode()


def test_a_view_keeps_no_page(house: House) -> None:
    house.post("branches/", {"do": "view-save", "name": "Here", "query": "q=old&after=abc&evil="})
    with tenant(house.organization.pk):
        assert SavedView.objects.get().query == "q=old"


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "Type a name."), ("  old  ONES ", "You have a view"), ("x" * 41, "Type at most 40 letters.")],
)
def test_a_name_that_will_not_do(house: House, name: str, said: str) -> None:
    save(house)
    response = house.post("branches/", {"do": "view-save", "name": name, "query": "q=else"})
    assert response.status_code == 422
    assert said in response.content.decode()
    # The question that comes back can be answered.
    assert 'name="query" value="q=else"' in squeezed(response)


def test_rename_and_delete_with_undo(house: House) -> None:
    save(house)
    with tenant(house.organization.pk):
        key = SavedView.objects.get().pk
    page = house.get("branches/", q="old", sort="-name", ask="view-rename")
    assert 'value="Old ones"' in page.content.decode()
    house.post("branches/", {"do": "view-rename", "view": key, "name": "Older"})
    response = house.client.post(house.url("branches/"), {"do": "view-delete", "view": key}, follow=True)
    text = response.content.decode()
    assert "View “Older” deleted" in text
    undo = re.search(r'action="([^"]*do=view-save[^"]*)"', text)
    assert undo
    house.client.post(undo[1].replace("&amp;", "&"), {"next": "/"})
    assert ("Older", True) in tabs(squeezed(house.get("branches/", q="old", sort="-name")))


def test_views_belong_to_one_person(house: House, another_house: Callable[[], House]) -> None:
    save(house)
    with tenant(house.organization.pk):
        key = SavedView.objects.get().pk
    manager = house.as_role("manager")
    assert "Old ones" not in house.get("branches/", client=manager).content.decode()
    for what in ("view-rename", "view-delete"):
        data = {"do": what, "view": key, "name": "Stolen"}
        assert house.post("branches/", data, client=manager).status_code == 404
    other = another_house()
    assert "Old ones" not in other.get("branches/").content.decode()
    assert other.post("branches/", {"do": "view-delete", "view": key}).status_code == 404
    assert "Old ones" in house.get("branches/").content.decode()


def test_the_same_person_elsewhere_has_other_views(house: House, another_house: Callable[[], House]) -> None:
    save(house)
    other = another_house()
    with tenant(other.organization.pk):
        assert not SavedView.objects.filter(user_id=house.owner.pk).exists()


def test_a_view_of_one_list_is_not_of_another(house: House) -> None:
    save(house)
    assert ("Old ones", False) in tabs(squeezed(house.get("branches/")))
    assert ("Old ones", False) not in tabs(squeezed(house.get("series/")))


def test_there_is_a_most(house: House) -> None:
    for number in range(operations.MOST_VIEWS):
        save(house, f"View {number}", f"q=a{number}")
    response = house.post("branches/", {"do": "view-save", "name": "One more", "query": "q=zz"})
    assert response.status_code == 422
    assert "Delete one first" in response.content.decode()


def test_readers_may_arrange_their_list(house: House) -> None:
    picker = house.as_role("picker")
    response = house.post("branches/", {"do": "view-save", "name": "Mine", "query": "q=p"}, client=picker)
    assert response.status_code == 302
    assert ("Mine", True) in tabs(squeezed(house.get("branches/", client=picker, q="p")))
