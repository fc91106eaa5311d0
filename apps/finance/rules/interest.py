"""Simple interest on what is paid late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.finance.rules.rounding import paise

DAYS_A_YEAR = 365
"""Bills of the trade charge by days over 365, leap year or not."""


@dataclass(frozen=True)
class Stretch:
    """Days on which the same amount was late."""

    first: dt.date
    last: dt.date
    amount: Decimal
    days: int


def stretches(
    amount: Decimal, due_on: dt.date, settled: Sequence[tuple[dt.date, Decimal]], until: dt.date, grace_days: int = 0
) -> list[Stretch]:
    """The days after the due date on which something was still open, cut at each settlement.

    The day of a settlement is not charged for what it settles. Grace moves the start: interest begins after it, and is
    not charged for the days of grace.

    Args:
        settled: (day, amount) in any order.
        until: the last day charged.
    """
    start = due_on + dt.timedelta(days=grace_days + 1)
    open_amount = amount
    found: list[Stretch] = []
    for day, part in [*sorted(settled), (until + dt.timedelta(days=1), Decimal(0))]:
        end = min(day, until + dt.timedelta(days=1))
        if open_amount > 0 and end > start:
            found.append(Stretch(start, end - dt.timedelta(days=1), open_amount, (end - start).days))
            start = end
        open_amount -= part
    return found


def interest(
    amount: Decimal,
    *,
    rate: Decimal,
    due_on: dt.date,
    until: dt.date,
    settled: Sequence[tuple[dt.date, Decimal]] = (),
    grace_days: int = 0,
) -> Decimal:
    """Simple interest in rupees at `rate` per cent a year, rounded once at the end.

    Raises:
        ValueError: the rate or the grace is negative.
    """
    if rate < 0 or grace_days < 0:
        raise ValueError("Neither rate nor days of grace can be negative.")
    sums = sum(
        (part.amount * part.days for part in stretches(amount, due_on, settled, until, grace_days)), start=Decimal(0)
    )
    return paise(sums * rate / (100 * DAYS_A_YEAR))
