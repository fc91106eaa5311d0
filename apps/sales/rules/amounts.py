"""What a bill comes to: rupees of its parts, its taxes and its foot.

A part is so much of one batch at one rate. Taxes are carried over the parts of one rate (`finance.rules.gst.split`),
and the bill is rounded to whole rupees (section 170, CGST Act 2017).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.finance.rules.gst import Levy, Tax, Taxed, split
from apps.finance.rules.rounding import paise, round_document

ZERO = Decimal("0.00")
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Part:
    """So much of a batch. `rate` is per unit without tax; discounts and tax are per cent."""

    quantity: int
    rate: Decimal
    discount: Decimal
    tax_rate: Decimal


@dataclass(frozen=True, slots=True)
class Foot:
    """The figures at the foot of a bill, in rupees: gross − discount = taxable, + taxes + round-off = total."""

    gross: Decimal = ZERO
    discount: Decimal = ZERO
    taxable: Decimal = ZERO
    cgst: Decimal = ZERO
    state_tax: Decimal = ZERO
    igst: Decimal = ZERO
    round_off: Decimal = ZERO
    total: Decimal = ZERO

    @property
    def tax(self) -> Decimal:
        """All taxes together."""
        return self.cgst + self.state_tax + self.igst


def gross_of(quantity: int, rate: Decimal) -> Decimal:
    """What so many units come to before any discount."""
    return paise(quantity * rate)


def taxable_of(part: Part, bill_discount: Decimal = ZERO) -> Decimal:
    """The value that is taxed: after the discount of the line, then that of the bill (section 15(3)(a), CGST Act)."""
    left = (1 - part.discount / _HUNDRED) * (1 - bill_discount / _HUNDRED)
    return paise(part.quantity * part.rate * left)


def taxed(parts: Sequence[Part], levy: Levy, bill_discount: Decimal = ZERO) -> list[Tax]:
    """Taxable value and taxes of each part."""
    return split([Taxed(taxable_of(part, bill_discount), part.tax_rate) for part in parts], levy)


def foot_of(grosses: Iterable[Decimal], taxes: Iterable[Tax]) -> Foot:
    """The foot, from what each part comes to."""
    gross = sum(grosses, ZERO)
    taxable = cgst = state_tax = igst = ZERO
    for tax in taxes:
        taxable += tax.taxable
        cgst += tax.cgst
        state_tax += tax.sgst + tax.utgst
        igst += tax.igst
    rounded = round_document(taxable + cgst + state_tax + igst)
    return Foot(gross, gross - taxable, taxable, cgst, state_tax, igst, rounded.round_off, rounded.total)


def foot(parts: Sequence[Part], levy: Levy, bill_discount: Decimal = ZERO) -> Foot:
    """The foot of a bill of these parts."""
    return foot_of((gross_of(part.quantity, part.rate) for part in parts), taxed(parts, levy, bill_discount))


def share_out(quantity: int, free: int, taken: Sequence[int]) -> list[tuple[int, int]]:
    """How many of each batch are paid and how many free: the paid ones first, the free ones from what comes last.

    Raises:
        ValueError: the batches do not add up to what is paid and free together.
    """
    if sum(taken) != quantity + free:
        raise ValueError(f"{sum(taken)} taken for {quantity} paid and {free} free")
    found: list[tuple[int, int]] = []
    left = quantity
    for count in taken:
        paid = min(left, count)
        left -= paid
        found.append((paid, count - paid))
    return found
