"""What people and Excel write in cells, and what it means."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.exchange.rules import cells, dates, numbers
from apps.core.exchange.rules.cells import DAY_FIRST, Choice, Day, Integer, Kind, Month, Number, Reading, Text, YesNo
from apps.core.exchange.rules.faults import CellFault
from apps.core.exchange.rules.formulas import neutralized

STATES = Choice.of([("27", "Maharashtra (27)"), ("29", "Karnataka (29)"), ("07", "Delhi (07)")], MH="27")


def lakhs(whole: int) -> str:
    text, groups = str(whole), []
    text, groups = text[:-3], [text[-3:]]
    while text:
        text, groups = text[:-2], [text[-2:], *groups]
    return ",".join(groups)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1,22,000.50", "122000.50"),
        ("122,000.5", "122000.5"),
        ("₹ 1,200", "1200"),
        ("Rs. 31.50", "31.50"),
        ("31.50/-", "31.50"),
        ("(12.00)", "-12.00"),
        ("−5", "-5"),
        ("- ₹5", "-5"),
        ("5-", "-5"),
        ("+7", "7"),
        (".5", "0.5"),
        ("5.", "5"),
    ],
)
def test_numbers_as_they_are_written(raw: str, value: str) -> None:
    assert numbers.parse_number(raw) == Decimal(value)


@pytest.mark.parametrize(
    ("raw", "code", "fix"),
    [
        ("1,22.00", "number", "122.00"),
        ("12,50", "number", "12.50"),
        ("1O0", "number", "100"),
        ("abc", "number", None),
        ("1.234.567", "number", None),
        ("=A1*2", "formula", None),
        ("8.9E+12", "shortened", None),
        ("५०", "number", None),
        ("NaN", "number", None),
        ("1e400", "number", None),
    ],
)
def test_what_is_no_number_says_why_and_what_was_meant(raw: str, code: str, fix: str | None) -> None:
    with pytest.raises(CellFault) as caught:
        numbers.parse_number(raw)
    assert (caught.value.code, caught.value.fix) == (code, fix)


@given(st.integers(0, 10**13), st.integers(0, 99))
def test_every_indian_and_western_grouping_is_read_back(whole: int, paise: int) -> None:
    for text in (f"{lakhs(whole)}.{paise:02d}", f"{whole:,}.{paise:02d}", f"₹{whole}.{paise:02d}"):
        assert numbers.parse_number(text) == Decimal(f"{whole}.{paise:02d}")


@given(st.text(max_size=30))
def test_no_text_breaks_a_kind(raw: str) -> None:
    for kind in (Text(), Text(code=True, lines=True), Integer(), Number(), Day(), Month(), YesNo(), STATES):
        if not (stripped := raw.strip()):
            continue
        try:
            value = kind.parse(stripped, DAY_FIRST)
        except CellFault as fault:
            assert fault.code  # noqa: PT017 (not every text is a fault)
        else:
            # PostgreSQL can hold it, and it can be shown.
            assert "\0" not in value
            assert isinstance(kind.show(value), str)


@given(st.text(max_size=30))
def test_a_fix_can_be_read(raw: str) -> None:
    for kind in (Integer(), Number(), Day(), Month(), STATES):
        if raw.strip():
            try:
                kind.parse(raw.strip(), DAY_FIRST)
            except CellFault as fault:
                if fault.fix is not None:
                    kind.parse(fault.fix, DAY_FIRST)


def test_decimals_and_limits() -> None:
    assert Number(places=2).parse("31.5000", DAY_FIRST) == "31.50"
    cases: list[tuple[Kind, str, str, str | None]] = [
        (Number(places=2), "31.505", "places", "31.51"),
        (Number(), "-1", "low", None),
        (Number(digits=5), "1000", "high", None),
        (Integer(), "2.5", "whole", "3"),
        (Integer(maximum=10), "11", "high", None),
    ]
    for kind, raw, code, fix in cases:
        with pytest.raises(CellFault) as caught:
            kind.parse(raw, DAY_FIRST)
        assert (caught.value.code, caught.value.fix) == (code, fix)
    assert Number(percent=True).parse("5 %", DAY_FIRST) == "5"


@pytest.mark.parametrize(
    "raw",
    ["31/12/26", "31/12/2026", "31-12-2026", "31.12.26", "2026-12-31", "31-Dec-2026", "31 december 2026",
     "Dec 31, 2026",      "46387", "2026-12-31 00:00:00", "31Dec26"],
)  # fmt: skip
def test_dates_day_first(raw: str) -> None:
    assert dates.parse_date(raw) == dt.date(2026, 12, 31)


def test_dates_that_are_none() -> None:
    for raw in ("31/02/2026", "0/1/2026", "soon", "12345678", "110001000", "=TODAY()", "31/12/9999"):
        with pytest.raises(CellFault):
            dates.parse_date(raw)
    with pytest.raises(CellFault) as caught:
        dates.parse_date("12/31/2026")
    assert caught.value.fix == "2026-12-31"
    assert Day().parse("12/31/2026", Reading(month_first=True)) == "2026-12-31"


@given(st.dates(dt.date(1954, 10, 3), dt.date(2079, 12, 31)))
def test_a_date_is_read_back_from_every_way_to_write_it(day: dt.date) -> None:
    for form in ("%d/%m/%Y", "%d-%m-%y" if 1980 <= day.year < 2080 else "%d-%m-%Y", "%Y-%m-%d", "%d %b %Y", "%d-%B-%Y"):
        assert dates.parse_date(day.strftime(form)) == day
    assert dates.parse_date(str((day - dt.date(1899, 12, 30)).days)) == day


@pytest.mark.parametrize(
    "raw",
    ["0828", "828", "8/28", "08/28", "08-2028", "082028", "2028-08", "Aug-28", "August 2028", "280800", "280831",
     "31/08/2028", "2028-08-15", "46996"],
)  # fmt: skip
def test_expiry_months_mean_their_last_day(raw: str) -> None:
    assert dates.parse_month(raw) == dt.date(2028, 8, 31)


def test_months_that_are_none() -> None:
    for raw in ("1328", "0028", "13/28", "Foo-28", "280832", "280231", "1"):
        with pytest.raises(CellFault) as caught:
            dates.parse_month(raw)
        assert caught.value.code == "month"


def test_text_is_cleaned() -> None:
    assert Text().parse("  Ravi \u200bMedical\u00a0 Stores\n", DAY_FIRST) == "Ravi Medical Stores"
    assert Text(lines=True).parse("12 MG Road\r\n\n Pune ", DAY_FIRST) == "12 MG Road\nPune"
    assert Text().parse('="00123"', DAY_FIRST) == "00123"
    assert Text(code=True).parse("ab12", DAY_FIRST) == "AB12"
    for raw, code in [("=1+1", "formula"), ("x" * 300, "long")]:
        with pytest.raises(CellFault) as caught:
            Text().parse(raw, DAY_FIRST)
        assert caught.value.code == code
    with pytest.raises(CellFault) as caught:
        Text(code=True).parse("8.9E+12", DAY_FIRST)
    assert caught.value.code == "shortened"


def test_choices_by_value_label_synonym_and_likeness() -> None:
    for raw in ("27", "maharashtra (27)", "mh", "MAHARASHTRA 27"):
        assert STATES.parse(raw, DAY_FIRST) == "27"
    assert STATES.parse("7", DAY_FIRST) == "07"
    with pytest.raises(CellFault) as caught:
        STATES.parse("Karnatka 29", DAY_FIRST)
    assert caught.value.fix == "Karnataka (29)"
    assert STATES.show("27") == "Maharashtra (27)"


def test_yes_and_no() -> None:
    assert [YesNo().parse(raw, DAY_FIRST) for raw in ("Yes", "0", "हाँ", "inactive")] == [
        "true",
        "false",
        "true",
        "false",
    ]
    with pytest.raises(CellFault):
        YesNo().parse("maybe", DAY_FIRST)


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "-x", "＝1+1"])
def test_formulas_are_neutralized_and_come_back(text: str) -> None:
    assert neutralized(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "-12.50", "+919876543210", "-1,22,000.50", "plain", "a=b", "-5%"])
def test_harmless_text_stays(text: str) -> None:
    assert neutralized(text) == text


def test_what_an_export_neutralized_an_import_takes_back() -> None:
    assert Text().parse(neutralized("-Zinc tablets"), DAY_FIRST) == "-Zinc tablets"
    assert Text().parse(neutralized("@home care"), DAY_FIRST) == "@home care"
    assert cells.clean_text("a\0b") == "ab"
