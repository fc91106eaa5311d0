"""Counts and values of the whole stock, read from figures that triggers keep: no list is counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from django.db import connection

from apps.inventory.rules.bands import STRIP, Band


@dataclass(frozen=True)
class Sum:
    """Entries are batches in places; value is at cost."""

    entries: int = 0
    on_hand: int = 0
    reserved: int = 0
    value: Decimal = Decimal(0)

    def __add__(self, other: Sum) -> Sum:
        return Sum(
            self.entries + other.entries,
            self.on_hand + other.on_hand,
            self.reserved + other.reserved,
            self.value + other.value,
        )


@dataclass(frozen=True)
class Figures:
    """What is in stock today, by band of the strip and by whether it is for sale."""

    parts: dict[tuple[bool, str], Sum]
    products: int
    low: int
    cold: int
    h1: int

    def total(self, bands: Iterable[Band] = STRIP, saleable: bool | None = None) -> Sum:
        """The sum over bands of the strip; `saleable` narrows it to what is, or is not, for sale."""
        kinds = (True, False) if saleable is None else (saleable,)
        return reduce(Sum.__add__, (self.parts.get((kind, band.key), Sum()) for kind in kinds for band in bands), Sum())


_FIGURES = """
SELECT kind,
       CASE WHEN expiry < %(d0)s THEN 0 WHEN expiry <= %(d1)s THEN 1 WHEN expiry <= %(d2)s THEN 2
            WHEN expiry <= %(d3)s THEN 3 WHEN expiry IS NOT NULL THEN 4 END AS band,
       sum(entries)::bigint, sum(on_hand)::bigint, sum(reserved)::bigint, sum(value)
FROM inventory_stockfigure WHERE organization_id = app_org() GROUP BY 1, 2
"""


def figures(today: dt.date) -> Figures:
    """The figures of the current organization as of now."""
    days = {"d0": today} | {f"d{number}": band.dates(today)[1] for number, band in enumerate(STRIP[:-1]) if number > 0}
    parts: dict[tuple[bool, str], Sum] = {}
    counts: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, days)
        for kind, band, entries, on_hand, reserved, value in cursor.fetchall():
            if band is None:
                counts[kind] = entries
            else:
                parts[kind == "saleable", STRIP[band].key] = Sum(entries, on_hand, reserved, value)
    return Figures(parts, counts.get("product", 0), counts.get("low", 0), counts.get("cold", 0), counts.get("h1", 0))
