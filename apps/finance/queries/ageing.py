"""Open items by age: of everybody, of one party, and as a whole."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.core.tenancy.context import current_organization_id
from apps.finance.models import CollectionTerms
from apps.finance.rules.ageing import DEFAULT_EDGES
from apps.finance.rules.drafts import Side

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Aged:
    """What one party owes (or is owed) by age, in rupees; positive either way."""

    party_id: int
    buckets: tuple[Decimal, ...]
    """Not yet due, then one for each step, then later."""
    on_account: Decimal
    """What stands against it and is settled with nothing yet."""

    @property
    def overdue(self) -> Decimal:
        """Everything but what is not yet due."""
        return sum(self.buckets[1:], ZERO)

    @property
    def total(self) -> Decimal:
        """The balance."""
        return sum(self.buckets, ZERO) - self.on_account


def collection_terms() -> CollectionTerms:
    """How the organization collects; the usual terms, unsaved, where nobody has set any."""
    return CollectionTerms.objects.first() or CollectionTerms()


# One pass over the index of what is open, without arithmetic on each row: the sums of a supplier's bills, which are
# negative, are turned at the end. `{due}` compares what is owed with 0, `{held}` what stands against it.
_AGEING = """
SELECT party_id,
       coalesce({sign}sum(open_amount) FILTER (WHERE open_amount {due} 0 AND due_on >= %(on)s), 0),
       {buckets},
       coalesce({turned}sum(open_amount) FILTER (WHERE open_amount {held} 0), 0)
FROM finance_openitem
WHERE organization_id = %(organization)s AND side = %(side)s AND open_amount <> 0 {party}
GROUP BY party_id
"""
_BUCKET = (
    "coalesce({sign}sum(open_amount) FILTER (WHERE open_amount {due} 0 "
    "AND due_on < %(on)s - {after}::int AND due_on >= %(on)s - {until}::int), 0)"
)
_LATER = "coalesce({sign}sum(open_amount) FILTER (WHERE open_amount {due} 0 AND due_on < %(on)s - {after}::int), 0)"
_SIGNS = {
    Side.RECEIVABLE: {"sign": "", "turned": "-", "due": ">", "held": "<"},
    Side.PAYABLE: {"sign": "-", "turned": "", "due": "<", "held": ">"},
}


def _statement(side: Side, on: dt.date, edges: Sequence[int], party_id: int | None) -> tuple[str, dict[str, Any]]:
    signs, firsts = _SIGNS[side], [0, *edges]
    columns = [
        _BUCKET.format(after=int(after), until=int(until), **signs) for after, until in zip(firsts, edges, strict=False)
    ]
    statement = _AGEING.format(
        buckets=",\n       ".join([*columns, _LATER.format(after=int(edges[-1]), **signs)]),
        party="AND party_id = %(party)s" if party_id else "",
        **signs,
    )
    return statement, {
        "organization": current_organization_id(),
        "side": side.value,
        "on": on,
        "party": party_id,
    }


def ageing(side: Side, on: dt.date, *, edges: Sequence[int] = DEFAULT_EDGES, party_id: int | None = None) -> list[Aged]:
    """Every party with something open on the side, by age on the day, in no particular order. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(*_statement(side, on, edges, party_id))
        return [Aged(row[0], tuple(row[1:-1]), row[-1]) for row in cursor.fetchall()]


_EXPORT = """
SELECT p.name, {columns}, {sums} - a.on_account FROM ({inner}) AS a ({names})
JOIN parties_party p ON p.organization_id = %(organization)s AND p.id = a.party_id ORDER BY lower(p.name), p.id
"""


def ageing_export(side: Side, on: dt.date, edges: Sequence[int]) -> tuple[str, list[Any]]:
    """Statement and parameters of the whole table with names and balances, for a file."""
    inner, params = _statement(side, on, edges, None)
    names = ["party_id", *(f"b{number}" for number in range(len(edges) + 2)), "on_account"]
    sums = " + ".join(f"a.{name}" for name in names[1:-1])
    outer = _EXPORT.format(
        columns=", ".join(f"a.{name}" for name in names[1:]), sums=sums, inner=inner, names=", ".join(names)
    )
    wanted = re.findall(r"%\((\w+)\)s", outer)
    return re.sub(r"%\(\w+\)s", "%s", outer), [params[name] for name in wanted]


def aged_total(rows: Sequence[Aged]) -> Aged:
    """The foot of the table; its party is 0."""
    if not rows:
        return Aged(0, (), ZERO)
    sums = tuple(sum(column, ZERO) for column in zip(*(row.buckets for row in rows), strict=True))
    return Aged(0, sums, sum((row.on_account for row in rows), ZERO))


@dataclass(frozen=True)
class OpenTotals:
    """A side as a whole, in rupees, positive."""

    due: Decimal
    overdue: Decimal
    on_account: Decimal


_TOTALS = """
SELECT coalesce({sign}sum(open_amount) FILTER (WHERE open_amount {due} 0), 0),
       coalesce({sign}sum(open_amount) FILTER (WHERE open_amount {due} 0 AND due_on < %(on)s), 0),
       coalesce({turned}sum(open_amount) FILTER (WHERE open_amount {held} 0), 0)
FROM finance_openitem WHERE organization_id = %(organization)s AND side = %(side)s AND open_amount <> 0
"""


def open_totals(side: Side, on: dt.date) -> OpenTotals:
    """What the organization is owed, or owes, on the day. One statement over what is open."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TOTALS.format(**_SIGNS[side]),
            {"organization": current_organization_id(), "side": side.value, "on": on},
        )
        return OpenTotals(*cursor.fetchone())
