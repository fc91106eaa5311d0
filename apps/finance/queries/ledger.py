"""The ledger of an account: its lines in order, with the balance after each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.core.tenancy.context import current_organization_id
from apps.finance.queries.balances import sums_before
from apps.finance.rules.statements import NOTHING, Sum

_DAY = dt.timedelta(days=1)

_LINES = """
SELECT l.id, l.on_date, l.entry_id, e.number, e.source_kind, e.source_id, p.name,
       coalesce(NULLIF(l.narration, ''), e.narration), l.debit, l.credit
FROM finance_journalline l
JOIN finance_journalentry e ON e.organization_id = l.organization_id AND e.id = l.entry_id
LEFT JOIN parties_party p ON p.organization_id = l.organization_id AND p.id = l.party_id
WHERE l.organization_id = %(organization)s AND l.account_id = %(account)s
  AND l.on_date >= %(first)s AND l.on_date <= %(last)s
  AND (l.on_date, l.id) > (%(after_date)s, %(after_id)s)
  AND (%(branch)s::bigint IS NULL OR l.branch_id = %(branch)s)
ORDER BY l.on_date, l.id LIMIT %(most)s
"""
_BEFORE_ON_DAY = """
SELECT coalesce(sum(debit - credit), 0) FROM finance_journalline
WHERE organization_id = %(organization)s AND account_id = %(account)s AND on_date = %(after_date)s
  AND id <= %(after_id)s AND (%(branch)s::bigint IS NULL OR branch_id = %(branch)s)
"""
# What stands on the other side of each entry: the accounts that go against the line, the largest first.
_AGAINST = """
SELECT l.entry_id, array_agg(DISTINCT a.name)
FROM finance_journalline l JOIN finance_account a ON a.organization_id = l.organization_id AND a.id = l.account_id
WHERE l.organization_id = %(organization)s AND l.entry_id = ANY(%(entries)s) AND l.account_id <> %(account)s
GROUP BY l.entry_id
"""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line of the ledger; `balance` is signed, debits positive."""

    id: int
    on_date: dt.date
    entry_id: int
    number: str
    source_kind: str
    source_id: int
    party: str
    narration: str
    debit: Decimal
    credit: Decimal
    balance: Decimal
    against: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ledger:
    """A page of an account's ledger. `opening` and `total` are those of the whole period, whatever the page."""

    opening: Decimal
    total: Sum
    lines: list[LedgerLine]
    brought: Decimal
    more: bool

    @property
    def closing(self) -> Decimal:
        """The balance at the end of the period."""
        return self.opening + self.total.net


def account_ledger(
    *,
    account_id: int,
    first: dt.date,
    last: dt.date,
    branch_id: int | None = None,
    after: tuple[dt.date, int] | None = None,
    most: int = 100,
) -> Ledger:
    """Lines of the account from the first day to the last.

    Args:
        after: date and key of the last line of the page before.
        most: how many lines a page has.
    """
    ends = [first, last + _DAY, after[0] if after else first]
    before, until, page = (
        sums.get(account_id, NOTHING) for sums in sums_before(ends, branch_id=branch_id, account_id=account_id)
    )
    values: dict[str, Any] = {
        "organization": current_organization_id(),
        "account": account_id,
        "first": first,
        "last": last,
        "branch": branch_id,
        "after_date": after[0] if after else first - _DAY,
        "after_id": after[1] if after else 0,
        "most": most + 1,
    }
    balance = page.net
    with connection.cursor() as cursor:
        if after:
            cursor.execute(_BEFORE_ON_DAY, values)
            balance += cursor.fetchone()[0]
        brought = balance
        cursor.execute(_LINES, values)
        rows = cursor.fetchall()
        shown = rows[:most]
        cursor.execute(_AGAINST, {**values, "entries": [row[2] for row in shown]})
        against = {entry: tuple(names) for entry, names in cursor.fetchall()}
    lines = []
    for key, on_date, entry, number, kind, source, party, narration, debit, credit in shown:
        balance += debit - credit
        lines.append(
            LedgerLine(
                key,
                on_date,
                entry,
                number,
                kind,
                source,
                party or "",
                narration,
                debit,
                credit,
                balance,
                against.get(entry, ()),
            )
        )
    return Ledger(before.net, until - before, lines, brought, len(rows) > most)
