"""Sales by day, from the counters that postings keep."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.core.tenancy.context import current_organization_id


@dataclass(frozen=True, slots=True)
class Day:
    """Sales of a day: bills less returns, in rupees with tax."""

    on: dt.date
    bills: int = 0
    amount: Decimal = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Sum:
    """Sales of several days."""

    bills: int
    amount: Decimal


_DAYS = """
SELECT on_date, sum(bills), sum(billed) - sum(returned) FROM sales_dailysales
WHERE organization_id = %s AND (on_date BETWEEN %s AND %s OR on_date BETWEEN %s AND %s) GROUP BY 1
"""


@dataclass(frozen=True)
class Sales:
    """What was sold around a day, and a year before. Any day that is not there had no sales."""

    today: dt.date
    days: dict[dt.date, Day]

    def on(self, day: dt.date) -> Day:
        return self.days.get(day) or Day(day)

    def between(self, first: dt.date, last: dt.date) -> Sum:
        """Both days included."""
        found = [day for day in self.days.values() if first <= day.on <= last]
        return Sum(sum(day.bills for day in found), sum((day.amount for day in found), Decimal("0.00")))

    @property
    def empty(self) -> bool:
        return not self.days


def year_before(day: dt.date) -> dt.date:
    """The same weekday a year ago: by date alone a Sunday would stand beside a Monday."""
    return day - dt.timedelta(days=364)


def sales_around(today: dt.date, *, back: int = 62) -> Sales:
    """The days up to today, and the same ones a year before: two short ranges of one index."""
    first = today - dt.timedelta(days=back)
    values: list[Any] = [current_organization_id(), first, today, year_before(first), year_before(today)]
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, values)
        return Sales(today, {day: Day(day, bills, amount) for day, bills, amount in cursor.fetchall()})
