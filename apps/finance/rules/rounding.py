"""Rounding a document to whole rupees."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from apps.core.amounts import Amount, exact, round_half_up

__all__ = ["Rounded", "paise", "round_document"]


@dataclass(frozen=True)
class Rounded:
    """`exact + round_off == total`: the three figures at the foot of a document, in rupees."""

    exact: Decimal
    round_off: Decimal
    total: Decimal


def paise(value: Amount) -> Decimal:
    """Rupees to two places, half a paisa away from zero."""
    return round_half_up(value, 2)


def round_document(value: Amount) -> Rounded:
    """A document's total to the nearest rupee, fifty paise up (section 170, CGST Act 2017).

    A negative total, of a credit note, rounds as its positive twin does, so that a note cancels its bill exactly.
    """
    before = exact(value)
    total = round_half_up(before, 0).quantize(Decimal("0.01"))
    return Rounded(before, total - before, total)
