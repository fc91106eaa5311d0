"""Matching, dues, tax held back, and what is odd about a line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.finance.rules.gst import Levy, Tax
from apps.purchasing.rules.amounts import Charge, Terms, figure_bill, part_of
from apps.purchasing.rules.dues import SmallSupplierDays, Withholding, due_on, msme_pay_by, withhold
from apps.purchasing.rules.line_checks import (
    Finding,
    Known,
    Typed,
    Weight,
    findings_of,
    heaviest,
    in_the_way,
    months_between,
)
from apps.purchasing.rules.matching import Difference, Matched, MatchRow, match_bill
from apps.purchasing.rules.receipt_states import BILL_MOVES, RECEIPT_MOVES, ReceiptState

D = Decimal
ZERO = D("0.00")
TODAY = dt.date(2026, 11, 20)


def _tax(amount: str) -> Tax:
    return Tax(D(amount))


def test_the_match_of_the_prototype() -> None:
    """shots/04: 20 short, a line on hold, one being counted, and the supplier's rounding."""
    lines = [
        Matched(1, 600, 600, figure_bill([Terms(600, D("21.60"), tax_rate=D(5))], levy=Levy.INTER).lines[0]),
        Matched(4, 500, 480, figure_bill([Terms(500, D("13.17"), tax_rate=D(5))], levy=Levy.INTER).lines[0]),
        Matched(
            5, 100, 100, figure_bill([Terms(100, D("101.62"), tax_rate=D(5))], levy=Levy.INTER).lines[0], held=True
        ),
        Matched(7, 80, None, figure_bill([Terms(80, D("28.80"), tax_rate=D(5))], levy=Levy.INTER).lines[0]),
    ]
    billed = sum((line.tax.total for line in lines), ZERO)
    found = match_bill(lines, bill=billed - D("0.39"), round_off=D("-0.39"))
    assert found.explained
    assert found.rows == (
        MatchRow(Difference.SHORT, D("276.57"), 4, 20),
        MatchRow(Difference.HELD, D("10670.10"), 5, 100),
        MatchRow(Difference.COUNTING, D("2419.20"), 7, 80),
        MatchRow(Difference.ROUND_OFF, D("-0.39")),
    )
    assert found.difference == sum(row.amount for row in found.rows) == D("13365.48")


def test_what_nobody_can_explain_is_said() -> None:
    found = match_bill([Matched(1, 10, 10, _tax("100.00"))], bill=D("120.00"))
    assert not found.explained
    assert found.rows == (MatchRow(Difference.UNEXPLAINED, D("20.00")),)


def test_more_than_billed_and_charges() -> None:
    found = match_bill(
        [Matched(1, 10, 12, _tax("100.00"), excess_value=D("20.00")), Matched(2, 5, 0, _tax("50.00"), rejected=True)],
        bill=D("180.00"),
        charges=D("30.00"),
    )
    assert found.explained
    assert found.good == D("120.00")
    assert [row.kind for row in found.rows] == [Difference.EXCESS, Difference.REJECTED, Difference.CHARGES]


@given(
    st.lists(
        st.tuples(
            st.integers(1, 500),
            st.integers(0, 500),
            st.decimals("0", "999.9999", places=4),
            st.booleans(),
            st.booleans(),
        ),
        min_size=1,
        max_size=20,
    ),
    st.decimals("0", "999.99", places=2),
)
def test_the_differences_always_add_up(rows: list[tuple[int, int, Decimal, bool, bool]], freight: Decimal) -> None:
    figures = figure_bill(
        [Terms(billed, rate, tax_rate=D(5)) for billed, _received, rate, _rejected, _held in rows],
        levy=Levy.STATE,
        charges=[Charge(freight, D(5))],
    )
    lines = [
        Matched(number, billed, received, tax, rejected, held)
        for number, ((billed, received, _rate, rejected, held), tax) in enumerate(
            zip(rows, figures.lines, strict=True), 1
        )
    ]
    charges = sum((tax.total for tax in figures.charges), ZERO)
    found = match_bill(lines, bill=figures.total, charges=charges, round_off=figures.round_off)
    assert found.explained
    assert sum((row.amount for row in found.rows), ZERO) == found.difference
    good = sum(
        (
            part_of(line.tax, min(line.received or 0, line.billed), line.billed)[0].total
            for line in lines
            if not (line.rejected or line.held)
        ),
        ZERO,
    )
    assert found.good == good


DAYS = SmallSupplierDays(agreed=45, otherwise=15)


@pytest.mark.parametrize(
    ("agreement", "days", "pay_by"),
    [
        (True, 30, dt.date(2026, 12, 20)),
        (True, 60, dt.date(2027, 1, 4)),
        (False, 60, dt.date(2026, 12, 5)),
        (False, 0, dt.date(2026, 12, 5)),
        (True, 0, TODAY),
    ],
)
def test_small_suppliers_are_paid_in_time(agreement: bool, days: int, pay_by: dt.date) -> None:
    assert msme_pay_by(TODAY, days=DAYS, written_agreement=agreement, agreed_days=days) == pay_by


def test_the_law_comes_before_the_terms() -> None:
    assert due_on(TODAY, 60) == dt.date(2027, 1, 19)
    assert due_on(TODAY, 60, dt.date(2026, 12, 5)) == dt.date(2026, 12, 5)
    assert due_on(TODAY, 7, dt.date(2026, 12, 5)) == dt.date(2026, 11, 27)


RULE = Withholding(D("0.1"), D("5000000"), D(5))


@pytest.mark.parametrize(
    ("value", "before", "base", "tax"),
    [
        ("100000", "0", "0", "0"),
        ("100000", "4900000", "0", "0"),
        ("100000", "4950000", "50000", "50.00"),
        ("100000", "6000000", "100000", "100.00"),
        ("7000000", "0", "2000000", "2000.00"),
        # To the rupee, half up.
        ("500", "6000000", "500", "1.00"),
    ],
)
def test_tax_is_held_back_above_the_threshold(value: str, before: str, base: str, tax: str) -> None:
    found = withhold(D(value), bought_before=D(before), rule=RULE)
    assert (found.base, found.tax) == (D(base), D(tax))


def test_who_has_no_pan_bears_more_and_who_need_not_holds_nothing_back() -> None:
    assert withhold(D(100_000), bought_before=D(6_000_000), rule=RULE, has_pan=False).tax == D("5000.00")
    assert withhold(D(100_000), bought_before=D(6_000_000), rule=None).tax == 0
    assert withhold(D(-100), bought_before=D(6_000_000), rule=RULE).tax == 0


GOOD: dict[str, Any] = {
    "number": "FD1044",
    "expiry": dt.date(2028, 8, 31),
    "mrp": D("42.00"),
    "quantity": 80,
    "rate": D("28.80"),
    "tax_rate": D(5),
}


@pytest.mark.parametrize(
    ("typed", "known", "findings"),
    [
        ({}, {}, []),
        # Nothing to warn of where this is the first batch and the first bill.
        ({}, {"last_mrp": D("42.00"), "last_rate": D("28.80"), "ordered": 80, "order_rate": D("28.80")}, []),
        ({"number": " "}, {}, [Finding.BATCH_MISSING]),
        ({"expiry": None}, {"minimum_days": 365}, [Finding.EXPIRY_MISSING]),
        ({"mrp": None}, {}, [Finding.MRP_MISSING]),
        ({"mrp": D(0)}, {}, [Finding.MRP_MISSING]),
        ({"quantity": None}, {"ordered": 80}, [Finding.NOT_COUNTED]),
        ({"quantity": 0}, {}, [Finding.NOT_COUNTED]),
        ({"quantity": 0, "free": 5}, {}, []),
        ({"rate": None}, {}, [Finding.RATE_MISSING]),
        ({"tax_rate": None}, {}, [Finding.TAX_MISSING]),
        ({"expiry": dt.date(2026, 10, 31)}, {}, [Finding.EXPIRED]),
        # Goods may be used on the last day of their month.
        ({"expiry": dt.date(2026, 11, 30)}, {}, []),
        ({"expiry": dt.date(2088, 8, 31)}, {}, [Finding.EXPIRY_FAR]),
        ({"expiry": dt.date(2027, 1, 31)}, {"minimum_days": 365}, [Finding.SHORT_DATED]),
        ({"expiry": dt.date(2027, 1, 31), "allowed": True}, {"minimum_days": 365}, []),
        ({}, {"batch_expiry": dt.date(2028, 7, 31)}, [Finding.EXPIRY_DIFFERS]),
        ({"made": dt.date(2028, 9, 1)}, {}, [Finding.MADE_AFTER_EXPIRY]),
        ({}, {"last_mrp": D("40.00")}, [Finding.MRP_CHANGED]),
        # 40.01 with 5% is 42.01.
        ({"rate": D("40.01")}, {}, [Finding.RATE_ABOVE_MRP]),
        ({"rate": D("40.00")}, {}, []),
        ({"rate": D("44.00"), "discount": D(10)}, {}, []),
        ({"quantity": 84}, {"ordered": 80, "tolerance": D(5)}, [Finding.OVER_ORDER_SLIGHTLY]),
        ({"quantity": 85}, {"ordered": 80, "tolerance": D(5)}, [Finding.OVER_ORDER]),
        ({"quantity": 85, "allowed": True}, {"ordered": 80}, [Finding.OVER_ORDER_SLIGHTLY]),
        ({"quantity": 60}, {"ordered": 80}, [Finding.SHORT_OF_ORDER]),
        ({"quantity": 60, "decided": True}, {"ordered": 80}, []),
        ({"quantity": 60, "billed": 80}, {}, [Finding.SHORT_OF_BILL]),
        ({}, {"order_rate": D("28.00"), "last_rate": D("27.00")}, [Finding.RATE_NOT_ORDERED]),
        ({}, {"last_rate": D("27.00")}, [Finding.RATE_NOT_LAST]),
        ({}, {"active": False}, [Finding.PRODUCT_INACTIVE]),
        # A rejected line is nobody's worry any more.
        ({"rejected": True, "expiry": dt.date(2020, 1, 31)}, {"active": False}, []),
    ],
)
def test_what_is_odd_about_a_line(typed: dict[str, Any], known: dict[str, Any], findings: list[Finding]) -> None:
    assert list(findings_of(Typed(**{**GOOD, **typed}), Known(**known), on=TODAY)) == findings


def test_what_weighs_most_comes_first() -> None:
    line = Typed(**{**GOOD, "expiry": dt.date(2027, 1, 31), "number": "", "quantity": 60})
    found = findings_of(line, Known(minimum_days=365, ordered=80, last_mrp=D(40)), on=TODAY)
    assert found == (Finding.SHORT_DATED, Finding.BATCH_MISSING, Finding.SHORT_OF_ORDER, Finding.MRP_CHANGED)
    assert heaviest(found) is Weight.ALLOW
    assert in_the_way(found) == found[:3]
    assert heaviest(()) is None


def test_months_are_counted_as_people_do() -> None:
    assert months_between(TODAY, dt.date(2027, 1, 31)) == 2


def test_the_allowed_moves() -> None:
    assert (ReceiptState.CHECKED, ReceiptState.POSTED) in RECEIPT_MOVES
    assert (ReceiptState.PARKED, ReceiptState.POSTED) not in RECEIPT_MOVES
    assert not any(before in ("cancelled",) for before, _after in (*RECEIPT_MOVES, *BILL_MOVES))
    assert not any(after == "draft" for before, after in RECEIPT_MOVES if before == "posted")
