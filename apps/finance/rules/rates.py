"""Rates of tax by HSN prefix and date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class DatedRate:
    """From `first` to `last` (None: until further notice) goods whose HSN begins so are taxed at `rate` per cent."""

    prefix: str
    first: dt.date
    last: dt.date | None
    rate: Decimal

    def holds(self, hsn: str, on: dt.date) -> bool:
        """Whether it is about these goods on that day."""
        return hsn.startswith(self.prefix) and self.first <= on and (self.last is None or on <= self.last)


def rate_for(hsn: str, on: dt.date, rates: Iterable[DatedRate]) -> Decimal | None:
    """The rate of the longest prefix that holds on the day, or None when none does.

    The tariff is a tree: a heading's rate holds for everything under it for which nothing narrower is notified.
    """
    matching = [rate for rate in rates if rate.holds(hsn, on)]
    return max(matching, key=lambda rate: (len(rate.prefix), rate.first)).rate if matching else None
