"""Rounding, words, reference numbers, ageing, interest, allocation, years and rates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.finance.rules import ageing, years
from apps.finance.rules.allocation import Excess, Open, Share, excesses, oldest_first
from apps.finance.rules.interest import interest, stretches
from apps.finance.rules.irn import irn
from apps.finance.rules.rates import DatedRate, rate_for
from apps.finance.rules.rounding import round_document
from apps.finance.rules.words import rupees

D = Decimal
days = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))
positive = st.decimals("0.01", "9999999.99", places=2)


@pytest.mark.parametrize(
    ("exact", "total", "off"),
    [
        ("100.49", "100.00", "-0.49"),
        ("100.50", "101.00", "0.50"),
        ("100.51", "101.00", "0.49"),
        ("-100.50", "-101.00", "-0.50"),
        ("0.00", "0.00", "0.00"),
        ("1234567.00", "1234567.00", "0.00"),
    ],
)
def test_a_document_is_rounded_to_rupees_fifty_paise_up(exact: str, total: str, off: str) -> None:
    rounded = round_document(D(exact))
    assert (rounded.total, rounded.round_off) == (D(total), D(off))


@given(st.decimals("-9999999", "9999999", places=2))
def test_round_off_is_the_difference_and_at_most_half_a_rupee(exact: Decimal) -> None:
    rounded = round_document(exact)
    assert rounded.exact + rounded.round_off == rounded.total == rounded.total.to_integral_value()
    assert abs(rounded.round_off) <= D("0.50")
    assert round_document(-exact).total == -rounded.total


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "Rupees zero only"),
        ("1", "Rupees one only"),
        ("0.50", "Fifty paise only"),
        ("143210.75", "Rupees one lakh forty-three thousand two hundred and ten and seventy-five paise only"),
        ("25000000", "Rupees two crore fifty lakh only"),
        ("-700", "Minus rupees seven hundred only"),
    ],
)
def test_rupees_in_words(amount: str, text: str) -> None:
    assert rupees(D(amount)) == text


def test_a_float_has_no_words() -> None:
    with pytest.raises(TypeError, match="float"):
        rupees(0.1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("gstin", "fy", "kind", "number", "expected"),
    [
        # Reckoned with `openssl dgst -sha256` over the joined parts.
        (
            "27AAPFU0939F1ZV",
            "2026-27",
            "INV",
            "BK/2627/04127",
            "f11e018cb4431f5532e52964b5bdcb14d4a7519ce2c708639c16a69a7044a52b",
        ),
        (
            "29aabcr1718e1zl",
            "2025-26",
            "CRN",
            "blr/c2526/00009",
            "081682aaf14938e5dd99a010f23184d3bb3a79f8d777a067d6ddbaf45b08fe7d",
        ),
    ],
)
def test_invoice_reference_number(gstin: str, fy: str, kind: str, number: str, expected: str) -> None:
    assert irn(gstin, fy, kind, number) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("gstin", "kind", "number"), [("", "INV", "1"), ("27AAPFU0939F1ZV", "BOS", "1"), ("27AAPFU0939F1ZV", "INV", " ")]
)
def test_no_reference_number_without_its_parts(gstin: str, kind: str, number: str) -> None:
    with pytest.raises(ValueError, match=r"kind of e-invoice|part of the reference"):
        irn(gstin, "2026-27", kind, number)  # type: ignore[arg-type]


TODAY = dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("due", "bucket"),
    [("2026-12-01", 0), ("2026-11-20", 0), ("2026-11-19", 1), ("2026-11-05", 1), ("2026-11-04", 2), ("2026-10-21", 2),
     ("2026-10-20", 3), ("2026-09-21", 3), ("2026-09-20", 4), ("2026-08-22", 4), ("2026-08-21", 5), ("2001-01-01", 5)],
)  # fmt: skip
def test_bucket_of_a_due_date(due: str, bucket: int) -> None:
    assert ageing.bucket_of(dt.date.fromisoformat(due), TODAY) == bucket


@given(st.lists(st.tuples(days, positive), max_size=50), days)
def test_buckets_hold_every_rupee_once(items: list[tuple[dt.date, Decimal]], on: dt.date) -> None:
    sums = ageing.age(items, on)
    assert sum(sums) == sum((amount for _due, amount in items), start=D(0))
    assert len(sums) == len(ageing.buckets())
    for due, _amount in items:
        bucket = ageing.buckets()[ageing.bucket_of(due, on)]
        late = (on - due).days
        assert bucket.first is None or late >= bucket.first
        assert bucket.last is None or late <= bucket.last


@pytest.mark.parametrize("edges", [(), (0, 30), (30, 30), (60, 30)])
def test_days_of_buckets_rise(edges: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="rise"):
        ageing.buckets(edges)


def test_interest_of_a_bill_paid_in_two_parts() -> None:
    """36,500 at 18% is 18 a day: ten days whole, twenty days half."""
    paid = [(dt.date(2026, 5, 12), D("18250.00"))]
    found = interest(D("36500.00"), rate=D(18), due_on=dt.date(2026, 5, 1), until=dt.date(2026, 5, 31), settled=paid)
    assert found == D("360.00")


def test_grace_and_prompt_payment_cost_nothing() -> None:
    due = dt.date(2026, 5, 1)
    assert not interest(D(1000), rate=D(18), due_on=due, until=due)
    assert not interest(D(1000), rate=D(18), due_on=due, until=dt.date(2026, 5, 8), grace_days=7)
    assert interest(D(36500), rate=D(18), due_on=due, until=dt.date(2026, 5, 9), grace_days=7) == D("18.00")
    assert not interest(D(1000), rate=D(18), due_on=due, until=dt.date(2027, 1, 1), settled=[(due, D(1000))])
    with pytest.raises(ValueError, match="negative"):
        interest(D(1000), rate=D(-1), due_on=due, until=due)


@given(positive, days, st.integers(0, 700), st.integers(0, 30), st.lists(st.tuples(days, positive), max_size=6))
def test_interest_counts_each_day_once(
    amount: Decimal, due: dt.date, length: int, grace: int, settled: list[tuple[dt.date, Decimal]]
) -> None:
    until = due + dt.timedelta(days=length)
    found = stretches(amount, due, settled, until, grace)
    assert sum(part.days for part in found) <= max(length - grace, 0)
    assert all(0 < part.amount <= amount for part in found)
    assert all(a.last < b.first for a, b in pairwise(found))


opens = st.lists(st.tuples(days, positive), max_size=20).map(
    lambda rows: [Open(number, due, amount) for number, (due, amount) in enumerate(rows)]
)


@given(st.decimals("0", "99999999", places=2), opens)
def test_oldest_first_spends_all_it_can_and_never_more(amount: Decimal, items: list[Open]) -> None:
    plan = oldest_first(amount, items)
    assert sum((share.amount for share in plan.shares), start=plan.rest) == amount
    assert not excesses(plan.shares, items)
    paid = {share.key: share.amount for share in plan.shares}
    ordered = sorted(items, key=lambda item: (item.due_on, item.key))
    partly = [item for item in ordered if paid.get(item.key, D(0)) < item.amount]
    # Nothing younger is touched while something older is open.
    assert all(item.key not in paid for item in partly[1:])
    assert plan.rest == 0 or not partly


def test_shares_over_what_is_open_are_named() -> None:
    items = [Open(1, TODAY, D("100.00"))]
    assert excesses([Share(1, D("100.01")), Share(2, D(5))], items) == [
        Excess(1, D("100.01"), D("100.00")),
        Excess(2, D(5), D("0.00")),
    ]
    with pytest.raises(ValueError, match="zero or more"):
        oldest_first(D(-1), items)


def test_years_and_months() -> None:
    months = years.months_of_year(2026)
    assert (months[0], months[8], months[11]) == (dt.date(2026, 4, 1), dt.date(2026, 12, 1), dt.date(2027, 3, 1))
    assert years.months_of_year(2026, 1)[11] == dt.date(2026, 12, 1)
    assert years.return_period(dt.date(2026, 4, 30)) == "042026"
    assert years.same_day_last_year(dt.date(2024, 2, 29)) == dt.date(2023, 2, 28)
    assert (years.month_start(TODAY), years.month_end(TODAY)) == (dt.date(2026, 11, 1), dt.date(2026, 11, 30))


@given(st.integers(1990, 2098))
def test_a_label_reads_back(year: int) -> None:
    assert years.year_of_label(years.year_label(year)) == year


@pytest.mark.parametrize("label", ["", "26-27", "2026-28", "2026-2027", "FY2026"])
def test_what_is_no_financial_year(label: str) -> None:
    with pytest.raises(ValueError, match="Not a financial year"):
        years.year_of_label(label)


def test_the_longest_prefix_of_the_day_decides() -> None:
    change = dt.date(2025, 9, 22)
    rates = [
        DatedRate("30", dt.date(2017, 7, 1), change - dt.timedelta(days=1), D(12)),
        DatedRate("30", change, None, D(5)),
        DatedRate("3002", dt.date(2017, 7, 1), None, D(5)),
        DatedRate("30049099", change, None, D(0)),
    ]
    assert rate_for("30041010", change - dt.timedelta(days=1), rates) == D(12)
    assert rate_for("30041010", change, rates) == D(5)
    assert rate_for("30021010", dt.date(2020, 1, 1), rates) == D(5)
    assert rate_for("30049099", change, rates) == D(0)
    assert rate_for("9018", change, rates) is None
    assert rate_for("30", dt.date(2017, 6, 30), rates) is None
