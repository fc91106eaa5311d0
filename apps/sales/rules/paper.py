"""What a bill or credit note says on paper: CGST Rules 2017, rules 46 (tax invoice), 49 (bill of supply), 53(1A)
(credit note), and what the drug trade adds to each line. Values in, values out; the pages only set it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from apps.finance.rules.gst import ZERO, Levy, Tax, sum_of
from apps.finance.rules.rounding import paise
from apps.inventory.rules.packs import read_label
from apps.organizations.rules.broken import gettext_noop


class PaperKind(StrEnum):
    """Documents that are printed by one and the same sheet."""

    INVOICE = "invoice"
    BILL_OF_SUPPLY = "bill_of_supply"
    CREDIT_NOTE = "credit_note"
    COMMERCIAL_NOTE = "commercial_note"
    """A credit note outside the returns, which adjusts no tax (section 34(2), CGST)."""

    @property
    def heading(self) -> str:
        """What stands on top, marked for translation."""
        return _TITLES[self]

    @property
    def is_note(self) -> bool:
        """Whether it takes back what a bill charged."""
        return self in (PaperKind.CREDIT_NOTE, PaperKind.COMMERCIAL_NOTE)


_TITLES = {
    PaperKind.INVOICE: gettext_noop("TAX INVOICE"),
    PaperKind.BILL_OF_SUPPLY: gettext_noop("BILL OF SUPPLY"),
    PaperKind.CREDIT_NOTE: gettext_noop("CREDIT NOTE"),
    PaperKind.COMMERCIAL_NOTE: gettext_noop("CREDIT NOTE WITHOUT TAX"),
}


class Copy(StrEnum):
    """The three copies of an invoice for goods (rule 48(1))."""

    ORIGINAL = "original"
    DUPLICATE = "duplicate"
    TRIPLICATE = "triplicate"

    @property
    def caption(self) -> str:
        """What the rule has it say, marked for translation."""
        return _COPIES[self]


_COPIES = {
    Copy.ORIGINAL: gettext_noop("Original for recipient"),
    Copy.DUPLICATE: gettext_noop("Duplicate for transporter"),
    Copy.TRIPLICATE: gettext_noop("Triplicate for supplier"),
}


@dataclass(frozen=True, slots=True)
class Firm:
    """A side of the document: who and where, with the numbers by which the offices know them.

    `licences` are drug licences as they are written, "20B-MH-100001".
    """

    name: str
    address: str
    state_code: str
    gstin: str = ""
    pan: str = ""
    phone: str = ""
    email: str = ""
    licences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What the supplying branch adds: where to pay, who signs, on which terms."""

    bank_name: str = ""
    bank_account: str = ""
    bank_ifsc: str = ""
    upi_id: str = ""
    fssai: str = ""
    signatory: str = ""
    terms: str = ""
    composition: bool = False


@dataclass(frozen=True, slots=True)
class PaperLine:
    """Goods of one batch. `number` is 0 for a further batch of the line above.

    Rates are rupees a base unit without tax, `discount` per cent, `tax_rate` per cent.
    """

    number: int
    name: str
    hsn: str
    uqc: str
    batch: str
    expiry: dt.date
    mrp: Decimal
    quantity: int
    rate: Decimal
    tax: Tax
    tax_rate: Decimal
    ptr: Decimal = ZERO
    free: int = 0
    discount: Decimal = ZERO
    schedule: str = ""
    maker: str = ""
    pack: str = ""

    @property
    def gross(self) -> Decimal:
        """What the goods cost before discount, in rupees and paise."""
        return paise(self.quantity * self.rate)


@dataclass(frozen=True, slots=True)
class PaperBill:
    """A whole document. `total` is what is to be paid, after rounding to the rupee."""

    kind: PaperKind
    number: str
    day: dt.date
    supplier: Firm
    letterhead: Letterhead
    buyer: Firm
    place_of_supply: str
    levy: Levy
    lines: tuple[PaperLine, ...]
    total: Decimal
    round_off: Decimal = ZERO
    due_on: dt.date | None = None
    ship_to: Firm | None = None
    reverse_charge: bool = False
    zero_rated: bool = False
    sez: bool = False
    corrects: tuple[tuple[str, dt.date], ...] = ()
    """Number and date of each bill that a note is about."""
    facts: tuple[tuple[str, str], ...] = field(default=())
    """Further facts about the supply, such as order and transport: label and words."""
    cancelled: str = ""
    """Why it was cancelled; it keeps its number and says so."""

    @property
    def tax(self) -> Tax:
        """Taxable value and taxes of all lines."""
        return sum_of(line.tax for line in self.lines)

    @property
    def gross(self) -> Decimal:
        """Before discounts."""
        return sum((line.gross for line in self.lines), ZERO)

    @property
    def taxed(self) -> bool:
        """Whether it shows tax: a bill of supply and a commercial note show none."""
        return self.kind in (PaperKind.INVOICE, PaperKind.CREDIT_NOTE)


@dataclass(frozen=True, slots=True)
class HsnRow:
    """A row of the summary, as GSTR-1 groups it."""

    hsn: str
    uqc: str
    rate: Decimal
    quantity: int
    tax: Tax


def hsn_summary(lines: Iterable[PaperLine]) -> list[HsnRow]:
    """The lines by (HSN, UQC, rate), in the order of their codes; free goods count in the quantity alone."""
    found: dict[tuple[str, str, Decimal], list[PaperLine]] = {}
    for line in lines:
        found.setdefault((line.hsn, line.uqc, line.tax_rate), []).append(line)
    return [
        HsnRow(*key, sum(line.quantity + line.free for line in group), sum_of(line.tax for line in group))
        for key, group in sorted(found.items())
    ]


def endorsements(bill: PaperBill) -> list[str]:
    """The words that the law has on some documents, marked for translation: rules 5(1)(f) and 46, CGST Rules."""
    words = []
    if bill.letterhead.composition:
        words.append(gettext_noop("Composition taxable person, not eligible to collect tax on supplies"))
    if bill.zero_rated:
        where = "sez" if bill.sez else "export"
        words.append(_ZERO_RATED[where, bill.levy is Levy.NONE])
    if bill.kind is PaperKind.COMMERCIAL_NOTE:
        words.append(gettext_noop("No tax is adjusted by this note"))
    return words


_ZERO_RATED = {
    ("export", False): gettext_noop("Supply meant for export on payment of integrated tax"),
    ("export", True): gettext_noop(
        "Supply meant for export under bond or letter of undertaking without payment of integrated tax"
    ),
    ("sez", False): gettext_noop(
        "Supply to SEZ unit or SEZ developer for authorised operations on payment of integrated tax"
    ),
    ("sez", True): gettext_noop(
        "Supply to SEZ unit or SEZ developer for authorised operations under bond or letter of undertaking without "
        "payment of integrated tax"
    ),
}

_FORMS = {"tablet": "tab", "capsule": "cap", "sachet": "sach", "injection": "inj", "suppositorie": "supp"}


def short_pack(words: str) -> str:
    """A pack in the trade's short way, so that it fits its column: `strip of 10 tablets` is 10 tab."""
    label = read_label(words)
    if label is None:
        return words
    unit = label.content_unit.rstrip("s")
    return f"{label.content:f} {_FORMS.get(unit, unit)}".strip()


def short_maker(name: str) -> str:
    """The first word of a maker's name, which is how the trade calls it."""
    return name.split(" ", maxsplit=1)[0][:10].rstrip(",.")


KEPT_TOGETHER = 3
"""So many last lines stand on one page with the totals, so that totals never stand alone."""
_NAME_FITS = 30
"""Letters of a name that fit one line of its column, whatever else the sheet shows."""


def line_height(line: PaperLine) -> int:
    """How many lines of text a row takes, at most."""
    return max(-(-(len(line.name) + len(line.schedule)) // _NAME_FITS), 1)


def paged(lines: Sequence[PaperLine], *, most: int, tail: int) -> list[tuple[list[PaperLine], list[PaperLine]]]:
    """The lines of each page: those that stand free, and on the last page those that stay with the totals.

    Pages are broken here and not by whoever prints, so that browser and PDF agree.

    Args:
        most: how many lines of text a page holds under its heads.
        tail: how many lines high the totals are.
    """
    cut = max(len(lines) - KEPT_TOGETHER, 0)
    last = list(lines[cut:])
    pages: list[list[PaperLine]] = [[]]
    left = most
    for line in lines[:cut]:
        height = line_height(line)
        if height > left:
            pages.append([])
            left = most
        pages[-1].append(line)
        left -= height
    if pages[-1] and sum(map(line_height, last)) + tail > left:
        pages.append([])
    return [(page, []) for page in pages[:-1]] + [(pages[-1], last)]
