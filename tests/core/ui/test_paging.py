"""Paging by key walks every row once, forwards and back, over ties and NULLs, whatever the order."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Lower
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.tenancy.context import tenant
from apps.core.ui.pages.keyset import Keyset, Term, term_of
from apps.organizations.models import Membership, Role
from tests.core.ui.conftest import House
from tests.organizations.factories import make_organization, make_user

pytestmark = pytest.mark.django_db

# Memberships have a column with NULLs (last day), one with few values (active) and a key.
ORDERS: dict[str, list[Any]] = {
    "nullable rising": ["ends_on"],
    "nullable falling": ["-ends_on"],
    "ties rising": ["active"],
    "ties falling, then nullable": ["-active", "ends_on"],
    "nullable, then ties": ["ends_on", "active"],
    "nullable falling, then ties falling": ["-ends_on", "-active"],
    "text without case": [Lower("role__name").desc()],
    "text through a reference, mixed": ["role__name", "-ends_on"],
    "key only": ["-id"],
    "none": [],
}


def _walk(keyset: Keyset, size: int, *, back: bool) -> list[int]:
    """Every key met when paging from one end to the other, through addresses as a reader would."""
    rows = Membership.objects.all()
    page = keyset.fetch(rows, ["pk"], size, None)
    forwards = [page]
    while page.after:
        cursor = keyset.decode(keyset.encode(page.after, "x"), "x", back=False)
        assert cursor is not None
        page = keyset.fetch(rows, ["pk"], size, cursor)
        forwards.append(page)
    if not back:
        return [row[0] for one in forwards for row in one.rows]
    backwards = [page]
    while page.before:
        cursor = keyset.decode(keyset.encode(page.before, "x"), "x", back=True)
        assert cursor is not None
        page = keyset.fetch(rows, ["pk"], size, cursor)
        backwards.append(page)
    keys: list[int] = []
    for one in reversed(backwards):
        # The first page is always whole, so it may overlap the one after it.
        keys += [row[0] for row in one.rows if row[0] not in keys]
    return keys


@pytest.fixture
def crowd(db: None) -> Any:
    organization = make_organization()
    people = [make_user() for _ in range(14)]
    return organization, people


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from([None, None, dt.date(2026, 1, 1), dt.date(2026, 1, 2)]),
            st.booleans(),
            st.integers(0, 3),
        ),
        min_size=0,
        max_size=14,
    ),
    size=st.integers(1, 5),
    late=st.booleans(),
)
def test_every_row_once_both_ways(crowd: Any, order: list[Any], rows: list[Any], size: int, late: bool) -> None:
    organization, people = crowd
    with tenant(organization.pk):
        Membership.objects.all().delete()
        roles = list(Role.objects.order_by("id")[:4])
        for (ends_on, active, role), person in zip(rows, people, strict=False):
            Membership(user=person, role=roles[role], ends_on=ends_on, active=active).save(force_insert=True)
        keyset = Keyset(Membership, [term_of(Membership, part) for part in order], late=late)
        whole = [row[0] for row in keyset.ordered(Membership.objects.all()).values_list("pk")]
        assert sorted(whole) == sorted(Membership.objects.values_list("pk", flat=True))
        assert _walk(keyset, size, back=False) == whole
        assert _walk(keyset, size, back=True) == whole


def test_null_sorts_as_the_largest(crowd: Any) -> None:
    organization, people = crowd
    with tenant(organization.pk):
        role = Role.objects.first()
        for person, day in zip(people, (None, dt.date(2026, 1, 1), None), strict=False):
            Membership(user=person, role=role, ends_on=day).save(force_insert=True)
        rising = Keyset(Membership, [term_of(Membership, "ends_on")])
        falling = Keyset(Membership, [term_of(Membership, "-ends_on")])
        days = [row[0] for row in rising.fetch(Membership.objects.all(), ["ends_on"], 9, None).rows]
        assert days[0] == dt.date(2026, 1, 1)
        assert days[-1] is None
        days = [row[0] for row in falling.fetch(Membership.objects.all(), ["ends_on"], 9, None).rows]
        assert days[0] is None
        assert days[-1] == dt.date(2026, 1, 1)


def test_a_page_is_found_by_a_row_comparison(crowd: Any) -> None:
    """An index answers that; an OR of equalities it would not."""
    organization, _people = crowd
    with tenant(organization.pk):
        keyset = Keyset(Role, [Term(Lower("name"), False, False, "name")])
        first = keyset.fetch(Role.objects.all(), ["pk"], 2, None)
        assert first.after is not None
        with CaptureQueriesContext(connection) as queries:
            keyset.fetch(Role.objects.all(), ["pk"], 2, first.after)
    (query,) = queries.captured_queries
    assert '(LOWER("organizations_role"."name"), "organizations_role"."id") > (' in query["sql"]
    assert "OFFSET" not in query["sql"]


def test_a_page_over_two_tables_bounds_the_first_of_them(crowd: Any) -> None:
    """The comparison of rows spans both, so no index serves it; the bound on the name alone is what one can serve."""
    organization, people = crowd
    with tenant(organization.pk):
        for person, role in zip(people, Role.objects.order_by("id"), strict=False):
            Membership(user=person, role=role).save(force_insert=True)
        keyset = Keyset(Membership, [term_of(Membership, "role__name")], late=True)
        first = keyset.fetch(Membership.objects.all(), ["role__description"], 2, None)
        with CaptureQueriesContext(connection) as queries:
            keyset.fetch(Membership.objects.all(), ["role__description"], 2, first.after)
    (query,) = queries.captured_queries
    keys, _limit, rest = query["sql"].partition("LIMIT")
    assert '."name") >= ' in keys
    assert "ORDER BY" in rest


def test_a_cursor_of_another_order_or_hand_is_not_taken(crowd: Any) -> None:
    organization, _people = crowd
    with tenant(organization.pk):
        keyset = Keyset(Role, [term_of(Role, "name")])
        page = keyset.fetch(Role.objects.all(), ["pk"], 1, None)
        assert page.after is not None
        text = keyset.encode(page.after, "name")
        assert keyset.decode(text, "name", back=False) == page.after
        assert keyset.decode(text, "-name", back=False) is None
        assert keyset.decode(text[:-2] + "xx", "name", back=False) is None
        assert keyset.decode("nonsense", "name", back=False) is None
        assert Keyset(Role, [term_of(Role, "-id")]).decode(text, "name", back=False) is None


def test_an_expression_keeps_its_direction() -> None:
    assert term_of(Membership, Lower("role__name").desc()).descending
    assert not term_of(Membership, F("ends_on").asc()).descending
    assert term_of(Membership, "ends_on").nullable
    assert not term_of(Membership, "role__name").nullable


# ---- on the page ----


def _names(text: str) -> list[str]:
    rows = text.split('<tr id="row-')[1:]
    return [row.split('class="name t"')[1].split(">")[1].split("<")[0] for row in rows]


def _link(text: str, rel: str) -> str | None:
    marker = f'rel="{rel}" href="'
    return text.split(marker)[1].split('"', maxsplit=1)[0].replace("&amp;", "&") if marker in text else None


def test_pages_of_a_list_lead_to_one_another(house: House) -> None:
    house.add_branches(*[f"Branch {number:03d}" for number in range(60)])
    text = house.get("branches/", rows=25).content.decode()
    assert "<b>1–25</b> of 61" in text
    met = _names(text)
    assert _link(text, "prev") is None
    while following := _link(text, "next"):
        text = house.client.get(following).content.decode()
        met += _names(text)
    assert met == [*[f"Branch {number:03d}" for number in range(60)], "Pune"]
    assert "<b>51–61</b> of 61" in text
    back = _link(text, "prev")
    assert back
    text = house.client.get(back).content.decode()
    assert "<b>26–50</b> of 61" in text
    assert _names(text)[0] == "Branch 025"
    # The state stays in the address.
    assert "rows=25" in str(_link(text, "next"))


def test_a_page_whose_rows_are_gone_shows_the_first(house: House) -> None:
    made = house.add_branches(*[f"Branch {number:03d}" for number in range(60)])
    text = house.get("branches/", rows=50, sort="-name").content.decode()
    following = _link(text, "next")
    assert following
    with tenant(house.organization.pk):
        type(made[0]).objects.filter(name__lt="Branch 030").delete()
    text = house.client.get(following).content.decode()
    assert _names(text)[:2] == ["Pune", "Branch 059"]


def test_a_forged_page_is_the_first(house: House) -> None:
    response = house.get("branches/", after="x" * 50)
    assert response.status_code == 200
    assert _names(response.content.decode()) == ["Pune"]


def test_a_large_count_is_bounded(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.core.ui.pages.listbase.MOST_COUNTED", 30)
    house.add_branches(*[f"Branch {number:03d}" for number in range(40)])
    text = house.get("branches/", rows=25).content.decode()
    assert "of 30+" in text


def test_heads_sort_and_say_so(house: House) -> None:
    house.add_branches("alpha", "Beta", "ALPHA 2", phone="1")
    text = house.get("branches/").content.decode()
    # Its own order, without regard to case; the head of that column says so.
    assert _names(text) == ["alpha", "ALPHA 2", "Beta", "Pune"]
    assert 'aria-sort="ascending"><a id="sort-name" href="?' not in text
    assert "sort=-name" in text
    text = house.get("branches/", sort="-name").content.decode()
    assert _names(text) == ["Pune", "Beta", "ALPHA 2", "alpha"]
    assert 'aria-sort="descending"' in text
    text = house.get("branches/", sort="password").content.decode()
    assert _names(text) == ["alpha", "ALPHA 2", "Beta", "Pune"]
