"""Bands of time to expiry: the strip above the stock list, the alerts and the colours agree on them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Band:
    """Days left until expiry, both ends included; None is open. An expiry is the last day on which goods may be used,
    so goods are expired from the day after it."""

    key: str
    first: int | None
    last: int | None

    def dates(self, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
        """First and last expiry date that lies in the band today."""
        return _day(today, self.first), _day(today, self.last)


def _day(today: dt.date, days: int | None) -> dt.date | None:
    return None if days is None else today + dt.timedelta(days=days)


EXPIRED: Final = Band("expired", None, -1)
STRIP: Final = (EXPIRED, Band("30", 0, 30), Band("90", 31, 90), Band("180", 91, 180), Band("later", 181, None))
"""What the strip shows: together they are everything, and no two of them share a day."""

SOON: Final = Band("soon", 0, 90)
"""What is to be sold first."""

NEAR_EXPIRY_DAYS: Final = (30, 60, 90, 180)
"""How many days ahead somebody may ask to be told."""

BANDS: Final = {band.key: band for band in (*STRIP, SOON, *(Band(f"in{days}", 0, days) for days in NEAR_EXPIRY_DAYS))}
"""Every band that a list can be narrowed to, by key."""


def band_of(expiry: dt.date, today: dt.date) -> Band:
    """The band of the strip that a batch with this expiry is in today."""
    days = (expiry - today).days
    return next(band for band in STRIP if band.last is None or days <= band.last)
