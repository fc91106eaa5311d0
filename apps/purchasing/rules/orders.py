"""How a purchase order goes on: its states, the moves between them, and what a receipt may bring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from apps.core.amounts import round_half_up

HUNDRED = Decimal(100)


class OrderState(StrEnum):
    """How far an order is."""

    DRAFT = "draft"
    WAITING = "waiting"
    APPROVED = "approved"
    SENT = "sent"
    PART_RECEIVED = "part_received"
    RECEIVED = "received"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a line asks for. Quantities in base units, the rate in rupees for one, the discount in percent."""

    product_id: int
    quantity: int
    free: int = 0
    rate: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)


# Received goods may be taken back out (a receipt is cancelled), so the way goes backwards too. The database refuses
# whatever is not in this table.
MOVES: dict[OrderState, frozenset[OrderState]] = {
    OrderState.DRAFT: frozenset({OrderState.WAITING, OrderState.APPROVED, OrderState.CANCELLED}),
    OrderState.WAITING: frozenset({OrderState.DRAFT, OrderState.APPROVED, OrderState.CANCELLED}),
    OrderState.APPROVED: frozenset(
        {
            OrderState.DRAFT,
            OrderState.SENT,
            OrderState.PART_RECEIVED,
            OrderState.RECEIVED,
            OrderState.CANCELLED,
        }
    ),
    OrderState.SENT: frozenset({OrderState.PART_RECEIVED, OrderState.RECEIVED, OrderState.CANCELLED}),
    OrderState.PART_RECEIVED: frozenset({OrderState.APPROVED, OrderState.SENT, OrderState.RECEIVED, OrderState.CLOSED}),
    OrderState.RECEIVED: frozenset({OrderState.APPROVED, OrderState.SENT, OrderState.PART_RECEIVED}),
    OrderState.CLOSED: frozenset(),
    OrderState.CANCELLED: frozenset(),
}

OPEN = frozenset({OrderState.APPROVED, OrderState.SENT, OrderState.PART_RECEIVED})
"""Goods are still expected."""

TAKES = OPEN | {OrderState.RECEIVED}
"""A receipt may name it: what is received whole still has the tolerance."""


def most_received(quantity: int, tolerance: Decimal) -> int:
    """The most that may come of a line over all receipts, in base units; the tolerance is percent of the quantity."""
    return quantity + int((Decimal(quantity) * tolerance / HUNDRED).to_integral_value(ROUND_FLOOR))


def state_after(lines: Iterable[tuple[int, int]], *, sent: bool) -> OrderState:
    """Where an order that takes receipts stands, by what was ordered and received of each line."""
    pairs = list(lines)
    if all(received >= ordered for ordered, received in pairs):
        return OrderState.RECEIVED
    if any(received for _, received in pairs):
        return OrderState.PART_RECEIVED
    return OrderState.SENT if sent else OrderState.APPROVED


def line_amount(quantity: int, rate: Decimal, discount: Decimal) -> Decimal:
    """Rupees before tax: quantity in base units at a rate per unit, less the discount in percent."""
    return round_half_up(quantity * rate * (HUNDRED - discount) / HUNDRED)
