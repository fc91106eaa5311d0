"""Financial years and their months. Names and digits of a year belong to number series, whose functions are reused.

`start_month` is the organization's: 4 under Indian tax law (section 2(41), CGST Act 2017: 1 April to 31 March).
"""

from __future__ import annotations

import calendar
import datetime as dt

from apps.organizations.rules.numbering import financial_year, year_bounds, year_digits, year_label

__all__ = [
    "financial_year",
    "month_end",
    "month_start",
    "months_of_year",
    "return_period",
    "same_day_last_year",
    "year_bounds",
    "year_digits",
    "year_label",
    "year_of_label",
]


def month_start(day: dt.date) -> dt.date:
    """The first day of its month."""
    return day.replace(day=1)


def month_end(day: dt.date) -> dt.date:
    """The last day of its month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def months_of_year(year: int, start_month: int = 4) -> list[dt.date]:
    """The first days of the twelve months of the financial year that begins in `year`, in order."""
    return [
        dt.date(year + (start_month - 1 + number) // 12, (start_month - 1 + number) % 12 + 1, 1) for number in range(12)
    ]


def return_period(day: dt.date) -> str:
    """The month as tax returns name it: 112026."""
    return f"{day.month:02d}{day.year}"


def same_day_last_year(day: dt.date) -> dt.date:
    """The day a year before, for comparison; 29 February becomes the 28th."""
    return day.replace(year=day.year - 1, day=min(day.day, calendar.monthrange(day.year - 1, day.month)[1]))


def year_of_label(label: str) -> int:
    """The year in which the financial year called `2026-27` begins.

    Raises:
        ValueError: the label names no year, or two that do not follow each other.
    """
    first, dash, second = label.partition("-")
    if not (first.isdecimal() and len(first) == 4):
        raise ValueError(f"Not a financial year: {label}")
    year = int(first)
    if dash and second != f"{(year + 1) % 100:02d}":
        raise ValueError(f"Not a financial year: {label}")
    return year
