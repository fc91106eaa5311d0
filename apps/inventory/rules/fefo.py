"""Which goods leave first: first expired, first out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Demand:
    """So much of a product, with at least so many days left until it expires. `line` tells a document's lines apart."""

    product_id: int
    quantity: int
    min_shelf_life_days: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Lot:
    """What lies of one batch in one place. `free` is on hand and not held for anybody."""

    product_id: int
    batch_id: int
    place_id: int
    number: str
    expiry: dt.date
    received_on: dt.date
    free: int
    mrp: Decimal
    ptr: Decimal
    cost: Decimal
    saleable: bool = True

    @property
    def order(self) -> tuple[dt.date, dt.date, int, int]:
        """Expiry, then the day it was received, then place (DOMAIN.md, stock rule 4); the batch makes it one order."""
        return self.expiry, self.received_on, self.place_id, self.batch_id


@dataclass(frozen=True, slots=True)
class Pick:
    """So much taken from a lot for a line; MRP, rate and expiry are the lot's own."""

    line: int
    lot: Lot
    quantity: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """A line that cannot be filled, and how much is free for it."""

    line: int
    product_id: int
    wanted: int
    free: int


@dataclass(frozen=True)
class Plan:
    """What to take. A line is filled exactly or it is among the shortages, never in part."""

    picks: tuple[Pick, ...]
    shortages: tuple[Shortage, ...]


def plan_fefo(demands: Sequence[Demand], stock: Iterable[Lot], *, on: dt.date) -> Plan:
    """Fill each demand from the lots that expire first (DOMAIN.md, stock rules 3 and 4).

    Nothing that is not saleable (held, recalled, in quarantine), expired on the day, or short of the days asked for is
    taken. Demands are filled in the order given and share the lots; a line that cannot be filled whole takes nothing.

    Raises:
        ValueError: a demand for less than one unit.
    """
    by_product: dict[int, list[Lot]] = {demand.product_id: [] for demand in demands}
    for lot in stock:
        if lot.free > 0 and lot.saleable and lot.product_id in by_product:
            by_product[lot.product_id].append(lot)
    for lots in by_product.values():
        lots.sort(key=lambda lot: lot.order)

    left: dict[tuple[int, int], int] = {}
    picks: list[Pick] = []
    shortages: list[Shortage] = []
    for demand in demands:
        if demand.quantity < 1:
            raise ValueError(f"A demand for {demand.quantity} of product {demand.product_id}")
        first_day = on + dt.timedelta(days=max(demand.min_shelf_life_days, 0))
        taken: list[Pick] = []
        wanted = demand.quantity
        for lot in by_product[demand.product_id]:
            if lot.expiry < first_day:
                continue
            free = left.get((lot.batch_id, lot.place_id), lot.free)
            if free:
                quantity = min(free, wanted)
                taken.append(Pick(demand.line, lot, quantity))
                wanted -= quantity
                if not wanted:
                    break
        if wanted:
            shortages.append(Shortage(demand.line, demand.product_id, demand.quantity, demand.quantity - wanted))
            continue
        for pick in taken:
            key = pick.lot.batch_id, pick.lot.place_id
            left[key] = left.get(key, pick.lot.free) - pick.quantity
        picks += taken
    return Plan(tuple(picks), tuple(shortages))
