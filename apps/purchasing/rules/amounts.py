"""What a supplier's bill comes to: lines, schemes and discounts, charges, taxes, and the supplier's own rounding.

Rupees with two places, rates with four; percentages as printed (5 is five per cent). Free goods have no value: they
bring down what each unit cost (DOMAIN.md, "Free goods").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.finance.rules.gst import Levy, Tax, Taxed, split, sum_of
from apps.finance.rules.rounding import paise, round_document

ZERO = Decimal("0.00")
_PAISA = Decimal("0.01")
_HUNDRED = Decimal(100)


def spread(amount: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """An amount in shares by weight, each whole paise, together exactly the amount.

    Each share is the exact one rounded down; paise left over go to those that lost most, the first of equals before
    the others. Without any weight all of it goes to the first.

    Raises:
        ValueError: a negative weight, or nobody to take it.
    """
    if not weights:
        if amount:
            raise ValueError("There is nothing to spread the amount over.")
        return []
    if any(weight < 0 for weight in weights):
        raise ValueError("Weights are 0 or more.")
    total = sum((Decimal(weight) for weight in weights), Decimal(0))
    if not total:
        return [amount, *[ZERO] * (len(weights) - 1)]
    sign = -1 if amount < 0 else 1
    whole = int(abs(amount) / _PAISA)
    exact = [whole * Decimal(weight) / total for weight in weights]
    shares = [int(share) for share in exact]
    left = whole - sum(shares)
    most = sorted(range(len(weights)), key=lambda index: (shares[index] - exact[index], index))
    for index in most[:left]:
        shares[index] += 1
    return [sign * share * _PAISA for share in shares]


@dataclass(frozen=True, slots=True)
class Terms:
    """One line as the supplier billed it.

    Attributes:
        quantity: base units paid for.
        rate: rupees a unit, before discounts and tax.
        discount: per cent off the line.
        scheme: rupees off the line, after the discount.
        tax_rate: per cent.
    """

    quantity: int
    rate: Decimal
    discount: Decimal = Decimal(0)
    scheme: Decimal = ZERO
    tax_rate: Decimal = Decimal(0)


def net_of(line: Terms) -> Decimal:
    """Rupees of a line after its own discount and scheme, before those of the bill and before tax."""
    gross = paise(line.quantity * line.rate)
    return gross - paise(gross * line.discount / _HUNDRED) - line.scheme


@dataclass(frozen=True, slots=True)
class Charge:
    """Freight, insurance, packing: what a bill carries besides goods.

    Attributes:
        landed: whether it becomes part of what the goods cost; otherwise it is an expense.
    """

    amount: Decimal
    tax_rate: Decimal = Decimal(0)
    landed: bool = True


@dataclass(frozen=True)
class BillFigures:
    """A bill worked out.

    `exact + round_off == total`. `total` is the supplier's printed one where his rounding explains the difference;
    `unexplained` is what neither lines nor rounding account for, printed less worked out.
    """

    lines: tuple[Tax, ...]
    charges: tuple[Tax, ...]
    foot: Tax
    discount: Decimal
    exact: Decimal
    round_off: Decimal
    total: Decimal
    unexplained: Decimal


def figure_bill(
    lines: Sequence[Terms],
    *,
    levy: Levy,
    charges: Sequence[Charge] = (),
    discount: Decimal = Decimal(0),
    discount_amount: Decimal = ZERO,
    printed: Decimal | None = None,
    rounding_limit: Decimal = Decimal(1),
) -> BillFigures:
    """The taxable value and taxes of every line and charge, and the foot of the bill.

    Args:
        discount: per cent off all lines, after their own discounts.
        discount_amount: rupees off the bill, after that.
        printed: the total on the supplier's paper; None rounds to the rupee as section 170 CGST does.
        rounding_limit: rupees up to which a difference is taken for the supplier's rounding.
    """
    nets = [net_of(line) for line in lines]
    whole = sum(nets, ZERO)
    off = paise(whole * discount / _HUNDRED) + discount_amount
    shares = spread(off, [max(net, ZERO) for net in nets]) if lines else []
    taxed = [
        *(Taxed(net - share, line.tax_rate) for line, net, share in zip(lines, nets, shares, strict=True)),
        *(Taxed(charge.amount, charge.tax_rate) for charge in charges),
    ]
    taxes = split(taxed, levy)
    foot = sum_of(taxes)
    if printed is None:
        rounded = round_document(foot.total)
        round_off, total, unexplained = rounded.round_off, rounded.total, ZERO
    elif abs(printed - foot.total) <= rounding_limit:
        round_off, total, unexplained = printed - foot.total, printed, ZERO
    else:
        round_off, total, unexplained = ZERO, foot.total, printed - foot.total
    count = len(lines)
    return BillFigures(tuple(taxes[:count]), tuple(taxes[count:]), foot, off, foot.total, round_off, total, unexplained)


def part_of(tax: Tax, quantity: int, whole: int) -> tuple[Tax, Tax]:
    """A line's value and taxes in two: of `quantity` out of `whole` units, and of the rest. Together they are the line.

    Raises:
        ValueError: more than the whole, or less than nothing.
    """
    if not 0 <= quantity <= whole:
        raise ValueError(f"{quantity} of {whole} is no part of a line.")
    if quantity == whole:
        return tax, Tax(ZERO)
    weights = (quantity, whole - quantity)
    both = [spread(amount, weights) for amount in (tax.taxable, tax.cgst, tax.sgst, tax.utgst, tax.igst, tax.cess)]
    return Tax(*(one[0] for one in both)), Tax(*(one[1] for one in both))
