"""Finding parties, and finding the same one twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from apps.core import search
from apps.core.tenancy.context import tenant
from apps.parties.models import Party, PartyLicence
from apps.parties.queries import Likeness, duplicate_groups, licences_ending, look_alikes
from tests import factories
from tests.parties.factories import party

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def inside() -> Iterator[None]:
    with tenant(factories.organization().pk):
        yield


def names(text: str) -> set[str]:
    return set(Party.objects.all().matching(text).values_list("name", flat=True))


def licence(holder: Party, number: str = "20B-MH-1", *, valid_to: dt.date = DAY) -> PartyLicence:
    made: PartyLicence = PartyLicence.objects.create(
        party=holder, form="20B", number=number, valid_from=dt.date(2022, 1, 1), valid_to=valid_to
    )
    return made


def test_search_by_any_part_of_name_city_number() -> None:
    party("Peepal Tree Chemists", gstin="27AAPFU0939F1ZV", phone="98765 43210")
    party("Clocktower Medicals", city="Satara")
    assert names("tree") == {"Peepal Tree Chemists"}
    assert names("SATARA") == {"Clocktower Medicals"}
    assert names("u0939") == {"Peepal Tree Chemists"}
    assert names("43210") == {"Peepal Tree Chemists"}
    assert names("nobody") == set()


def test_one_or_two_letters_begin_the_name() -> None:
    party("Peepal Tree Chemists")
    party("Apex")
    assert names("pe") == {"Peepal Tree Chemists"}
    assert names("a") == {"Apex"}


@pytest.mark.parametrize("text", ["100%", "a_b", "back\\slash"])
def test_wildcards_mean_themselves(text: str) -> None:
    party(f"Shop {text} here")
    party("Shop 100x aXb backslash here")
    assert names(text) == {f"Shop {text} here"}


def test_a_word_that_most_rows_have_takes_the_other_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "FEW", 2)
    for number in range(5):
        party(f"Medicals {number}")
    party("Elsewhere")
    assert len(names("medic")) == 5


def test_search_sees_one_organization_only() -> None:
    party("Peepal Tree Chemists")
    with tenant(factories.organization().pk):
        assert names("peepal") == set()
        assert search.matching_keys("party_search", "peepal") == []


def test_duplicates_are_grouped_surest_first() -> None:
    first = party("First", gstin="27AAPFU0939F1ZV", phone="+91 98765 43210", pan="AAPFU0939F")
    second = party("Second", gstin="27AAPFU0939F1ZV", phone="098765-43210")
    third = party("Third", pan="AAPFU0939F")
    licence(second, "20B-MH-77")
    licence(third, "20b-mh-77")
    party("Alone", phone="98765 00000")
    found = [(group.likeness, set(group.party_ids)) for group in duplicate_groups()]
    assert found == [
        (Likeness.GSTIN, {first.pk, second.pk}),
        (Likeness.LICENCE, {second.pk, third.pk}),
        (Likeness.PHONE, {first.pk, second.pk}),
        (Likeness.PAN, {first.pk, third.pk}),
    ]


def test_look_alikes_of_what_is_typed() -> None:
    first = party("First", gstin="27AAPFU0939F1ZV", phone="+91 98765 43210")
    second = party("Second", phone="9876543210")
    licence(second, "20B-MH-77")
    found = look_alikes(gstin="27aapfu0939f1zv", phone="098765 43210", licences=[("20B", "20B-MH-77")])
    assert found == [(first, Likeness.GSTIN), (second, Likeness.LICENCE)]
    assert look_alikes(gstin="27AAPFU0939F1ZV", but=first.pk) == []


def test_licences_by_their_last_day() -> None:
    soon, later, none = party("Soon"), party("Later"), party("None")
    licence(soon, valid_to=DAY)
    licence(later, "20B-MH-2", valid_to=DAY + dt.timedelta(days=200))
    assert [found.party for found in licences_ending(DAY, DAY + dt.timedelta(days=60))] == [soon]
    assert set(Party.objects.all().with_licence_ending(DAY, DAY)) == {soon}
    assert set(Party.objects.all().without_valid_licence(DAY)) == {none}
    assert set(Party.objects.all().without_valid_licence(DAY + dt.timedelta(days=1))) == {soon, none}
