"""What goods cost once they are in the godown: the bill's value, and the charges that came with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from apps.purchasing.rules.amounts import ZERO, spread

_COST = Decimal("0.0001")


class Basis(StrEnum):
    """By what charges are spread over the goods."""

    VALUE = "value"
    QUANTITY = "quantity"


@dataclass(frozen=True, slots=True)
class Goods:
    """Goods of one line that came and are kept: what they cost by the bill, and how many came, free ones included."""

    value: Decimal
    units: int


@dataclass(frozen=True, slots=True)
class Landed:
    """The same with its share of the charges. `cost` is per unit, to four places."""

    value: Decimal
    charges: Decimal
    cost: Decimal

    @property
    def total(self) -> Decimal:
        return self.value + self.charges


def unit_cost(total: Decimal, units: int) -> Decimal:
    """Rupees a unit to four places, free goods included: 10 paid and 1 free at 11.00 each cost 10.0000."""
    return (total / units).quantize(_COST, ROUND_HALF_UP) if units else Decimal("0.0000")


def land(goods: Sequence[Goods], charges: Decimal, basis: Basis = Basis.VALUE) -> list[Landed]:
    """Spread charges over goods, right to the paisa. Goods of no units take none.

    Where nothing has a value (all free), units decide. Where no goods came, nothing can take them: the caller books the
    charges as an expense.

    Raises:
        ValueError: there are charges and no goods.
    """
    weights = [(one.value if basis is Basis.VALUE else Decimal(one.units)) if one.units else ZERO for one in goods]
    if not any(weights):
        weights = [Decimal(one.units) for one in goods]
    if charges and not any(weights):
        raise ValueError("No goods came to take the charges.")
    shares = spread(charges, weights) if any(weights) else [ZERO] * len(goods)
    return [
        Landed(one.value, share, unit_cost(one.value + share, one.units))
        for one, share in zip(goods, shares, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Settled:
    """Where a later difference in what goods cost goes: to those still there, and to the cost of those sold."""

    stock: Decimal
    sold: Decimal


def settle_difference(difference: Decimal, *, units: int, still_there: int) -> Settled:
    """Part a difference by how many of the goods still lie in stock: rupees, together exactly the difference.

    Args:
        units: how many came.
        still_there: how many of the batch are on hand; more than came counts as all.
    """
    there = max(0, min(still_there, units))
    if not units or not there:
        return Settled(ZERO, difference)
    stock, sold = spread(difference, (there, units - there))
    return Settled(stock, sold)
