"""GSTIN and PAN: the vectors of the domain, every reason, and what holds for all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.organizations.rules.gstin import (
    HOLDERS,
    GstinKind,
    InvalidGstin,
    InvalidPan,
    check_character,
    parse_pan,
    validate_gstin,
)
from apps.organizations.rules.states import STATES

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"

states = st.sampled_from([code for code in STATES if code != "96"] + ["25", "28", "99"])
pans = st.builds(
    lambda head, holder, initial, serial, tail: f"{head}{holder}{initial}{serial:04d}{tail}",
    st.text(LETTERS, min_size=3, max_size=3),
    st.sampled_from(sorted(HOLDERS)),
    st.sampled_from(LETTERS),
    st.integers(1, 9999),
    st.sampled_from(LETTERS),
)
fourteen = st.builds(
    lambda state, pan, entity, kind: f"{state}{pan}{entity}{kind}",
    states,
    pans,
    st.sampled_from("123456789" + LETTERS),
    st.sampled_from("Z1AJ"),
)


@pytest.mark.parametrize("text", ["27AAPFU0939F1ZV", "24AAQCA8719H1ZC", "29AABCR1718E1ZL"])
def test_known_good_numbers_pass(text: str) -> None:
    assert validate_gstin(text).text == text


def test_a_number_tells_state_pan_entity_and_holder() -> None:
    found = validate_gstin("27AAPFU0939F1ZV")
    assert (found.state_code, str(found.pan), found.entity, found.kind) == ("27", "AAPFU0939F", "1", GstinKind.REGULAR)
    assert found.pan is not None
    assert found.pan.holder == "Firm or limited liability partnership"


@pytest.mark.parametrize("typed", [" 27aapfu0939f1zv", "27 AAPFU 0939F 1ZV", "27-AAPFU0939F-1ZV\u00a0"])
def test_spelling_is_forgiven(typed: str) -> None:
    assert validate_gstin(typed).text == "27AAPFU0939F1ZV"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("27AAPFU0939F1ZO", "The last character should be V, not O"),
        ("24AANFA2641L1ZK", "The last character should be F, not K"),
        ("27ZZZFW4410K1Z1", "The last character should be E, not 1"),
        ("", "A GSTIN has 15 characters, this one has 0"),
        ("27AAPFU0939F1Z", "A GSTIN has 15 characters, this one has 14"),
        ("27AAPFU0939F1ZVV", "A GSTIN has 15 characters, this one has 16"),
        ("27AAPFU0939F1Z_", "A GSTIN has only the letters A to Z and digits, no _"),
        ("27AAPFU0939F1Z٣", "A GSTIN has only the letters A to Z and digits, no ٣"),
        ("00AAPFU0939F1ZV", "No State has the code 00"),
        ("39AAPFU0939F1ZV", "No State has the code 39"),
        ("96AAPFU0939F1ZV", "No State has the code 96"),
        ("AAAAPFU0939F1ZV", "No State has the code AA"),
        ("27AAPFUO939F1ZV", "Character 8 should be a digit, not O"),
        ("27A1PFU0939F1ZV", "Character 4 should be a letter, not 1"),
        ("27AAPZU0939F1ZV", f"Character 6 should say whose PAN it is (one of {', '.join(HOLDERS)}), not Z"),
        ("27AAPFU0000F1ZV", "A PAN does not have the digits 0000"),
        ("27AAPFU0939F0ZV", "Character 13 should be 1 to 9 or a letter, not 0"),
        ("27AAPFU0939F1XV", "Character 14 should be Z, not X"),
    ],
)
def test_the_reason_is_exact(text: str, reason: str) -> None:
    with pytest.raises(InvalidGstin) as caught:
        validate_gstin(text)
    assert str(caught.value) == reason
    assert caught.value.template % caught.value.params == reason


@given(fourteen)
def test_any_well_formed_number_with_its_check_character_passes(head: str) -> None:
    found = validate_gstin(head + check_character(head))
    assert found.state_code == head[:2]
    assert str(found.pan) == head[2:12]
    assert found.in_state(found.current_state_code)


@given(fourteen, st.integers(0, 14), st.sampled_from(DIGITS + LETTERS))
def test_one_wrong_character_never_passes(head: str, place: int, other: str) -> None:
    good = head + check_character(head)
    wrong = good[:place] + other + good[place + 1 :]
    if wrong == good:
        return
    with pytest.raises(InvalidGstin):
        validate_gstin(wrong)


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_is_refused_with_a_reason(text: str) -> None:
    try:
        found = validate_gstin(text)
    except InvalidGstin as error:
        reason, length = str(error), 15
    else:
        reason, length = "none", len(found.text)
    assert reason
    assert length == 15


def _complete(head: str) -> str:
    return head + check_character(head)


@pytest.mark.parametrize(
    ("head", "kind", "pan"),
    [
        ("27MUMA12345B1D", GstinKind.DEDUCTOR, None),
        ("07AAAGG1234K1D", GstinKind.DEDUCTOR, "AAAGG1234K"),
        ("29AABCF8078M1C", GstinKind.COLLECTOR, "AABCF8078M"),
        ("0717FIN00011UN", GstinKind.UN_BODY, None),
        ("0717USA00011NR", GstinKind.NON_RESIDENT, None),
        ("9917SGP29003OS", GstinKind.ONLINE, None),
    ],
)
def test_special_registrations_are_recognized(head: str, kind: GstinKind, pan: str | None) -> None:
    found = validate_gstin(_complete(head))
    assert found.kind is kind
    assert (str(found.pan) if found.pan else None) == pan


@pytest.mark.parametrize(("code", "today"), [("25", "26"), ("28", "37"), ("38", "38"), ("97", "97")])
def test_former_and_new_states_count_for_the_state_of_today(code: str, today: str) -> None:
    found = validate_gstin(_complete(f"{code}AAPFU0939F1Z"))
    assert found.state_code == code
    assert found.current_state_code == today
    assert found.in_state(today)
    assert not found.in_state("27")


def test_a_registration_with_the_centre_goes_with_any_state() -> None:
    assert validate_gstin(_complete("9917SGP29003OS")).in_state("27")


def test_the_sandbox_lets_a_wrong_check_character_pass_and_nothing_else() -> None:
    assert validate_gstin("27AAPFU0939F1ZO", sandbox=True).state_code == "27"
    with pytest.raises(InvalidGstin, match=r"15 characters"):
        validate_gstin("27AAPFU0939F1Z", sandbox=True)


@given(pans)
def test_a_pan_tells_its_holder(pan: str) -> None:
    assert parse_pan(f" {pan.lower()} ").holder == HOLDERS[pan[3]]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("AAPFU0939", "A PAN has 10 characters, this one has 9"),
        ("AAPFUO939F", "Character 6 should be a digit, not O"),
        ("AAPFU09395", "Character 10 should be a letter, not 5"),
    ],
)
def test_a_wrong_pan_is_named(text: str, reason: str) -> None:
    with pytest.raises(InvalidPan) as caught:
        parse_pan(text)
    assert str(caught.value) == reason
