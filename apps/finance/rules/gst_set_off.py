"""Which input tax credit pays which output tax, and what is left to be paid in cash.

Sections 49(5), 49A and 49B, CGST Act 2017, and rule 88A of its Rules: credit of integrated tax is used up first, on
integrated tax and then on central and State tax in any proportion; then central tax pays central, State tax pays State
or Union territory tax, and what is left of either pays integrated tax. Central tax never pays State tax, nor the other
way round. Tax under reverse charge is always paid in cash (section 2(82)).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal("0.00")
HEADS = ("igst", "cgst", "sgst", "utgst", "cess")
_HALVES = ("cgst", "sgst", "utgst")


@dataclass(frozen=True)
class Use:
    """So many rupees of the credit of one tax against the liability of one."""

    credit: str
    liability: str
    amount: Decimal


@dataclass(frozen=True)
class SetOff:
    """The plan: uses in their order, what remains to be paid by tax, and the credit that is carried on."""

    uses: tuple[Use, ...]
    to_pay: Mapping[str, Decimal]
    carried: Mapping[str, Decimal]


def _order(owed: Mapping[str, Decimal], held: Mapping[str, Decimal]) -> Iterator[tuple[str, str, Decimal]]:
    """Credit, liability, and the most of it, in the order of the law. Reads both as they are when it is asked."""
    yield "igst", "igst", owed["igst"]
    # Any proportion is lawful: first where the own credit does not reach, so that least is paid in cash.
    for head in _HALVES:
        yield "igst", head, max(owed[head] - held[head], ZERO)
    for head in _HALVES:
        yield "igst", head, owed[head]
    for head in _HALVES:
        yield head, head, owed[head]
    for head in _HALVES:
        yield head, "igst", owed["igst"]
    yield "cess", "cess", owed["cess"]


def plan(liability: Mapping[str, Decimal], credit: Mapping[str, Decimal]) -> SetOff:
    """Set credit off against liability; amounts in rupees by tax, what is missing or below zero counts as nothing."""
    owed = {head: max(liability.get(head, ZERO), ZERO) for head in HEADS}
    held = {head: max(credit.get(head, ZERO), ZERO) for head in HEADS}
    uses: dict[tuple[str, str], Decimal] = {}
    for source, target, most in _order(owed, held):
        amount = min(held[source], owed[target], most)
        if amount:
            held[source] -= amount
            owed[target] -= amount
            uses[source, target] = uses.get((source, target), ZERO) + amount
    return SetOff(tuple(Use(*pair, amount) for pair, amount in uses.items()), owed, held)
