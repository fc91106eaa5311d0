"""Bulk actions: on the ticked rows or on all that match, asked first, refused rows named."""

from __future__ import annotations

import re

import pytest

from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch
from tests.core.ui.conftest import House
from tests.core.ui.test_lists import squeezed

pytestmark = pytest.mark.django_db


def active(house: House) -> set[str]:
    with tenant(house.organization.pk):
        return set(Branch.objects.filter(active=True).values_list("name", flat=True))


@pytest.fixture
def full_house(house: House) -> House:
    house.add_branches("Nashik", "Nagpur", "Mysuru")
    return house


def test_it_asks_first(full_house: House) -> None:
    house = full_house
    keys = [house.branch(name).pk for name in ("Nashik", "Mysuru")]
    response = house.post("branches/", {"action": "close", "pk": keys, "query": "q=n"})
    assert response.status_code == 200
    text = squeezed(response)
    assert "Archive: 2 branches?" in text
    assert "<li>Nashik</li>" in text
    assert 'name="confirmed" value="1"' in text
    assert len(active(house)) == 4


def test_then_it_does_and_returns_to_the_same_list(full_house: House) -> None:
    house = full_house
    keys = [house.branch(name).pk for name in ("Nashik", "Mysuru")]
    data = {"action": "close", "pk": keys, "query": "q=u&after=x", "confirmed": "1"}
    response = house.client.post(house.url("branches/"), data, follow=True)
    assert response.redirect_chain == [(house.url("branches/?q=u"), 302)]
    assert "2 archived" in response.content.decode()
    assert active(house) == {"Pune", "Nagpur"}


def test_all_that_match_reaches_beyond_the_page(house: House) -> None:
    house.add_branches(*[f"Old {number:03d}" for number in range(80)])
    house.add_branches("Keep me")
    data = {"action": "close", "all": "1", "query": "q=old&rows=25"}
    assert "Archive: 80 branches?" in squeezed(house.post("branches/", data))
    response = house.post("branches/", data | {"confirmed": "1"})
    assert response.status_code == 302
    assert active(house) == {"Pune", "Keep me"}


def test_what_was_left_is_named(full_house: House) -> None:
    response = full_house.post("branches/", {"action": "close", "all": "1", "confirmed": "1"})
    assert response.status_code == 200
    text = squeezed(response)
    assert "3 archived" in text
    assert "1 left as it is" in text
    assert '<td class="m">Pune</td><td>It is the first one.</td>' in text
    assert active(full_house) == {"Pune"}


def test_a_filter_that_makes_no_sense_acts_on_nothing(full_house: House) -> None:
    data = {"action": "close", "all": "1", "query": "state_code=bogus", "confirmed": "1"}
    response = full_house.client.post(full_house.url("branches/"), data, follow=True)
    assert "No rows were ticked" in response.content.decode()
    assert len(active(full_house)) == 4


def test_a_form_is_filled_in_first(full_house: House) -> None:
    house = full_house
    data = {"action": "move", "all": "1", "query": "q=na"}
    assert 'name="city"' in house.post("branches/", data).content.decode()
    response = house.post("branches/", data | {"confirmed": "1", "city": ""})
    assert response.status_code == 422
    response = house.post("branches/", data | {"confirmed": "1", "city": "Nowhere"})
    assert response.status_code == 422
    assert re.search(r"There is no such city", response.content.decode())
    response = house.post("branches/", data | {"confirmed": "1", "city": "Thane"})
    assert response.status_code == 302
    with tenant(house.organization.pk):
        assert set(Branch.objects.filter(city="Thane").values_list("name", flat=True)) == {"Nashik", "Nagpur"}


def test_rows_of_others_are_out_of_reach(full_house: House) -> None:
    from_elsewhere = [9_999_999, "x", "-1", "99999999999999999999"]
    response = full_house.client.post(
        full_house.url("branches/"), {"action": "close", "pk": from_elsewhere, "confirmed": "1"}, follow=True
    )
    assert "No rows were ticked" in response.content.decode()


def test_an_unknown_action_is_a_bad_request(house: House) -> None:
    assert house.post("branches/", {"action": "explode", "all": "1"}).status_code == 400


def test_the_bar_offers_only_what_the_role_may_do(house: House) -> None:
    assert 'name="action" value="close"' in squeezed(house.get("branches/")).replace("\n", " ")
    text = house.get("branches/", client=house.as_role("picker")).content.decode()
    assert 'value="close"' not in text
    assert 'id="bulk"' not in text
