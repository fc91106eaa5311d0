"""Goods taken back: what of a sale is credited, by which document, and until when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from apps.finance.rules.gst import Tax
from apps.finance.rules.rounding import paise


class ReturnState(StrEnum):
    """How far a return is."""

    DRAFT = "draft"
    POSTED = "posted"


MOVES: dict[ReturnState, frozenset[ReturnState]] = {
    ReturnState.DRAFT: frozenset({ReturnState.POSTED}),
    ReturnState.POSTED: frozenset(),
}
"""What may follow. A draft can also be thrown away; a posted note is answered by a new bill."""


class Why(StrEnum):
    """Why goods came back."""

    SALEABLE = "saleable"
    BREAKAGE = "breakage"
    EXPIRY = "expiry"


class NoteKind(StrEnum):
    """Which credit note it is."""

    GST = "gst"
    COMMERCIAL = "commercial"


def gst_note_until(supplied_on: dt.date) -> dt.date:
    """The last day on which a credit note may adjust the tax of a supply: 30 November after the financial year in which
    it was made (section 34(2), CGST Act 2017). That year is April to March whatever the books' own is.
    """
    year = supplied_on.year if supplied_on.month >= 4 else supplied_on.year - 1
    return dt.date(year + 1, 11, 30)


def note_kind(supplied_on: dt.date, on: dt.date) -> NoteKind:
    """Which note takes a supply back on that day."""
    return NoteKind.GST if on <= gst_note_until(supplied_on) else NoteKind.COMMERCIAL


@dataclass(frozen=True, slots=True)
class Credit:
    """What a return of some units takes back: of them so many were free, and the amounts in rupees."""

    free: int
    tax: Tax


def _upto(amount: Decimal, part: int, whole: int) -> Decimal:
    return paise(amount * part / whole) if whole else Decimal("0.00")


def credit_for(*, quantity: int, free: int, sold: Tax, before: int, now: int) -> Credit:
    """The credit for `now` units of a batch of which `before` came back already, at the original rate and tax.

    Free goods come back in the proportion in which they were given: of 10+1, eleven units bring the price of ten, and
    five bring that of four. Amounts are differences of running totals, so that the last unit brings what is left
    to the paisa, whatever was rounded before.

    Raises:
        ValueError: more than was sold.
    """
    units = quantity + free
    if now < 1 or before + now > units:
        raise ValueError(f"{before} and {now} of {units} cannot come back.")

    def paid(returned: int) -> int:
        return quantity * returned // units

    first, last = paid(before), paid(before + now)
    amounts = (
        _upto(getattr(sold, name), last, quantity) - _upto(getattr(sold, name), first, quantity)
        for name in ("taxable", "cgst", "sgst", "utgst", "igst", "cess")
    )
    return Credit(now - (last - first), Tax(*amounts))
