"""Drug licences as people type them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.organizations.rules.licences import (
    DrugClass,
    InvalidLicence,
    LicenceForm,
    Standing,
    Trade,
    is_valid_on,
    licence_name,
    parse_licence,
    standing,
)


@pytest.mark.parametrize(
    ("typed", "form", "number"),
    [
        ("20B-MH-123456", "20B", "20B-MH-123456"),
        ("MH/20B/1234", "20B", "MH/20B/1234"),
        ("  mh / 20b / 1234 ", "20B", "MH / 20B / 1234"),
        ("Form 21-B No. 77", "21B", "21-B NO. 77"),
        ("Licence No. 20B-MH-1", "20B", "20B-MH-1"),
        ("D.L. No: 21B 4410", "21B", "21B 4410"),
        ("DL-20B-555", "20B", "DL-20B-555"),
        ("20BB/KA/9", "20BB", "20BB/KA/9"),
        ("20F-77", "20F", "20F-77"),
        ("KA-21-20B-1234", "20B", "KA-21-20B-1234"),
        ("21/GJ/2021/5", "21", "21/GJ/2021/5"),
    ],
)
def test_form_and_number_are_read(typed: str, form: str, number: str) -> None:
    found = parse_licence(typed)
    assert (found.form, found.number) == (LicenceForm(form), number)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "Type the number on the licence, such as 20B-MH-123456"),
        ("Licence No.", "Type the number on the licence, such as 20B-MH-123456"),
        ("MH-PZ3-123456", "The form is missing: begin with it, such as 20B-"),
        ("20B/21B-MH-1", "That is more than one licence: 20B, 21B. Type one at a time"),
        ("20 and 21 of 1999", "That is more than one licence: 20, 21. Type one at a time"),
        ("20B", "The number after the form is missing"),
        ("21F-123", "The form is missing: begin with it, such as 20B-"),
        ("20B-" + "1" * 40, "A licence number has at most 40 characters, this one has 44"),
    ],
)
def test_the_reason_is_exact(typed: str, reason: str) -> None:
    with pytest.raises(InvalidLicence) as caught:
        parse_licence(typed)
    assert str(caught.value) == reason


def test_a_form_chosen_beside_the_number_must_agree() -> None:
    assert parse_licence("PZ3-1234", LicenceForm.F20B).form is LicenceForm.F20B
    assert parse_licence("MH-20-1234", LicenceForm.F20B).number == "MH-20-1234"
    with pytest.raises(InvalidLicence, match=r"The number says form 21B, the form chosen is 20B"):
        parse_licence("21B-MH-1", LicenceForm.F20B)


@given(st.sampled_from(LicenceForm), st.integers(1, 999999), st.sampled_from(["-", "/", " "]))
def test_reading_what_was_read_changes_nothing(form: LicenceForm, number: int, separator: str) -> None:
    found = parse_licence(separator.join([form.value, "MH", f"ZZ{number}"]))
    assert found.form is form
    assert parse_licence(found.number) == found
    assert parse_licence(found.number, form) == found
    assert found.key == f"{form.value}MHZZ{number}"


@given(st.text(max_size=60))
def test_any_text_is_a_licence_or_is_refused_with_a_reason(text: str) -> None:
    try:
        found = parse_licence(text)
    except InvalidLicence as error:
        told = str(error)
    else:
        told = found.key
        assert len(found.number) <= 40
    assert told


def test_wholesale_forms_cover_their_schedules() -> None:
    wholesale = {form: form.covers for form in LicenceForm if form.trade is Trade.WHOLESALE}
    assert wholesale == {
        LicenceForm.F20B: {DrugClass.GENERAL},
        LicenceForm.F21B: {DrugClass.C_C1},
        LicenceForm.F20G: {DrugClass.X},
    }


@given(st.dates(dt.date(2020, 1, 1), dt.date(2035, 1, 1)), st.integers(0, 2000), st.integers(-500, 3000))
def test_standing_agrees_with_validity(start: dt.date, days: int, offset: int) -> None:
    end, day = start + dt.timedelta(days), start + dt.timedelta(offset)
    found = standing(start, end, day)
    assert is_valid_on(start, end, day) == (found in {Standing.VALID, Standing.ENDING})
    assert (found is Standing.ENDING) == (start <= day <= end and (end - day).days <= 90)


@pytest.mark.parametrize(
    ("form", "number", "name"),
    [("20B", "20B-MH-1", "20B-MH-1"), ("20B", "20b/mh/1", "20b/mh/1"), ("21", "MH/77", "21 MH/77")],
)
def test_a_licence_names_its_form_once(form: str, number: str, name: str) -> None:
    assert licence_name(form, number) == name
