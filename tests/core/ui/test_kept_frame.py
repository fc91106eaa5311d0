"""Parts of the frame are drawn once and kept; nobody sees what was drawn for somebody else, nor an old number."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from apps.core.ui import registry
from apps.core.ui.registry import Command, NavEntry, NavGroup
from tests.core.ui.conftest import House, make_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(db: None) -> House:
    """An organization with the product's own pages."""
    return make_house()


@pytest.fixture
def numbers() -> Iterator[list[int]]:
    """A place with a number beside it, that owners alone may go to."""
    shown = [3]
    with registry.scratch():
        registry.clear()
        registry.add(
            NavGroup("g", "Group", order=1),
            NavEntry(
                "g", "Roles", icon="users", route="organizations:role_list", count=lambda _request: shown[0], hot=True
            ),
            NavEntry("g", "Branches", icon="users", route="organizations:branch_list", right="organizations.role.edit"),
            Command("New role", icon="plus", route="organizations:role_create"),
        )
        yield shown


def frame(page: str) -> str:
    """Side bar and palette without the page between them."""
    return re.sub(r"<main.*</main>", "", page, flags=re.DOTALL)


def test_a_number_is_never_an_old_one(house: House, numbers: list[int]) -> None:
    assert '<span class="n hot">3</span>' in house.get().content.decode()
    numbers[0] = 4
    page = house.get().content.decode()
    assert '<span class="n hot">4</span>' in page
    assert '<span class="n hot">3</span>' not in page


@pytest.mark.usefixtures("numbers")
def test_each_role_has_its_own_places_and_commands(house: House) -> None:
    assert house.url("branches/") in frame(house.get().content.decode())
    assert house.url("roles/new/") in frame(house.get().content.decode())
    other = frame(house.get(client=house.as_role("manager")).content.decode())
    assert house.url("branches/") not in other
    assert house.url("roles/new/") not in other


@pytest.mark.usefixtures("numbers")
def test_each_organization_has_its_own_addresses(house: House) -> None:
    other = make_house(name="Other house")
    house.get()
    assert house.root not in other.get().content.decode()


@pytest.mark.usefixtures("numbers")
def test_the_place_one_is_at_is_marked_on_each_page(house: House) -> None:
    assert f'href="{house.url("roles/")}" aria-current="page"' not in house.get().content.decode()
    assert f'href="{house.url("roles/")}" aria-current="page"' in house.get("roles/").content.decode()
    assert f'href="{house.url("roles/")}" aria-current="page"' not in house.get().content.decode()


@pytest.mark.usefixtures("numbers")
def test_what_is_added_later_shows(house: House) -> None:
    before = frame(house.get().content.decode())
    registry.add(Command("Later", icon="plus", route="organizations:branch_create"))
    assert "Later" not in before
    assert "Later" in frame(house.get().content.decode())


def test_a_live_number_is_asked_for_again(house: House, numbers: list[int]) -> None:
    text = house.get().content.decode()
    assert "hx-trigger" not in text.split("<main")[0]
    registry.add(
        NavEntry(
            "g", "Alerts", "bell", "organizations:settings", live=True, count=lambda _r: numbers[0], phone="Alerts"
        )
    )
    text = house.get().content.decode()
    assert f'hx-get="{house.url("live/")}" hx-trigger="every 60s"' in text
    assert '<span class="n hot" id="count-organizations-settings">3</span>' in text
    assert '<span class="n" id="tab-count-organizations-settings">3</span>' in text
    numbers[0] = 0
    fragment = house.get("live/", htmx=True).content.decode()
    assert 'hx-trigger="every 60s"' in fragment
    assert '<span class="n hot" id="count-organizations-settings" hidden>0</span>' in fragment
    assert 'hx-target="#tab-count-organizations-settings"' in fragment
