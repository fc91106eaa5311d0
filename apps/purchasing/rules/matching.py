"""Three-way match: what was ordered, what came, what is billed; each difference with its sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from apps.finance.rules.gst import Tax
from apps.purchasing.rules.amounts import ZERO, part_of


class Difference(StrEnum):
    """What makes a bill and the goods differ."""

    SHORT = "short"
    """Billed and not received."""
    REJECTED = "rejected"
    """Received, billed and not kept."""
    HELD = "held"
    """Something about the line is still to be decided."""
    COUNTING = "counting"
    """Not counted yet."""
    EXCESS = "excess"
    """Received and not billed."""
    CHARGES = "charges"
    ROUND_OFF = "round_off"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Matched:
    """One line as the match looks at it.

    Attributes:
        position: its number on the receipt.
        billed, received: paid units; `received` is None while it is not counted.
        tax: value and taxes of what is billed.
        rejected: nothing of it is kept.
        held: it is blocked until somebody decides.
        excess_value: rupees with tax of what came above the bill.
    """

    position: int
    billed: int
    received: int | None
    tax: Tax
    rejected: bool = False
    held: bool = False
    excess_value: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A difference: rupees with tax, more than zero where the bill is more than the goods."""

    kind: Difference
    amount: Decimal
    position: int = 0
    quantity: int = 0


@dataclass(frozen=True)
class Match:
    """A bill against its goods. `difference` is the sum of all rows."""

    bill: Decimal
    good: Decimal
    rows: tuple[MatchRow, ...]

    @property
    def difference(self) -> Decimal:
        return self.bill - self.good

    @property
    def explained(self) -> bool:
        """Whether every difference has its cause."""
        return not any(row.kind is Difference.UNEXPLAINED for row in self.rows)


def match_bill(lines: Sequence[Matched], *, bill: Decimal, charges: Decimal = ZERO, round_off: Decimal = ZERO) -> Match:
    """Match a bill with what came.

    Args:
        bill: the total on the supplier's paper.
        charges: freight and the like with tax: billed, and no goods.
        round_off: what the supplier's rounding added.
    """
    good, rows = ZERO, []
    for line in lines:
        whole = line.tax.total
        if line.rejected:
            rows.append(MatchRow(Difference.REJECTED, whole, line.position, line.billed))
        elif line.received is None:
            rows.append(MatchRow(Difference.COUNTING, whole, line.position, line.billed))
        elif line.held:
            rows.append(MatchRow(Difference.HELD, whole, line.position, line.received))
        else:
            kept, rest = part_of(line.tax, min(line.received, line.billed), line.billed)
            good += kept.total + line.excess_value
            if line.received < line.billed:
                rows.append(MatchRow(Difference.SHORT, rest.total, line.position, line.billed - line.received))
            elif line.received > line.billed:
                rows.append(MatchRow(Difference.EXCESS, -line.excess_value, line.position, line.received - line.billed))
    if charges:
        rows.append(MatchRow(Difference.CHARGES, charges))
    if round_off:
        rows.append(MatchRow(Difference.ROUND_OFF, round_off))
    explained = sum((row.amount for row in rows), ZERO)
    if left := bill - good - explained:
        rows.append(MatchRow(Difference.UNEXPLAINED, left))
    return Match(bill, good, tuple(row for row in rows if row.amount or row.quantity))
