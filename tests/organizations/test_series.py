"""Number series: set-up, taking numbers, the turn of the year, and what the database itself refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch, NumberSeries, Organization
from apps.organizations.operations import (
    SeriesRefused,
    add_branch,
    change_series,
    set_up_series,
    take_number,
)
from apps.organizations.rules.numbering import DocumentKind
from tests.organizations.factories import make_organization, only_branch

pytestmark = pytest.mark.django_db

INVOICE = DocumentKind.INVOICE
DAY = dt.date(2026, 11, 20)


@pytest.fixture
def organization() -> Iterator[Organization]:
    organization = make_organization()
    with tenant(organization.pk):
        yield organization


@pytest.fixture
def branch(organization: Organization) -> Branch:
    # The fixture's branch got its series for today's year; tests choose their own days.
    branch = only_branch()
    NumberSeries.objects.all().delete()
    return branch


def _series(branch: Branch, year: int = 2026, kind: DocumentKind = INVOICE) -> NumberSeries:
    found: NumberSeries = NumberSeries.objects.get(branch=branch, kind=kind, financial_year=year)
    return found


def test_numbers_follow_one_another(branch: Branch) -> None:
    assert [take_number(branch=branch, kind=INVOICE, day=DAY) for _ in range(3)] == [
        "PN/2627/00001",
        "PN/2627/00002",
        "PN/2627/00003",
    ]


def test_kinds_and_branches_count_for_themselves(branch: Branch) -> None:
    nagpur = add_branch(name="Nagpur", code="NG", state_code="27", pin_code="440001", address="1", city="Nagpur")
    take_number(branch=branch, kind=INVOICE, day=DAY)
    assert take_number(branch=branch, kind=DocumentKind.CREDIT_NOTE, day=DAY) == "PN/C2627/00001"
    assert take_number(branch=nagpur, kind=INVOICE, day=DAY) == "NG/2627/00001"


def test_a_new_year_carries_the_pattern_on(branch: Branch) -> None:
    set_up_series(branch=branch, kind=INVOICE, year=2026, prefix="PUNE-26-27/", width=4, first_number=41)
    assert take_number(branch=branch, kind=INVOICE, day=dt.date(2027, 3, 31)) == "PUNE-26-27/0041"
    assert take_number(branch=branch, kind=INVOICE, day=dt.date(2027, 4, 1)) == "PUNE-27-28/0001"
    assert take_number(branch=branch, kind=INVOICE, day=dt.date(2027, 3, 31)) == "PUNE-26-27/0042"


def test_a_year_of_the_calendar(organization: Organization, branch: Branch) -> None:
    Organization.objects.filter(pk=organization.pk).update(financial_year_start=1)
    assert take_number(branch=branch, kind=INVOICE, day=dt.date(2027, 1, 1)) == "PN/2027/00001"


def test_an_earlier_year_is_not_opened_by_itself(branch: Branch) -> None:
    """Its numbers were given out by whatever software came before."""
    take_number(branch=branch, kind=INVOICE, day=DAY)
    with pytest.raises(SeriesRefused, match=r"Pune has no number series for Tax invoice in 2025-26. Set one up"):
        take_number(branch=branch, kind=INVOICE, day=dt.date(2026, 3, 31))


def test_a_full_series_is_refused_and_takes_nothing(branch: Branch) -> None:
    series = set_up_series(branch=branch, kind=INVOICE, year=2026, prefix="PUNE/MAIN/B/", width=4, first_number=9999)
    assert take_number(branch=branch, kind=INVOICE, day=DAY) == "PUNE/MAIN/B/9999"
    with pytest.raises(SeriesRefused, match=r"is full"):
        take_number(branch=branch, kind=INVOICE, day=DAY)
    series.refresh_from_db()
    assert series.next_number == 10000


def test_numbers_outgrow_their_width_within_sixteen_characters(branch: Branch) -> None:
    set_up_series(branch=branch, kind=INVOICE, year=2026, prefix="PN/2627/", width=3, first_number=999)
    assert take_number(branch=branch, kind=INVOICE, day=DAY) == "PN/2627/999"
    assert take_number(branch=branch, kind=INVOICE, day=DAY) == "PN/2627/1000"


def test_a_rollback_gives_the_number_back(branch: Branch) -> None:
    with transaction.atomic():
        take_number(branch=branch, kind=INVOICE, day=DAY)
        transaction.set_rollback(True)
    assert take_number(branch=branch, kind=INVOICE, day=DAY) == "PN/2627/00001"


@pytest.mark.parametrize(
    ("prefix", "width", "first", "field", "words"),
    [
        ("0PN/", 5, 1, "prefix", "does not start with 0"),
        ("PUNE/MAIN/26-27/", 5, 1, "width", "rule 46 allows 16"),
        ("pn 2627", 5, 1, "prefix", "End the prefix with"),
        ("PN#/", 5, 1, "prefix", "but no #"),
        ("PN/", 2, 100, "first_number", "needs more than 2 digits"),
    ],
)
def test_a_series_against_the_rule_is_refused_at_set_up(
    branch: Branch, prefix: str, width: int, first: int, field: str, words: str
) -> None:
    with pytest.raises(SeriesRefused, match=words) as caught:
        set_up_series(branch=branch, kind=INVOICE, year=2026, prefix=prefix, width=width, first_number=first)
    assert caught.value.field == field
    assert not NumberSeries.objects.exists()


def test_a_second_series_of_the_kind_is_refused(branch: Branch) -> None:
    set_up_series(branch=branch, kind=INVOICE, year=2026, prefix="PN/")
    with pytest.raises(SeriesRefused, match=r"Pune has a series for Tax invoice in that year already") as caught:
        set_up_series(branch=branch, kind=INVOICE, year=2026, prefix="PX/")
    assert caught.value.field == "kind"


def test_a_prefix_in_use_is_refused_whatever_its_case(branch: Branch) -> None:
    set_up_series(branch=branch, kind=INVOICE, year=2026, prefix="PN/")
    with pytest.raises(SeriesRefused, match=r"PN/ begins another series of that year") as caught:
        set_up_series(branch=branch, kind=DocumentKind.RECEIPT, year=2026, prefix="pn/")
    assert caught.value.field == "prefix"


def test_a_series_changes_until_its_first_number_is_out(branch: Branch) -> None:
    series = set_up_series(branch=branch, kind=INVOICE, year=2026, prefix="PN/")
    changed = change_series(series=series, prefix="pune/26-27/", width=4, first_number=12)
    assert (changed.prefix, changed.next_text, changed.version) == ("PUNE/26-27/", "PUNE/26-27/0012", 2)
    take_number(branch=branch, kind=INVOICE, day=DAY)
    with pytest.raises(SeriesRefused, match=r"PUNE/26-27/0012 is out already"):
        change_series(series=series, prefix="X/", width=4, first_number=1)
    with pytest.raises(SeriesRefused):
        change_series(series=series, prefix="PUNE/26-27/", width=5, first_number=12)


@pytest.mark.parametrize(
    "change",
    [
        {"next_number": F("next_number") - 1},
        {"prefix": "OTHER/"},
        {"first_number": 2},
        {"financial_year": 2025},
        {"kind": "receipt"},
    ],
)
def test_the_database_never_lets_a_number_come_twice(branch: Branch, change: dict[str, object]) -> None:
    take_number(branch=branch, kind=INVOICE, day=DAY)
    take_number(branch=branch, kind=INVOICE, day=DAY)
    with pytest.raises(IntegrityError, match=r"never goes back|stays as it is"), transaction.atomic():
        NumberSeries.objects.filter(pk=_series(branch).pk).update(**change)
    assert take_number(branch=branch, kind=INVOICE, day=DAY) == "PN/2627/00003"


def test_the_database_keeps_a_used_series(branch: Branch) -> None:
    take_number(branch=branch, kind=INVOICE, day=DAY)
    with pytest.raises(IntegrityError, match=r"is kept"), transaction.atomic():
        _series(branch).delete()
    assert _series(branch).is_used
