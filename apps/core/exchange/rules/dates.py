"""Dates and expiry months as people and Excel write them."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from apps.core.exchange.rules.faults import CellFault

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_NUMERIC = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})[-/. ]*([A-Za-z]{3,9})[-/., ]*(\d{4}|\d{2})", re.ASCII)
_NAME_FIRST = re.compile(r"([A-Za-z]{3,9})[-/. ]*(\d{1,2})[-/., ]+(\d{4})", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.0+)?", re.ASCII)
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/. ]+(\d{4}|\d{2})", re.ASCII)
_YEAR_MONTH = re.compile(r"(\d{4})[-/. ]+(\d{1,2})", re.ASCII)
_NAME_YEAR = re.compile(r"([A-Za-z]{3,9})[-/., ']*(\d{4}|\d{2})", re.ASCII)
_MONTHS = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_name[number].lower(), calendar.month_abbr[number].lower())
} | {"sept": 9}

# Excel counts days from here; serials below 60 differ by one, but 1900 is not a year of this trade.
_EXCEL_EPOCH = dt.date(1899, 12, 30)
# 1 Oct 1954 to 10 Jan 2119: five digits outside are rather a PIN code's or a quantity's.
_SERIALS = range(20_000, 80_001)


def full_year(text: str) -> int:
    """The year meant by two digits: 00 to 79 lie in this century, 80 to 99 in the last."""
    year = int(text)
    if len(text) == 4:
        return year
    return 2000 + year if year < 80 else 1900 + year


def parse_date(raw: str, *, month_first: bool = False) -> dt.date:
    """The date in a cell: 31/12/26, 31-12-2026, 2026-12-31, 31-Dec-2026, or Excel's day number.

    Raises:
        CellFault: `date`; when only day and month are swapped, with the swapped date as its fix.
    """
    if match := _ISO.fullmatch(raw):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC.fullmatch(raw):
        first, second, year = int(match[1]), int(match[2]), full_year(match[3])
        day, month = (second, first) if month_first else (first, second)
        if month > 12 >= day:
            swapped = _date(year, day, month)
            raise CellFault("date_order", f"{swapped:%Y-%m-%d}", month_first=month_first)
        return _date(year, month, day)
    if match := _NAMED.fullmatch(raw):
        return _date(full_year(match[3]), _named(match[2]), int(match[1]))
    if match := _NAME_FIRST.fullmatch(raw):
        return _date(int(match[3]), _named(match[1]), int(match[2]))
    if (match := _SERIAL.fullmatch(raw)) and int(match[1]) in _SERIALS:
        return _EXCEL_EPOCH + dt.timedelta(days=int(match[1]))
    raise CellFault("formula" if raw.startswith("=") else "date")


def parse_month(raw: str) -> dt.date:
    """The last day of the month in a cell: 0828, 8/28, 08-2028, 2028-08, Aug-28, GS1's 280800, or any whole date.

    Raises:
        CellFault: `month`.
    """
    try:
        return _month(raw)
    except CellFault as fault:
        raise CellFault("formula" if fault.code == "formula" else "month") from None


def _month(raw: str) -> dt.date:
    if raw.isascii() and raw.isdigit():
        if len(raw) in (3, 4):
            return month_end(full_year(raw[-2:]), int(raw[:-2]))
        if len(raw) == 6 and raw[2:4] == "20":
            return month_end(int(raw[2:]), int(raw[:2]))
        if len(raw) == 6:
            # GS1 writes YYMMDD, with day 00 for the whole month (GS1 General Specifications, AI 17).
            month = month_end(full_year(raw[:2]), int(raw[2:4]))
            if int(raw[4:]) > month.day:
                raise CellFault("month")
            return month
    if match := _MONTH_YEAR.fullmatch(raw):
        return month_end(full_year(match[2]), int(match[1]))
    if match := _YEAR_MONTH.fullmatch(raw):
        return month_end(int(match[1]), int(match[2]))
    if match := _NAME_YEAR.fullmatch(raw):
        return month_end(full_year(match[2]), _named(match[1]))
    day = parse_date(raw)
    return month_end(day.year, day.month)


def month_end(year: int, month: int) -> dt.date:
    """The last day of a month. Raises `CellFault` month where there is none."""
    if not 1 <= month <= 12 or not 1900 <= year <= 2200:
        raise CellFault("month")
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _named(name: str) -> int:
    try:
        return _MONTHS[name.lower()]
    except KeyError:
        raise CellFault("date") from None


def _date(year: int, month: int, day: int) -> dt.date:
    if not 1900 <= year <= 2200:
        raise CellFault("date")
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise CellFault("date") from None
