"""The stable public functions, and keys of phone numbers."""

from __future__ import annotations

import pytest

from apps.parties.rules import Gstin, InvalidGstin, parse_licence, phone_key, validate_gstin


def test_the_public_names_read_numbers() -> None:
    gstin = validate_gstin("27AAPFU0939F1ZV")
    assert isinstance(gstin, Gstin)
    assert gstin.state_code == "27"
    assert parse_licence("20B-MH-123456").form == "20B"


def test_a_wrong_check_character_is_named() -> None:
    with pytest.raises(InvalidGstin, match="should be V, not O"):
        validate_gstin("27AAPFU0939F1ZO")


@pytest.mark.parametrize("text", ["+91 98765 43210", "098765-43210", "9876543210", "(+91) 98765.43210"])
def test_one_phone_however_written(text: str) -> None:
    assert phone_key(text) == "9876543210"


@pytest.mark.parametrize("text", ["", "2433 4455", "no phone"])
def test_a_local_number_has_no_key(text: str) -> None:
    assert phone_key(text) == ""
