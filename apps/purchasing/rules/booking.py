"""A delivery and its bill worked out together: what the goods are taken in for, and what the bill does to the books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from apps.finance.rules.gst import Levy, Tax, sum_of
from apps.finance.rules.posting import PostingLine, credit, debit
from apps.purchasing.rules.amounts import ZERO, BillFigures, Charge, Terms, figure_bill, net_of, part_of, spread
from apps.purchasing.rules.landed import Basis, Goods, land


@dataclass(frozen=True, slots=True)
class Billed:
    """A line of the receipt with what the supplier bills for it.

    Attributes:
        terms: what is billed; its quantity may differ from what came.
        kept: paid units that came and are kept; 0 for a rejected line.
        free: free units kept.
    """

    terms: Terms
    kept: int
    free: int = 0


@dataclass(frozen=True, slots=True)
class Worked:
    """A line worked out, in rupees.

    Attributes:
        tax: value and taxes of all that is billed.
        kept: the same of what was received and kept; `rest` is claimed back.
        extra: value of paid goods that came above the bill.
        charges: its share of freight and the like.
        value: what the goods of the line are worth in stock by this bill.
        cost: the same for one unit, free ones included.
    """

    tax: Tax
    kept: Tax
    rest: Tax
    extra: Decimal
    charges: Decimal
    value: Decimal
    cost: Decimal


@dataclass(frozen=True)
class Booking:
    """All of it. `expense` is what of the charges no goods take."""

    figures: BillFigures
    lines: tuple[Worked, ...]
    expense: Decimal
    credit: Tax
    """Input tax that may be set off."""
    claim: Decimal

    @property
    def value(self) -> Decimal:
        return sum((line.value for line in self.lines), ZERO)


def work_out(
    lines: Sequence[Billed],
    *,
    levy: Levy,
    creditable: bool = True,
    charges: Sequence[Charge] = (),
    discount: Decimal = Decimal(0),
    discount_amount: Decimal = ZERO,
    printed: Decimal | None = None,
    rounding_limit: Decimal = Decimal(1),
    basis: Basis = Basis.VALUE,
) -> Booking:
    """Work a delivery and its bill out.

    Args:
        creditable: whether the branch sets input tax off (section 16, CGST Act); otherwise tax is cost.
    """
    figures = figure_bill(
        [line.terms for line in lines],
        levy=levy,
        charges=charges,
        discount=discount,
        discount_amount=discount_amount,
        printed=printed,
        rounding_limit=rounding_limit,
    )
    parts = [
        part_of(tax, min(line.kept, line.terms.quantity), line.terms.quantity)
        for line, tax in zip(lines, figures.lines, strict=True)
    ]
    extras = [_extra(line) for line in lines]
    values = [
        (kept.taxable if creditable else kept.total) + extra for (kept, _rest), extra in zip(parts, extras, strict=True)
    ]
    goods = [Goods(value, line.kept + line.free) for line, value in zip(lines, values, strict=True)]
    costs = [
        (charge.landed, tax.taxable if creditable else tax.total)
        for charge, tax in zip(charges, figures.charges, strict=True)
    ]
    landed = sum((amount for is_landed, amount in costs if is_landed), ZERO)
    expense = sum((amount for is_landed, amount in costs if not is_landed), ZERO)
    if not any(one.units for one in goods):
        landed, expense = ZERO, expense + landed
    worked = tuple(
        Worked(tax, kept, rest, extra, share.charges, share.total, share.cost)
        for tax, (kept, rest), extra, share in zip(
            figures.lines, parts, extras, land(goods, landed, basis), strict=True
        )
    )
    credited = sum_of([*(line.kept for line in worked), *figures.charges]) if creditable else Tax(ZERO)
    return Booking(figures, worked, expense, credited, claim=sum((line.rest.total for line in worked), ZERO))


def _extra(line: Billed) -> Decimal:
    if line.kept <= line.terms.quantity:
        return ZERO
    return max(net_of(replace(line.terms, quantity=line.kept)) - net_of(line.terms), ZERO)


def cleared_of(open_value: Decimal, *, billed: int, open_units: int) -> Decimal:
    """What a bill takes off goods that were received without one: of their value as much as of their paid units.

    Args:
        open_value: rupees they were taken in for and no bill has cleared.
        open_units: paid units that no bill has named.
    """
    if billed >= open_units:
        return open_value
    return spread(open_value, (billed, open_units - billed))[0]


def bill_entry(
    booking: Booking,
    *,
    cleared: Decimal,
    to_stock: Decimal = ZERO,
    to_sold: Decimal = ZERO,
    withheld: Decimal = ZERO,
    supplier_id: int,
) -> list[PostingLine]:
    """The journal lines of a bill; they balance whatever the figures are, for what is left is a purchase difference.

    Args:
        cleared: off goods received and not billed.
        to_stock: by which this bill makes goods dearer that are still there.
        to_sold: the same of goods sold since.
    """
    figures, tax = booking.figures, booking.credit
    lines = [
        debit("goods_received_not_billed", cleared),
        debit("stock", to_stock),
        debit("cogs", to_sold),
        debit("input_cgst", tax.cgst),
        debit("input_sgst", tax.sgst),
        debit("input_utgst", tax.utgst),
        debit("input_igst", tax.igst),
        debit("freight_inward", booking.expense),
        debit("supplier_claims", booking.claim, party_id=supplier_id),
        debit("round_off", figures.round_off),
        credit("tds_payable", withheld),
        credit("payables", figures.total - withheld, party_id=supplier_id),
    ]
    off = sum((line.debit - line.credit for line in lines), ZERO)
    return [*lines, credit("purchase_difference", off)]
