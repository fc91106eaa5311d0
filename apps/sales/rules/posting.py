"""What a bill does to the books, to the returns and to what the customer owes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from apps.finance.rules.drafts import ItemKind, OpenItemDraft, Side, TaxLineDraft
from apps.finance.rules.gst import Determination, Levy, Tax
from apps.finance.rules.posting import PostingLine, credit, debit
from apps.finance.rules.rounding import paise
from apps.sales.rules.amounts import Foot

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Supplied:
    """So much of a batch with its tax. `cost` is per unit; free units cost as well."""

    hsn: str
    uqc: str
    rate: Decimal
    quantity: int
    free: int
    tax: Tax
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Recipient:
    """The customer as the returns know them."""

    party_id: int
    gstin: str
    registration: str


def is_tax_invoice(determination: Determination, rates: Iterable[Decimal]) -> bool:
    """Whether it is a tax invoice, or a bill of supply: of a composition dealer, or of nothing but what bears no tax
    (section 31(3)(c), CGST Act).
    """
    return determination.tax_invoice and (determination.zero_rated or any(rates))


def cost_of(supplied: Iterable[Supplied]) -> Decimal:
    """What the goods cost, free ones included, in whole paise."""
    return paise(sum(((one.quantity + one.free) * one.cost for one in supplied), ZERO))


def posting_lines(foot: Foot, cost: Decimal, levy: Levy) -> list[PostingLine]:
    """Receivable, revenue, taxes and round-off; then the cost of what left."""
    state = "output_utgst" if levy is Levy.TERRITORY else "output_sgst"
    return [
        debit("receivables", foot.total),
        credit("sales", foot.taxable),
        credit("output_cgst", foot.cgst),
        credit(state, foot.state_tax),
        credit("output_igst", foot.igst),
        credit("round_off", foot.round_off),
        debit("cogs", cost),
        credit("stock", cost),
    ]


def tax_lines(
    supplied: Iterable[Supplied],
    *,
    number: str,
    document_kind: str,
    total: Decimal,
    recipient: Recipient,
    determination: Determination,
) -> list[TaxLineDraft]:
    """One line for each HSN, unit and rate: what returns and the HSN summary need. Free goods count for nothing."""
    sums: dict[tuple[str, str, Decimal], list[Decimal]] = {}
    for one in supplied:
        found = sums.setdefault((one.hsn, one.uqc, one.rate), [ZERO] * 6)
        tax = one.tax
        for place, amount in enumerate((tax.taxable, tax.cgst, tax.sgst, tax.utgst, tax.igst)):
            found[place] += amount
        found[5] += one.quantity
    return [
        TaxLineDraft(
            direction="out",
            document_kind=document_kind,
            document_number=number,
            document_total=total,
            hsn=hsn,
            uqc=uqc,
            quantity=amounts[5],
            rate=rate,
            tax=Tax(*amounts[:5]),
            place_of_supply=determination.place,
            party_id=recipient.party_id,
            party_gstin=recipient.gstin,
            registration=recipient.registration,
            reverse_charge=determination.reverse_charge,
            zero_rated=determination.zero_rated,
        )
        for (hsn, uqc, rate), amounts in sums.items()
    ]


def open_items(*, party_id: int, number: str, due_on: dt.date, total: Decimal) -> list[OpenItemDraft]:
    """What the customer owes by the bill; nothing for one that comes to nothing."""
    if not total:
        return []
    return [OpenItemDraft(party_id, Side.RECEIVABLE, ItemKind.BILL, number, due_on, total)]


def registers_of(schedule: str, ndps: bool) -> list[str]:
    """The registers that a drug is written into (Drugs Rules 1945, rule 65(3)(h) and (4); NDPS Rules 1985)."""
    return [name for name, listed in (("H1", schedule == "H1"), ("X", schedule == "X"), ("NDPS", ndps)) if listed]
