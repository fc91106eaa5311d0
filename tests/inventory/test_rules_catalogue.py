"""GTINs, HSN codes, packs and prices."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.inventory.rules.gtin import InvalidGtin, check_digit, is_gtin, parse_gtin, shown_gtin
from apps.inventory.rules.hsn import InvalidHsn, parse_hsn
from apps.inventory.rules.packs import (
    InvalidPack,
    Pack,
    broken_down,
    form_of,
    in_base_units,
    read_label,
    read_packs,
)
from apps.inventory.rules.prices import MARKDOWN, MARKUP, InvalidPrice, Rates, highest_rate, ptr_pts, revised
from apps.inventory.rules.units import UQC, uqc_of

# ---- GTIN ----


@pytest.mark.parametrize("text", ["4006381333931", "0 12345 67890 5", "96385074", "10614141000415"])
def test_known_gtins(text: str) -> None:
    assert len(parse_gtin(text)) == 14


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("4006381333932", "The last digit should be 1, not 2"),
        ("40063813339", "8, 12, 13 or 14 digits, this has 11"),
        ("40O6381333931", "digits only"),
        ("00000000", "all zeros"),
        ("", "digits only"),
    ],
)
def test_bad_gtins_say_why(text: str, reason: str) -> None:
    with pytest.raises(InvalidGtin, match=reason):
        parse_gtin(text)
    assert not is_gtin(text)


@given(st.sampled_from([7, 11, 12, 13]).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n)), st.data())
def test_one_wrong_digit_is_always_seen(body: str, data: st.DataObject) -> None:
    text = body + check_digit(body)
    place = data.draw(st.integers(0, len(text) - 1))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != text[place]]))
    assert not is_gtin(text[:place] + wrong + text[place + 1 :])


@given(st.text("0123456789", min_size=12, max_size=12).filter(lambda body: body[0] != "0"))
def test_a_gtin_is_shown_as_printed(body: str) -> None:
    text = body + check_digit(body)
    assert shown_gtin(parse_gtin(text)) == text


# ---- HSN ----


def test_hsn_codes_are_read() -> None:
    assert [parse_hsn(text) for text in ("3004", "3004.90", "3004 90 99", "")] == ["3004", "300490", "30049099", ""]


@pytest.mark.parametrize("text", ["30", "30049", "3004A0", "0004", "7701", "300490991"])
def test_bad_hsn_codes_are_refused(text: str) -> None:
    with pytest.raises(InvalidHsn):
        parse_hsn(text)


# ---- packs ----


def test_packs_build_on_each_other() -> None:
    assert read_packs([("Box", "10 strips"), ("case", "20 boxes"), ("pallet", "2 x case")], "strip") == (
        Pack("Box", 10),
        Pack("case", 200),
        Pack("pallet", 400),
    )


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("box", "")], "Say how many"),
        ([("box", "1")], "2 base units or more"),
        ([("box", "-5")], "Say how many"),
        ([("box", "2.5")], "Say how many"),
        ([("case", "20 box"), ("box", "10")], "No pack is called box"),
        ([("box", "10"), ("Boxes", "20")], "two packs"),
        ([("strips", "10")], "two packs"),
        ([("", "10")], "Name the pack"),
        ([("box", "99999999999")], "2 base units or more"),
    ],
)
def test_packs_that_cannot_be(rows: list[tuple[str, str]], reason: str) -> None:
    with pytest.raises(InvalidPack, match=reason):
        read_packs(rows, "strip")


packs = st.lists(st.integers(2, 500), max_size=4, unique=True).map(
    lambda sizes: tuple(Pack(f"p{size}p", size) for size in sizes)
)


@given(st.integers(0, 10**7), packs)
def test_packs_of_a_quantity_add_up(quantity: int, sizes: tuple[Pack, ...]) -> None:
    parts = broken_down(quantity, sizes, "strip")
    assert sum(in_base_units(count, unit, sizes, "strip") for count, unit in parts) == quantity
    assert all(count > 0 for count, _unit in parts)


def test_a_quantity_in_packs() -> None:
    sizes = read_packs([("box", "10"), ("case", "20 boxes")], "strip")
    assert broken_down(437, sizes, "strip") == ((2, "case"), (3, "box"), (7, "strip"))
    with pytest.raises(InvalidPack):
        in_base_units(1, "crate", sizes, "strip")


@pytest.mark.parametrize(
    ("text", "unit", "form"),
    [
        ("strip of 10 tablets", "strip", "tablet"),
        ("bottle of 100 ml Syrup", "bottle", "syrup"),
        ("packet of 5 ml Eye Drop", "packet", "drops"),
        ("vial of 1 Powder for Injection", "vial", "injection"),
        ("packet of 200 MDI Inhaler", "packet", "inhaler"),
        ("strip of 10 soft gelatin capsules", "strip", "capsule"),
        ("tube of 30 gm Gel", "tube", "gel"),
        ("strip of 15 tablet sr", "strip", "tablet"),
    ],
)
def test_labels_are_read(text: str, unit: str, form: str) -> None:
    found = read_label(text)
    assert found is not None
    assert (found.base_unit, found.form) == (unit, form)


def test_other_words_are_no_label() -> None:
    assert read_label("10x10") is None
    assert form_of("walking stick") == "other"
    assert {uqc_of(unit) for unit in ("strip", "bottle", "vial")} <= UQC.keys()


# ---- prices ----


def test_the_trades_own_figures() -> None:
    figures = Decimal(100), Decimal(5), Decimal(20), Decimal(10)
    assert ptr_pts(*figures, MARKDOWN) == Rates(Decimal("76.1905"), Decimal("68.5714"))
    assert ptr_pts(*figures, MARKUP) == Rates(Decimal("79.3651"), Decimal("72.1501"))


money = st.decimals(Decimal("0.01"), Decimal(1_000_000), places=2)
percent = st.decimals(0, 100, places=2)


@given(money, percent, percent, percent, st.sampled_from([MARKDOWN, MARKUP]))
def test_nobody_pays_more_than_the_one_below(
    mrp: Decimal, rate: Decimal, retailer: Decimal, stockist: Decimal, convention: str
) -> None:
    found = ptr_pts(mrp, rate, retailer, stockist, convention)
    assert 0 <= found.pts <= found.ptr <= highest_rate(mrp, rate) + Decimal("0.0001")


@given(money, percent, percent, percent)
def test_markup_leaves_more_to_the_stockist(mrp: Decimal, rate: Decimal, one: Decimal, other: Decimal) -> None:
    down, up = (ptr_pts(mrp, rate, one, other, convention) for convention in (MARKDOWN, MARKUP))
    assert up.ptr >= down.ptr
    assert up.pts >= down.pts


@pytest.mark.parametrize("figures", [(-1, 5, 20, 10), (100, 5, 101, 10), (100, 5, 20, 101), (100, -5, 0, 0)])
def test_prices_that_cannot_be(figures: tuple[int, int, int, int]) -> None:
    mrp, rate, retailer, stockist = map(Decimal, figures)
    with pytest.raises(InvalidPrice):
        ptr_pts(mrp, rate, retailer, stockist)


@given(money, st.decimals(-50, 300, places=2))
def test_a_revision_is_to_the_paisa(price: Decimal, change: Decimal) -> None:
    if price < Decimal("0.02"):
        return
    result = revised(price, change)
    assert abs(result - price * (1 + change / 100)) <= Decimal("0.005")


def test_a_revision_leaves_something() -> None:
    with pytest.raises(InvalidPrice):
        revised(Decimal(10), Decimal(-100))
