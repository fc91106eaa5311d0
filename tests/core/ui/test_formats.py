"""Every number, amount, date and expiry as section 15 of the UI rules writes it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from apps.core import amounts
from apps.core.ui import formats

D = Decimal
NOW = dt.datetime(2026, 11, 20, 5, 12, 7, tzinfo=dt.UTC)  # 10:42:07 in India


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (999, "999"), (1000, "1,000"), (100000, "1,00,000"), (1234567, "12,34,567"), (24177860, "2,41,77,860")],
)
def test_digits_are_grouped_in_lakhs_and_crores(value: int, written: str) -> None:
    assert formats.num(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (D("123456"), "₹1,23,456.00"),
        (D("-700.34"), "−₹700.34"),
        (D("-12345678.5"), "−₹1,23,45,678.50"),
        (D("0.005"), "₹0.01"),
        (D("-0.004"), "₹0.00"),
        (None, "–"),
    ],
)
def test_money(value: Decimal | None, written: str) -> None:
    assert formats.inr(value) == written


def test_money_rounds_half_up_as_gst_does() -> None:
    assert [formats.money(D(value)) for value in ("2.125", "2.135", "-2.125")] == ["2.13", "2.14", "−2.13"]


@pytest.mark.parametrize("write", [formats.num, formats.inr, formats.inr_short, formats.trim, formats.money])
def test_a_float_is_refused(write: Any) -> None:
    with pytest.raises(TypeError, match="lost paise"):
        write(0.1)


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        formats.inr(D("NaN"))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (950, "₹950"),
        (1000, "₹1.0 K"),
        (99_949, "₹99.9 K"),
        (99_960, "₹1.0 L"),
        (4_823_100, "₹48.2 L"),
        (99_99_999, "₹1.00 Cr"),
        (24_177_860, "₹2.42 Cr"),
        (-24_177_860, "−₹2.42 Cr"),
        (D("-0.2"), "₹0"),
    ],
)
def test_short_money(value: Decimal | int, written: str) -> None:
    assert formats.inr_short(value) == written


@given(st.decimals(min_value=D("-1e12"), max_value=D("1e12"), places=2))
def test_grouping_loses_nothing(value: Decimal) -> None:
    text = formats.money(value)
    assert D(text.replace(",", "").replace("−", "-")) == value
    whole = text.lstrip("−").split(".")[0].split(",")
    assert len(whole[-1]) == 3 or len(whole) == 1
    assert all(len(part) == 2 for part in whole[1:-1])


def test_rates_lose_their_trailing_zeros() -> None:
    assert [formats.percent(D(rate)) for rate in ("2.50", "18.00", "0", "100")] == ["2.5%", "18%", "0%", "100%"]
    assert formats.trim(D("-2.50")) == "−2.5"


def test_tokens_and_addresses() -> None:
    assert formats.tokens(D("1008.25"), "USDC") == "1,008.25 USDC"
    assert formats.tokens(D("-12"), "USDC") == "−12.00 USDC"
    assert formats.middle("0x7c3F0000000000000000000000000000000041Ae") == "0x7c…41Ae"
    assert formats.middle("0x7c41Ae") == "0x7c41Ae"


def test_dates_and_times_are_indian() -> None:
    assert formats.day(dt.date(2026, 11, 2)) == "02 Nov 2026"
    assert formats.day_month(dt.date(2026, 11, 2)) == "02 Nov"
    # 19:00 in London is already tomorrow in Pune.
    assert formats.day(dt.datetime(2026, 11, 19, 19, 0, tzinfo=dt.UTC)) == "20 Nov 2026"
    assert formats.clock(NOW) == "10:42"
    assert formats.clock(NOW, seconds=True) == "10:42:07"


@pytest.mark.parametrize(
    ("past", "written"),
    [
        (dt.timedelta(minutes=3), "10:39"),
        (dt.timedelta(hours=11), "19 Nov 23:42"),
        (dt.timedelta(days=365), "20 Nov 2025 10:42"),
    ],
)
def test_a_moment_is_as_short_as_it_stays_clear(past: dt.timedelta, written: str) -> None:
    assert formats.moment(NOW - past, now=NOW) == written


@pytest.mark.parametrize(
    ("past", "written"),
    [
        (dt.timedelta(seconds=2), "2 s ago"),
        (dt.timedelta(minutes=5), "5 min ago"),
        (dt.timedelta(hours=3), "3 h ago"),
        (dt.timedelta(days=1), "1 day ago"),
        (dt.timedelta(days=59), "59 days ago"),
        (dt.timedelta(days=60), "21 Sep 2026"),
        (dt.timedelta(seconds=-5), "0 s ago"),
    ],
)
def test_relative_time_ends_at_sixty_days(past: dt.timedelta, written: str) -> None:
    assert formats.ago(NOW - past, now=NOW) == written


def test_lateness() -> None:
    today = dt.date(2026, 11, 20)
    assert formats.late(dt.date(2026, 10, 24), today) == "27 days late"
    assert formats.late(dt.date(2026, 11, 19), today) == "1 day late"
    assert formats.late(today, today) == ""
    assert formats.late(dt.date(2026, 1, 1), today) == "late since 01 Jan 2026"


def test_a_month_ends_on_its_last_day() -> None:
    assert formats.month_end(2028, 2) == dt.date(2028, 2, 29)
    assert formats.exp(formats.month_end(2028, 8)) == "08/2028"
    with pytest.raises(ValueError, match="13"):
        formats.month_end(2027, 13)


@pytest.mark.parametrize(
    ("days", "heat", "words"),
    [
        (-51, "h0", "51 d ago"),
        (-1, "h0", "1 d ago"),
        (0, "h1", "last day"),
        (30, "h1", "30 d left"),
        (31, "h2", "31 d left"),
        (90, "h2", "90 d left"),
        (91, "h3", "3 mo"),
        (180, "h3", "6 mo"),
        (181, "h4", "6 mo"),
        (650, "h4", "21 mo"),
    ],
)
def test_expiry_has_a_colour_and_words(days: int, heat: str, words: str) -> None:
    assert (formats.heat(days), formats.time_left(days)) == (heat, words)


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (D("361871.50"), "Rupees three lakh sixty-one thousand eight hundred and seventy-one and fifty paise only"),
        (D("143452"), "Rupees one lakh forty-three thousand four hundred and fifty-two only"),
        (D("0.75"), "Seventy-five paise only"),
        (D("0"), "Rupees zero only"),
        (D("100"), "Rupees one hundred only"),
        (D("-20"), "Minus rupees twenty only"),
        (12345 * 10**7, "Rupees twelve thousand three hundred and forty-five crore only"),
    ],
)
def test_amounts_in_words(amount: Decimal | int, written: str) -> None:
    assert amounts.inr_words(amount) == written


def test_negative_counts_have_no_words() -> None:
    with pytest.raises(ValueError, match="zero up"):
        amounts.words(-1)


def test_templates_write_a_missing_value_like_none() -> None:
    source = (
        "{% load ui %}{{ gone|inr }} {{ gone|day }} {{ None|num }} {{ zero|inr:0 }} {{ gone|dash }} {{ zero|dash }}"
    )
    assert Template(source).render(Context({"zero": D(0)})) == "– – – ₹0 – 0"


@pytest.mark.parametrize(
    ("text", "continued"),
    [
        ("The last character", "the last character"),
        ("GSTIN is taken", "GSTIN is taken"),
        ("A date", "a date"),
        ("", ""),
    ],
)
def test_a_message_continues_a_sentence(text: str, continued: str) -> None:
    assert Template("{% load ui %}{{ text|lower_first }}").render(Context({"text": text})) == continued
