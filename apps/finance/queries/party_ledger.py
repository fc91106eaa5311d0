"""A party's account with its running balance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.core.tenancy.context import current_organization_id
from apps.finance.models import OpenItem
from apps.finance.rules.drafts import ItemKind, Side

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class LedgerRow:
    """One document. `balance` is after it, debit positive."""

    item_id: int
    entry_id: int
    on_date: dt.date
    number: str
    kind: str
    due_on: dt.date
    amount: Decimal
    open_amount: Decimal
    source_kind: str
    source_id: int
    narration: str
    balance: Decimal

    @property
    def debit(self) -> Decimal | None:
        """The amount when it is one."""
        return self.amount if self.amount > 0 else None

    @property
    def credit(self) -> Decimal | None:
        """The amount when it is one, positive."""
        return -self.amount if self.amount < 0 else None

    @property
    def awaits_payment(self) -> bool:
        """Whether it is a document with a due date that matters: nothing that was paid or is a payment."""
        return bool(self.open_amount) and self.kind in {
            ItemKind.BILL,
            ItemKind.OPENING,
            ItemKind.DEBIT_NOTE,
            ItemKind.BOUNCE,
            ItemKind.JOURNAL,
        }


@dataclass(frozen=True)
class PartyLedger:
    """A stretch of the account. `more` when there are further documents in the period after the last row."""

    first: dt.date | None
    last: dt.date
    opening: Decimal
    rows: Sequence[LedgerRow]
    debits: Decimal
    credits: Decimal
    more: bool

    @property
    def closing(self) -> Decimal:
        """The balance at the end of the period, whether every row is shown or not."""
        return self.opening + self.debits - self.credits


_SUMS = """
SELECT coalesce(sum(amount) FILTER (WHERE on_date < %(first)s), 0),
       coalesce(sum(amount) FILTER (WHERE on_date >= %(first)s AND amount > 0), 0),
       coalesce(-sum(amount) FILTER (WHERE on_date >= %(first)s AND amount < 0), 0)
FROM finance_openitem
WHERE organization_id = %(organization)s AND party_id = %(party)s AND side = %(side)s AND on_date <= %(last)s
"""
_ROWS = """
SELECT i.id, i.entry_id, i.on_date, i.number, i.kind, i.due_on, i.amount, i.open_amount,
       e.source_kind, e.source_id, e.narration
FROM (SELECT * FROM finance_openitem
      WHERE organization_id = %(organization)s AND party_id = %(party)s AND side = %(side)s
        AND on_date BETWEEN %(first)s AND %(last)s AND (on_date, id) > (%(after_date)s, %(after_id)s)
      ORDER BY on_date, id LIMIT %(limit)s) AS i
JOIN finance_journalentry e ON e.organization_id = %(organization)s AND e.id = i.entry_id
ORDER BY i.on_date, i.id
"""
_BEFORE = """
SELECT coalesce(sum(amount), 0) FROM finance_openitem
WHERE organization_id = %(organization)s AND party_id = %(party)s AND side = %(side)s
  AND on_date BETWEEN %(first)s AND %(after_date)s AND (on_date, id) <= (%(after_date)s, %(after_id)s)
"""
_EVER = dt.date(1900, 1, 1)


def party_ledger(
    party_id: int,
    side: Side,
    *,
    first: dt.date | None = None,
    last: dt.date,
    after: tuple[dt.date, int] | None = None,
    limit: int = 200,
) -> PartyLedger:
    """The account from the first day to the last, oldest first, at most `limit` documents after the key `after`.

    Two statements, one more for a further page: both walk the index of the party's account.
    """
    params = {
        "organization": current_organization_id(),
        "party": party_id,
        "side": side.value,
        "first": first or _EVER,
        "last": last,
        "after_date": after[0] if after else _EVER,
        "after_id": after[1] if after else 0,
        "limit": limit + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, params)
        opening, debits, credits_ = cursor.fetchone()
        balance = opening
        if after:
            cursor.execute(_BEFORE, params)
            balance += cursor.fetchone()[0]
        cursor.execute(_ROWS, params)
        found = cursor.fetchall()
    rows = []
    for row in found[:limit]:
        balance += row[6]
        rows.append(LedgerRow(*(*row, balance)))
    return PartyLedger(first, last, opening, rows, debits, credits_, more=len(found) > limit)


# The opening balance is the first row's business: documents before the period count, and are not shown.
_EXPORT = """
SELECT on_date, number, narration, due_on, debit, credit, balance FROM (
    SELECT i.on_date, i.id, i.number, e.narration, i.due_on, greatest(i.amount, 0) AS debit,
           greatest(-i.amount, 0) AS credit, sum(i.amount) OVER (ORDER BY i.on_date, i.id) AS balance
    FROM finance_openitem i
    JOIN finance_journalentry e ON e.organization_id = i.organization_id AND e.id = i.entry_id
    WHERE i.organization_id = %s AND i.party_id = %s AND i.side = %s AND i.on_date <= %s
) AS account WHERE on_date >= %s ORDER BY on_date, id
"""


def ledger_export(party_id: int, side: Side, *, first: dt.date | None, last: dt.date) -> tuple[str, list[Any]]:
    """Statement and parameters of the whole account of a period, for a file."""
    return _EXPORT, [current_organization_id(), party_id, side.value, last, first or _EVER]


def open_items(party_id: int, side: Side, *, limit: int = 500) -> list[OpenItem]:
    """What is open of a party, oldest due first; debits and credits."""
    return list(
        OpenItem.objects.filter(party_id=party_id, side=side.value)
        .exclude(open_amount=0)
        .order_by("due_on", "id")[:limit]
    )
