"""What a document says when it is posted, besides its journal lines: tax lines, and items that stay open until paid."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from apps.finance.rules.gst import ZERO, Tax
from apps.finance.rules.withholding import Deduction


class Side(StrEnum):
    """Which control account an open item belongs to."""

    RECEIVABLE = "receivable"
    PAYABLE = "payable"


class ItemKind(StrEnum):
    """What made an open item."""

    BILL = "bill"
    OPENING = "opening"
    CREDIT_NOTE = "credit_note"
    DEBIT_NOTE = "debit_note"
    RECEIPT = "receipt"
    PAYMENT = "payment"
    JOURNAL = "journal"
    WRITE_OFF = "write_off"
    BOUNCE = "bounce"
    REVERSAL = "reversal"


@dataclass(frozen=True)
class OpenItemDraft:
    """A document of a party that must be settled.

    Args:
        amount: rupees; more than zero when the party owes us, less when we owe the party.
        number: of the document, as the party knows it (a supplier's bill carries the supplier's number).
    """

    party_id: int
    side: Side
    kind: ItemKind
    number: str
    due_on: dt.date
    amount: Decimal
    document_on: dt.date | None = None
    """The document's own date where it is not the entry's: brought in from other books, or a supplier's bill."""


Direction = Literal["out", "in"]
"""Outward supply (we charge the tax), inward supply (we are charged)."""


@dataclass(frozen=True)
class TaxLineDraft:
    """One line of a document as tax returns need it; they never read the document again.

    Args:
        document_kind: "INV", "CRN", "DBN", "BOS" (bill of supply), or "BOE" (bill of entry).
        document_total: value of the whole document in rupees; sections B2CL and B2CS of GSTR-1 part by it.
        tax: amounts of a credit note, and of whatever takes back, are negative.
        quantity: in the unit `uqc`; negative as the amounts are.
        creditable: an inward tax that may be set off (chapter V, CGST Act); blocked credits are not.
    """

    direction: Direction
    document_kind: str
    document_number: str
    document_total: Decimal
    hsn: str
    uqc: str
    quantity: Decimal
    rate: Decimal
    tax: Tax
    place_of_supply: str
    party_id: int | None = None
    party_gstin: str = ""
    registration: str = ""
    cess_rate: Decimal = ZERO
    reverse_charge: bool = False
    zero_rated: bool = False
    creditable: bool = True
    document_on: dt.date | None = None
    """The document's own date where it is not the day of posting: a supplier's bill entered later."""
    original_number: str = ""
    original_on: dt.date | None = None
    """Of a note: the bill that it corrects."""


@dataclass(frozen=True)
class TdsDraft:
    """What was paid or credited under a nature of payment, and what was deducted from it.

    Args:
        by_us: we deduct from what we pay; else a customer deducts from what we receive.
        amount: what counts for the year's limit, whether it was taxed or not.
        deduction: `queries.tds.deduction`, or what the customer's voucher says.
    """

    party_id: int
    by_us: bool
    amount: Decimal
    deduction: Deduction
    pan: str = ""
