"""Expiry months as people, packs and scanners give them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.inventory.rules.expiry import InvalidExpiry, check_receivable, is_expired, month_end, parse_expiry

APRIL_2028 = dt.date(2028, 4, 30)


@pytest.mark.parametrize("text", ["0428", "428", "04/28", "4/28", "04-2028", " 04/2028 ", "Apr-28", "280400", "280430"])
def test_one_month_in_every_writing(text: str) -> None:
    assert parse_expiry(text) == APRIL_2028


def test_gs1_writes_the_whole_month_as_day_00() -> None:
    assert parse_expiry("260400") == dt.date(2026, 4, 30)


@pytest.mark.parametrize("text", ["", "1328", "0028", "13/2028", "ab", "04/1999", "04/2090", "260431", "2028", "=A1"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(InvalidExpiry, match="is no month"):
        parse_expiry(text)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2079, 12, 31)))
def test_every_month_comes_back_as_its_last_day(day: dt.date) -> None:
    last = parse_expiry(f"{day:%m%y}")
    assert last == parse_expiry(f"{day:%m/%Y}") == month_end(day)
    assert (last + dt.timedelta(days=1)).day == 1
    assert (last.year, last.month) == (day.year, day.month)


def test_goods_may_be_used_on_the_last_day_of_their_month() -> None:
    assert not is_expired(APRIL_2028, APRIL_2028)
    assert is_expired(APRIL_2028, dt.date(2028, 5, 1))


def test_expired_goods_and_slips_of_the_finger_are_not_received() -> None:
    check_receivable(APRIL_2028, on=APRIL_2028)
    with pytest.raises(InvalidExpiry, match="Expired since 04/2028"):
        check_receivable(APRIL_2028, on=dt.date(2028, 5, 1))
    with pytest.raises(InvalidExpiry, match="more than 20 years"):
        check_receivable(dt.date(2068, 4, 30), on=APRIL_2028)
