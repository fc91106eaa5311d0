"""When a supplier must be paid, and what is held back as tax.

MSMED Act 2006, section 15: a micro or small supplier is paid by the day agreed in writing, at most 45 days from the day
on which goods are accepted; without an agreement within 15 days (section 2(b), "appointed day"). Income-tax Act 2025,
section 393(1), purchase of goods (section 194Q of the 1961 Act until March 2026): tax on what is bought from one
supplier in a year above a threshold. Days, rates and thresholds are dated rows, passed in.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from apps.purchasing.rules.amounts import ZERO


@dataclass(frozen=True, slots=True)
class SmallSupplierDays:
    """Days of section 15 on a day: with an agreement in writing at most so many, without one so many."""

    agreed: int
    otherwise: int


def msme_pay_by(accepted_on: dt.date, *, days: SmallSupplierDays, written_agreement: bool, agreed_days: int) -> dt.date:
    """The last day on which a micro or small supplier is paid in time."""
    count = min(agreed_days, days.agreed) if written_agreement else days.otherwise
    return accepted_on + dt.timedelta(days=count)


def due_on(bill_date: dt.date, credit_days: int, pay_by: dt.date | None = None) -> dt.date:
    """When a bill falls due: by its terms, and never later than the law says."""
    by_terms = bill_date + dt.timedelta(days=credit_days)
    return by_terms if pay_by is None else min(by_terms, pay_by)


@dataclass(frozen=True, slots=True)
class Withholding:
    """Tax on purchases of goods on a day: per cent above a yearly threshold, and per cent without a PAN."""

    rate: Decimal
    threshold: Decimal
    without_pan: Decimal


@dataclass(frozen=True, slots=True)
class Withheld:
    """Rupees on which tax is held back, and the tax."""

    base: Decimal
    tax: Decimal


def withhold(value: Decimal, *, bought_before: Decimal, rule: Withholding | None, has_pan: bool = True) -> Withheld:
    """What is held back of a bill.

    Args:
        value: of the goods in rupees, without GST where the bill shows it apart (CBDT circular 13 of 2021).
        bought_before: the same of the supplier's earlier bills of the financial year.
        rule: None where the buyer does not have to.
    """
    if rule is None or value <= 0:
        return Withheld(ZERO, ZERO)
    base = max(ZERO, min(value, bought_before + value - rule.threshold))
    tax = base * (rule.rate if has_pan else rule.without_pan) / 100
    return Withheld(base, tax.quantize(Decimal(1), ROUND_HALF_UP).quantize(Decimal("0.01")))
