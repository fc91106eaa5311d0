"""Document numbers never break rule 46(b), whatever the series."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from apps.organizations.rules.numbering import (
    DocumentKind,
    InvalidSeries,
    capacity,
    check_series,
    clean_prefix,
    default_prefix,
    financial_year,
    following_prefix,
    format_number,
    year_bounds,
    year_digits,
    year_label,
)

RULE_46 = re.compile(r"[A-Z1-9][A-Z0-9/-]{0,15}")
start_months = st.sampled_from([1, 4, 7, 10])


@pytest.mark.parametrize(
    ("prefix", "width", "first", "field", "reason"),
    [
        ("", 5, 1, "prefix", "Numbers need a prefix, such as BK/2627/"),
        ("0K/", 5, 1, "prefix", "A document number does not start with 0. Start with a letter"),
        ("/BK/", 5, 1, "prefix", "The e-invoice portal refuses numbers that start with /. Start with a letter"),
        ("BK#1/", 5, 1, "prefix", "Rule 46 allows letters, digits, hyphen and slash, but no #"),
        ("BK2627", 5, 1, "prefix", "End the prefix with / or -, so that the running number can be told apart"),
        ("BK/", 0, 1, "width", "Take 1 to 9 digits"),
        (
            "BANYAN/26-27/",
            5,
            1,
            "width",
            "BANYAN/26-27/99999 has 18 characters and rule 46 allows 16. Shorten the prefix by 2, or take fewer digits",
        ),
        ("BK/", 5, 0, "first_number", "Numbers start at 1 or later"),
        ("BK/", 3, 1000, "first_number", "1000 needs more than 3 digits. Take more digits"),
    ],
)
def test_a_series_that_could_break_the_rule_is_refused(
    prefix: str, width: int, first: int, field: str, reason: str
) -> None:
    with pytest.raises(InvalidSeries) as caught:
        check_series(prefix, width, first)
    assert (caught.value.field, str(caught.value)) == (field, reason)


@given(st.text("ABC0129/-#é ", max_size=18), st.integers(0, 10), st.integers(-1, 10**7), st.data())
def test_every_number_of_an_accepted_series_keeps_the_rule(
    prefix: str, width: int, first: int, data: st.DataObject
) -> None:
    prefix = clean_prefix(prefix)
    try:
        check_series(prefix, width, first)
    except InvalidSeries:
        return
    top = capacity(prefix, width)
    for number in (first, top, data.draw(st.integers(first, top))):
        assert RULE_46.fullmatch(format_number(prefix, number, width))


@given(
    st.tuples(st.text("AB1/-", min_size=1, max_size=8), st.integers(1, 8), st.integers(1, 10**6)),
    st.tuples(st.text("AB1/-", min_size=1, max_size=8), st.integers(1, 8), st.integers(1, 10**6)),
)
def test_two_series_never_make_the_same_number(one: tuple[str, int, int], two: tuple[str, int, int]) -> None:
    assume(one[0] != two[0])
    for prefix, width, _ in (one, two):
        try:
            check_series(prefix, width)
        except InvalidSeries:
            return
    assert format_number(one[0], one[2], one[1]) != format_number(two[0], two[2], two[1])


@given(
    st.text("ABCXYZ0189", min_size=1, max_size=4), st.integers(2000, 2098), st.sampled_from(DocumentKind), start_months
)
def test_default_series_keep_the_rule_and_differ_by_kind(code: str, year: int, kind: DocumentKind, month: int) -> None:
    assume(not code.startswith("0"))
    check_series(default_prefix(code, year, kind, month), 5)
    assert len({default_prefix(code, year, each, month) for each in DocumentKind}) == len(DocumentKind)


@given(st.text("ABC", min_size=1, max_size=4), st.integers(2000, 2097), st.sampled_from(DocumentKind), start_months)
def test_the_pattern_goes_on_in_the_next_year(code: str, year: int, kind: DocumentKind, month: int) -> None:
    prefix = default_prefix(code, year, kind, month)
    assert following_prefix(prefix, year, year + 1, month) == default_prefix(code, year + 1, kind, month)


@pytest.mark.parametrize(
    ("prefix", "following"),
    [("PN/26-27/", "PN/27-28/"), ("PN/2026-27/", "PN/2027-28/"), ("PN-", "PN-"), ("PN/C2627/", "PN/C2728/")],
)
def test_every_spelling_of_the_year_is_carried_on(prefix: str, following: str) -> None:
    assert following_prefix(prefix, 2026, 2027) == following


def test_the_century_turns() -> None:
    assert year_digits(2099) == "9900"
    assert year_label(2099) == "2099-00"


@given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), start_months)
def test_a_day_lies_within_its_financial_year(day: dt.date, month: int) -> None:
    first, last = year_bounds(financial_year(day, month), month)
    assert first <= day <= last
    assert (last - first).days in {364, 365}


@pytest.mark.parametrize(
    ("day", "year"), [(dt.date(2026, 3, 31), 2025), (dt.date(2026, 4, 1), 2026), (dt.date(2026, 12, 31), 2026)]
)
def test_the_indian_year_turns_on_the_first_of_april(day: dt.date, year: int) -> None:
    assert financial_year(day) == year
    assert year_label(2026) == "2026-27"
    assert year_label(2026, 1) == "2026"
    assert year_digits(2026) == "2627"
