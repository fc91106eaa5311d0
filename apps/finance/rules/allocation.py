"""Which open items a payment settles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Open:
    """What is open on one document."""

    key: int
    due_on: dt.date
    amount: Decimal
    """Rupees, more than zero."""


@dataclass(frozen=True)
class Share:
    """What goes to one document."""

    key: int
    amount: Decimal


@dataclass(frozen=True)
class Plan:
    """Shares in the order of the documents; `rest` stays on account."""

    shares: tuple[Share, ...]
    rest: Decimal


def oldest_first(amount: Decimal, items: Iterable[Open]) -> Plan:
    """Settle by due date, then by key, each in full before the next, as far as the amount reaches.

    Where the debtor names no document the creditor may choose, and if neither does, payments settle debts in order of
    time (sections 59 to 61, Indian Contract Act 1872).

    Raises:
        ValueError: the amount is negative.
    """
    if amount < 0:
        raise ValueError("Only an amount of zero or more can be allocated.")
    rest, shares = amount, []
    for item in sorted(items, key=lambda item: (item.due_on, item.key)):
        share = min(rest, item.amount)
        if share > 0:
            shares.append(Share(item.key, share))
            rest -= share
    return Plan(tuple(shares), rest)


@dataclass(frozen=True)
class Excess:
    """A share is more than what is open: by how much, on which document."""

    key: int
    asked: Decimal
    open: Decimal


def excesses(shares: Sequence[Share], items: Iterable[Open]) -> list[Excess]:
    """Shares that ask for more than is open, or for a document that is not among the items."""
    left = {item.key: item.amount for item in items}
    return [
        Excess(share.key, share.amount, left.get(share.key, ZERO))
        for share in shares
        if share.amount > left.get(share.key, ZERO)
    ]
