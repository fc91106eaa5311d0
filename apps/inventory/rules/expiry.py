"""Expiry months as they are typed, printed and scanned."""

from __future__ import annotations

import datetime as dt
from typing import Final

from apps.core.exchange.rules.dates import parse_month
from apps.core.exchange.rules.faults import CellFault
from apps.organizations.rules.broken import RuleBroken, gettext_noop

# Nothing in this trade keeps for longer, so a later year is a slip of the finger.
LONGEST_YEARS: Final = 20


class InvalidExpiry(RuleBroken):
    """The text is no expiry month, or goods of that month cannot be received."""


def parse_expiry(text: str) -> dt.date:
    """The last day of the month meant: `0428`, `04/28`, `04-2028`, `Apr-28` and GS1's `280400` are 30 April 2028.

    Raises:
        InvalidExpiry: it is no month of this century.
    """
    try:
        month = parse_month(text.strip())
    except CellFault:
        month = None
    if month is None or not 2000 <= month.year <= 2079:
        raise InvalidExpiry(gettext_noop("“%(text)s” is no month. Type it as 0428 or 04/2028."), text=text.strip())
    return month


def month_end(day: dt.date) -> dt.date:
    """The last day of the month that the day lies in."""
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def is_expired(expiry: dt.date, on: dt.date) -> bool:
    """Whether goods may no longer be used on that day: an expiry is the last day on which they may."""
    return expiry < on


def check_receivable(expiry: dt.date, *, on: dt.date) -> None:
    """Goods can be received on the day only when they are not expired, and their expiry can be true.

    Raises:
        InvalidExpiry: stating which of the two it is.
    """
    if is_expired(expiry, on):
        raise InvalidExpiry(
            gettext_noop("Expired since %(month)s. Return it to the supplier; it cannot come into stock for sale."),
            month=f"{expiry:%m/%Y}",
        )
    if expiry.year > on.year + LONGEST_YEARS:
        raise InvalidExpiry(
            gettext_noop("%(month)s is more than %(years)d years ahead. Check the year."),
            month=f"{expiry:%m/%Y}",
            years=LONGEST_YEARS,
        )
