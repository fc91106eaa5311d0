"""What a voucher of each kind may hold, as accountants know it from Tally.

A payment or a receipt touches cash or bank on one side and something else on the other; a contra moves money between
cash and bank; a journal touches neither; notes debit or credit a party.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from apps.finance.rules.chart import Nature

ZERO = Decimal("0.00")
MONEY = (Nature.CASH, Nature.BANK)


class VoucherKind(StrEnum):
    """The six vouchers."""

    PAYMENT = "payment"
    RECEIPT = "receipt"
    CONTRA = "contra"
    JOURNAL = "journal"
    DEBIT_NOTE = "debit_note"
    CREDIT_NOTE = "credit_note"


@dataclass(frozen=True, slots=True)
class VoucherPart:
    """A line of a voucher as far as the rules look at it."""

    nature: Nature
    debit: Decimal
    credit: Decimal


class Fault(StrEnum):
    """What is wrong with a voucher."""

    NEEDS_MONEY_CREDITED = "needs money credited"
    NEEDS_MONEY_DEBITED = "needs money debited"
    ONLY_MONEY = "only money"
    NO_MONEY = "no money"
    NEEDS_PARTY_DEBITED = "needs party debited"
    NEEDS_PARTY_CREDITED = "needs party credited"


def fault_of(kind: VoucherKind, parts: Sequence[VoucherPart]) -> Fault | None:
    """What the voucher lacks to be one of its kind; None when it is one."""
    money = [part for part in parts if part.nature in MONEY]
    parties = [part for part in parts if part.nature.is_control]
    if kind is VoucherKind.PAYMENT and not any(part.credit for part in money):
        return Fault.NEEDS_MONEY_CREDITED
    if kind is VoucherKind.RECEIPT and not any(part.debit for part in money):
        return Fault.NEEDS_MONEY_DEBITED
    if kind is VoucherKind.CONTRA and len(money) != len(parts):
        return Fault.ONLY_MONEY
    if kind in (VoucherKind.JOURNAL, VoucherKind.DEBIT_NOTE, VoucherKind.CREDIT_NOTE) and money:
        return Fault.NO_MONEY
    if kind is VoucherKind.DEBIT_NOTE and not any(part.debit for part in parties):
        return Fault.NEEDS_PARTY_DEBITED
    if kind is VoucherKind.CREDIT_NOTE and not any(part.credit for part in parties):
        return Fault.NEEDS_PARTY_CREDITED
    return None


def proposed(parts: Sequence[tuple[Decimal, Decimal]]) -> tuple[Decimal, Decimal]:
    """Debit and credit that would balance the lines so far: what the next line is filled with."""
    off = sum((debit - credit for debit, credit in parts), ZERO)
    return (max(-off, ZERO), max(off, ZERO))
