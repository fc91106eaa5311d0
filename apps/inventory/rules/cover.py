"""How long stock lasts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

# Beyond a year a forecast from a month's sales says nothing.
LONGEST_DAYS = 365


@dataclass(frozen=True)
class Cover:
    """Whole days that the stock lasts, and the day on which the last of it goes."""

    days: int
    until: dt.date


def cover(free: int, per_day: Decimal, today: dt.date) -> Cover | None:
    """How long `free` units last when so many sell a day; None when nothing sells, or it is for longer than a year.

    Today is day 0: what lasts 0 days is gone by this evening.
    """
    if per_day <= 0:
        return None
    days = int((Decimal(max(free, 0)) / per_day).to_integral_value(ROUND_FLOOR))
    return None if days > LONGEST_DAYS else Cover(days, today + dt.timedelta(days=days))
