"""What a scanner read."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.inventory.rules.gtin import check_digit
from apps.inventory.rules.scan import MAX_LENGTH, Scan, UnreadableScan, read_scan

GTIN = "08901234567890"
FULL = Scan(GTIN, gtin=True, batch="AZ4410", expiry=dt.date(2028, 4, 30), serial="7")


@pytest.mark.parametrize(
    "text",
    [
        "01089012345678901728040010AZ4410\x1d217",
        "01089012345678901728043010AZ4410\x1d217",
        "01089012345678901728041510AZ4410^217",
        "]d201089012345678901728040010AZ4410\x1d217",
        "]C1\x1d01089012345678901728040010AZ4410␝217",
        "(01)08901234567890(17)280400(10)AZ4410(21)7",
        "https://id.gs1.org/01/08901234567890/10/AZ4410/21/7?17=280430",
        "010890123456789010AZ4410\x1d217\x1d17280400",
    ],
)
def test_one_scan_says_product_batch_and_expiry(text: str) -> None:
    assert read_scan(text) == FULL


@pytest.mark.parametrize("text", ["8901234567890", " 8901234567890\r\n", "08901234567890", "]E08901234567890"])
def test_a_product_code_is_the_same_however_it_is_printed(text: str) -> None:
    assert read_scan(text) == Scan(GTIN, gtin=True)


@pytest.mark.parametrize("text", ["H2-99-ABC", "AZ4410", "8901234567891", "R2/B14", "https://maker.example/p/12"])
def test_a_code_of_another_kind_is_kept_as_it_is_for_learning(text: str) -> None:
    assert read_scan(text) == Scan(text)


def test_a_code_without_product_still_gives_its_batch() -> None:
    assert read_scan("(10)AZ4410(17)280400") == Scan(
        "(10)AZ4410(17)280400", batch="AZ4410", expiry=dt.date(2028, 4, 30)
    )


def test_day_of_manufacture_is_read() -> None:
    assert read_scan("010890123456789011260315").made == dt.date(2026, 3, 15)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("  ", "Nothing was read"),
        ("9" * (MAX_LENGTH + 1), "at most 200"),
        ("010890123456789110AZ4410", "should be 0"),
        ("010890123456789017281300", "a part of it cannot be"),
        ("010890123456789017260231", "260231 in the code is no day"),
        ("010890123456789017AB", "cut off"),
        ("(01)0890", "cut off"),
    ],
)
def test_a_broken_code_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(UnreadableScan, match=reason):
        read_scan(text)


BATCH = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/", min_size=1, max_size=20)


@given(
    body=st.from_regex(r"[0-9]{12}[1-9]", fullmatch=True),
    batch=BATCH,
    year=st.integers(2000, 2050),
    month=st.integers(1, 12),
)
def test_what_is_printed_is_what_is_read(body: str, batch: str, year: int, month: int) -> None:
    gtin = body + check_digit(body)
    expiry = dt.date(year, month, monthrange(year, month)[1])
    assert read_scan(f"01{gtin}17{expiry:%y%m}0010{batch}") == Scan(gtin, gtin=True, batch=batch, expiry=expiry)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        scan = read_scan(text)
    except UnreadableScan:
        return
    assert scan.code
