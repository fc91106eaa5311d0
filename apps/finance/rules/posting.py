"""What goes into a journal entry, before it is one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

ZERO = Decimal("0.00")
_PAISA = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class PostingLine:
    """One debit or credit, in rupees. The account is named by its key or by its role (`rules.chart`)."""

    debit: Decimal = ZERO
    credit: Decimal = ZERO
    account_id: int | None = None
    role: str = ""
    party_id: int | None = None
    narration: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """The document that an entry comes from.

    Attributes:
        kind: as registered in `apps.finance.documents`, such as `sales.bill`.
        id: the document's primary key.
        number: what people call it; kept with the entry as it was when it was posted.
    """

    kind: str
    id: int
    number: str = ""


def debit(account: int | str, amount: Decimal, *, party_id: int | None = None, narration: str = "") -> PostingLine:
    """A line that debits the account (a key, or a role). A negative amount credits it."""
    return _line(account, amount, party_id, narration)


def credit(account: int | str, amount: Decimal, *, party_id: int | None = None, narration: str = "") -> PostingLine:
    """A line that credits the account (a key, or a role). A negative amount debits it."""
    return _line(account, -amount, party_id, narration)


def _line(account: int | str, amount: Decimal, party_id: int | None, narration: str) -> PostingLine:
    return PostingLine(
        debit=max(amount, ZERO),
        credit=max(-amount, ZERO),
        account_id=account if isinstance(account, int) else None,
        role=account if isinstance(account, str) else "",
        party_id=party_id,
        narration=narration,
    )


def difference(lines: Iterable[PostingLine]) -> Decimal:
    """Debits less credits: nothing when the entry balances."""
    return sum((line.debit - line.credit for line in lines), ZERO)


def settled(line: PostingLine) -> PostingLine:
    """The same line with a positive amount on one side only: 5 against 3 debits 2, a debit of -4 credits 4."""
    if line.debit >= 0 and not line.credit:
        return line
    if line.credit >= 0 and not line.debit:
        return line
    amount = line.debit - line.credit
    return replace(line, debit=max(amount, ZERO), credit=max(-amount, ZERO))


def is_whole_paise(amount: Decimal) -> bool:
    """Whether the amount has no more than two decimals."""
    return amount == amount.quantize(_PAISA)
