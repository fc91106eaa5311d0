"""Search finds what a plain reading of every row finds, whatever the letters, the word and the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import Lower
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from apps.core import search
from apps.core.tenancy.context import tenant
from apps.parties.models import Party, PartyLicence
from tests import factories

pytestmark = pytest.mark.django_db

LETTERS = "aAbBxÉéñİßΣς%_\\-. 19ककृष्णाम।漢"
TEXTS = st.text(st.sampled_from(LETTERS), min_size=1, max_size=6)
NAMES = st.lists(st.text(st.sampled_from(LETTERS), min_size=1, max_size=12), min_size=1, max_size=12)


@pytest.fixture(autouse=True)
def inside() -> Iterator[None]:
    with tenant(factories.organization().pk):
        yield


def make(names: Sequence[str]) -> None:
    """Parties of these names; blank ones and those that are another's are left out."""
    known: set[str] = set()
    made = []
    for name in names:
        if name.strip() and name.lower() not in known:
            known.add(name.lower())
            made.append(Party(name=name, city="Pune", state_code="27"))
    Party.objects.bulk_create(made, ignore_conflicts=True)


def found(text: str) -> set[str]:
    return set(Party.objects.all().matching(text).values_list("name", flat=True))


def plainly(text: str) -> set[str]:
    """What ILIKE finds by looking at every row."""
    text = text.strip()
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    column, pattern = ("name", f"{escaped}%") if search.begins_only(text) else ("search_text", f"%{escaped}%")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT name FROM parties_party WHERE organization_id = app_org() AND {column} ILIKE %s",
            [pattern],
        )
        return {name for (name,) in cursor.fetchall()}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=NAMES, texts=st.lists(TEXTS, min_size=1, max_size=6), few=st.sampled_from([0, 1, 1_000]))
@example(names=["100% Pure", "100x Pure"], texts=["%", "_", "00%", "%%%"], few=1_000)
@example(names=["B-12 Forte", "Vitamin B-12", "A-B", "x A-B"], texts=["b-12", "a-b", "-12", "12-"], few=1_000)
@example(names=["कृष्णा मेडिकल", "कृष्ण"], texts=["कृ", "ष्णा", "मेडि", "xyz"], few=0)
def test_a_search_finds_what_a_plain_reading_finds(names: list[str], texts: list[str], few: int) -> None:
    Party.objects.all().delete()
    make(names)
    before, search.FEW = search.FEW, few
    try:
        for text in (*texts, names[0][1:5]):
            if text.strip():
                assert found(text) == plainly(text), text
    finally:
        search.FEW = before


@pytest.mark.parametrize("text", ["a", "ab", "%%"])
def test_one_and_two_letters_must_begin_the_name(text: str) -> None:
    make([f"{text} Chemists", f"New {text} Chemists"])
    assert found(text) == {f"{text} Chemists"}


@pytest.mark.parametrize("text", ["abc", "b-12", "12%", "a-b", "%%%", "1.2.3", "é-é", "औषधि"])
def test_three_and_more_may_stand_anywhere(text: str) -> None:
    make([f"{text} Chemists", f"New {text} Chemists"])
    assert len(found(text)) == 2


@pytest.fixture
def many() -> int:
    """Enough rows that one word is frequent to the function, another is rare, and each in one corner of the table."""
    names = [f"Chemists {number}" for number in range(900)]
    names += [f"Hospital {number}{' Nowhere' if number == 77 else ''}" for number in range(300)]
    make(names)
    return len(names)


@pytest.mark.parametrize(("text", "number"), [("chemists", 900), ("hospital", 300), ("nowhere", 1), ("absent", 0)])
def test_every_way_of_finding_finds_the_same(many: int, text: str, number: int) -> None:
    assert len(found(text)) == len(plainly(text)) == number
    assert len(search.matching_keys("party_search", text, 5_000)) == number
    assert len(search.matching_keys("party_search", text, 10)) == min(number, 10)


def test_a_frequent_word_is_counted_by_the_keys_that_were_found(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "FEW", 250)
    Party.objects.filter(name__startswith="Hospital").update(active=False)

    def counted(queryset: QuerySet[Any]) -> tuple[int, bool]:
        return search.count(queryset, 10_000)

    chemists = Party.objects.all().matching("chemists")
    assert counted(chemists) == (250, True)
    assert counted(chemists.filter(active=True)) == (250, True)
    # The other filter leaves none of those, so that it is counted after all.
    assert counted(chemists.filter(active=False)) == (0, False)
    assert counted(chemists.filter(name__endswith=" 77")) == (1, False)
    assert counted(Party.objects.all()) == (many, False)
    assert search.count(Party.objects.all(), 1_000) == (1_000, True)
    monkeypatch.setattr(search, "COUNTED", 800)
    assert counted(Party.objects.all().matching("c")) == (800, True)


def test_rows_are_found_by_the_record_they_belong_to(monkeypatch: pytest.MonkeyPatch) -> None:
    make(["Peepal Chemists", "Peepal Medicals", "Clocktower"])
    for holder in Party.objects.all():
        PartyLicence.objects.create(
            party=holder, form="20B", number=f"N-{holder.name}", valid_from="2026-01-01", valid_to="2027-01-01"
        )

    def holders(text: str) -> set[str]:
        licences = search.narrowed(PartyLicence.objects.all(), text, function="party_search", through="party")
        return set(licences.values_list("party__name", flat=True))

    for few in (1_000, 0):
        monkeypatch.setattr(search, "FEW", few)
        assert holders("peepal") == {"Peepal Chemists", "Peepal Medicals"}
        assert holders("cl") == {"Clocktower"}


@pytest.mark.parametrize("text", ["p", "pe", "100"])
def test_the_plan_of_a_beginning_walks_the_index(text: str) -> None:
    """As the role that serves, whom the policy binds: what it may not compare it must read."""
    if connection.get_database_version() < (17,):
        pytest.skip("the builtin C.UTF-8 came with PostgreSQL 17; Debian's 15 makes no range of a beginning")
    make([f"{letter}{number}" for letter in ("Pe", "100 ", "x") for number in range(300)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, proleakproof FROM pg_proc WHERE oid = 'lower(text)'::regprocedure")
        assert cursor.fetchone() == ("erp_app", True)
        # Nothing was analysed: without these any index of the organization looks as good.
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    rows = Party.objects.alias(key=Lower("name")).filter(search.Prefix(F("key"), text)).order_by("key", "pk")
    plan = rows[:50].explain()
    assert "Index Cond" in plan
    assert ">= '" in plan.split("Index Cond", 1)[1].splitlines()[0]


def test_a_letter_that_no_column_can_hold_is_passed_over() -> None:
    make(["Peepal Chemists"])
    assert found("pee\0pal") == {"Peepal Chemists"}
    assert found("pee\0\0") == {"Peepal Chemists"}
