"""Open items by age: of everybody, of one party, and as a whole; today, or as it was on a past day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from apps.core.tenancy.context import current_organization_id
from apps.finance.models import CollectionTerms
from apps.finance.rules.ageing import DEFAULT_EDGES
from apps.finance.rules.drafts import Side

ZERO = Decimal("0.00")


class Basis(StrEnum):
    """From which day age is counted."""

    DUE = "due"
    DOCUMENT = "document"


_DAYS = {Basis.DUE: "due_on", Basis.DOCUMENT: "document_on"}


class Aged(NamedTuple):
    """What one party owes (or is owed) by age, positive either way. Kept in paise: thousands of rows come at once, and
    few of them are read."""

    party_id: int
    paise: tuple[int, ...]
    """Not yet due, then one for each step, then later."""
    held: int
    """Paise that stand against it and are settled with nothing yet."""

    @property
    def buckets(self) -> tuple[Decimal, ...]:
        """Rupees of each step."""
        return tuple(_rupees(one) for one in self.paise)

    @property
    def on_account(self) -> Decimal:
        """Rupees that stand against it and are settled with nothing yet."""
        return _rupees(self.held)

    @property
    def overdue(self) -> Decimal:
        """Everything but what is not yet due."""
        return _rupees(sum(self.paise[1:]))

    @property
    def total(self) -> Decimal:
        """The balance."""
        return _rupees(sum(self.paise) - self.held)


def _rupees(paise: int) -> Decimal:
    return Decimal(paise).scaleb(-2) if paise else ZERO


def collection_terms() -> CollectionTerms:
    """How the organization collects; the usual terms, unsaved, where nobody has set any."""
    return CollectionTerms.objects.first() or CollectionTerms()


# One pass over the index of what is open. Amounts are whole paise there: sums of `numeric` cost twice as much. The sums
# of a supplier's bills, which are negative, are turned at the end. `{due}` compares what is owed with 0, `{held}` what
# stands against it.
_AGEING = """
SELECT party_id,
       coalesce({sign}sum(open_paise) FILTER (WHERE {day} >= %(on)s AND open_paise {due} 0), 0)::bigint,
       {buckets},
       coalesce({turned}sum(open_paise) FILTER (WHERE open_paise {held} 0), 0)::bigint
FROM {items}
GROUP BY party_id
"""
_BUCKET = (
    "coalesce({sign}sum(open_paise) FILTER (WHERE {day} < %(on)s - {after}::int "
    "AND {day} >= %(on)s - {until}::int AND open_paise {due} 0), 0)::bigint"
)
_LATER = (
    "coalesce({sign}sum(open_paise) FILTER (WHERE {day} < %(on)s - {after}::int AND open_paise {due} 0), 0)::bigint"
)
_SIGNS = {
    Side.RECEIVABLE: {"sign": "", "turned": "-", "due": ">", "held": "<"},
    Side.PAYABLE: {"sign": "-", "turned": "", "due": "<", "held": ">"},
}
_OPEN_NOW = "finance_openitem WHERE organization_id = %(organization)s AND side = %(side)s AND open_amount <> 0 {party}"
# As it was: what is open now of documents of that day or before, and with it whatever was settled later.
_OPEN_THEN = """(
    WITH later AS (
        SELECT item, sum(amount) AS amount FROM (
            SELECT debit_id AS item, amount FROM finance_allocation
            WHERE organization_id = %(organization)s AND on_date > %(on)s
            UNION ALL
            SELECT credit_id, -amount FROM finance_allocation
            WHERE organization_id = %(organization)s AND on_date > %(on)s
        ) moved GROUP BY item
    ), standing AS (
        SELECT i.party_id, i.due_on, i.document_on, i.open_amount + coalesce(l.amount, 0) AS open_then
        FROM finance_openitem i LEFT JOIN later l ON l.item = i.id
        WHERE i.organization_id = %(organization)s AND i.side = %(side)s AND i.open_amount <> 0
          AND i.on_date <= %(on)s {party}
        UNION ALL
        SELECT i.party_id, i.due_on, i.document_on, l.amount
        FROM later l JOIN finance_openitem i ON i.organization_id = %(organization)s AND i.id = l.item
        WHERE i.side = %(side)s AND i.open_amount = 0 AND i.on_date <= %(on)s {party}
    )
    SELECT party_id, due_on, document_on, (open_then * 100)::bigint AS open_paise FROM standing WHERE open_then <> 0
) AS items"""


def _statement(
    side: Side, on: dt.date, edges: Sequence[int], *, party_id: int | None = None, basis: Basis = Basis.DUE
) -> tuple[str, dict[str, Any]]:
    words = {**_SIGNS[side], "day": _DAYS[basis]}
    firsts = [0, *edges]
    columns = [
        _BUCKET.format(after=int(after), until=int(until), **words) for after, until in zip(firsts, edges, strict=False)
    ]
    items = _OPEN_THEN if on < timezone.localdate() else _OPEN_NOW
    statement = _AGEING.format(
        buckets=",\n       ".join([*columns, _LATER.format(after=int(edges[-1]), **words)]),
        items=items.format(party="AND party_id = %(party)s" if party_id else ""),
        **words,
    )
    return statement, {
        "organization": current_organization_id(),
        "side": side.value,
        "on": on,
        "party": party_id,
    }


def ageing(
    side: Side,
    on: dt.date,
    *,
    edges: Sequence[int] = DEFAULT_EDGES,
    party_id: int | None = None,
    basis: Basis = Basis.DUE,
) -> list[Aged]:
    """Every party with something open on the side, by age on the day, in no particular order. One statement.

    On a past day it is what was open then: documents and settlements of later days are taken off.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_statement(side, on, edges, party_id=party_id, basis=basis))
        return [Aged(row[0], row[1:-1], row[-1]) for row in cursor.fetchall()]


@dataclass(frozen=True)
class AgedPage:
    """A stretch of the table with names, the most overdue first, and its foot, whose party is 0."""

    rows: list[tuple[Aged, str]]
    total: Aged
    count: int


# Only the rows that are shown leave the database, and the foot.
_PAGE = """
WITH aged ({names}) AS MATERIALIZED ({inner}), shown AS (
    SELECT * FROM aged ORDER BY {overdue} DESC, {owed} - held DESC, party_id LIMIT %(limit)s OFFSET %(offset)s
)
SELECT s.*, p.name FROM shown s
JOIN parties_party p ON p.organization_id = %(organization)s AND p.id = s.party_id
UNION ALL
SELECT count(*), {sums}, NULL FROM aged
"""


def aged_page(
    side: Side,
    on: dt.date,
    *,
    edges: Sequence[int] = DEFAULT_EDGES,
    basis: Basis = Basis.DUE,
    limit: int = 50,
    offset: int = 0,
) -> AgedPage:
    """The table of a page: `limit` parties after the first `offset`, and the sums of all. One statement."""
    inner, params = _statement(side, on, edges, basis=basis)
    steps = [f"b{number}" for number in range(len(edges) + 2)]
    statement = _PAGE.format(
        inner=inner,
        names=", ".join(["party_id", *steps, "held"]),
        overdue=" + ".join(steps[1:]),
        owed=" + ".join(steps),
        sums=", ".join(f"coalesce(sum({name}), 0)::bigint" for name in [*steps, "held"]),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**params, "limit": limit, "offset": offset})
        found = cursor.fetchall()
    foot = next(row for row in found if row[-1] is None)
    rows = [(Aged(row[0], row[1:-2], row[-2]), str(row[-1])) for row in found if row[-1] is not None]
    rows.sort(key=lambda pair: (-sum(pair[0].paise[1:]), pair[0].held - sum(pair[0].paise), pair[0].party_id))
    return AgedPage(rows, Aged(0, foot[1:-2], foot[-2]), foot[0])


_EXPORT = """
SELECT p.name, {columns}, (({sums} - a.on_account) / 100.0)::numeric(18, 2) FROM ({inner}) AS a ({names})
JOIN parties_party p ON p.organization_id = %(organization)s AND p.id = a.party_id ORDER BY lower(p.name), p.id
"""


def ageing_export(side: Side, on: dt.date, edges: Sequence[int], basis: Basis = Basis.DUE) -> tuple[str, list[Any]]:
    """Statement and parameters of the whole table with names and balances, for a file."""
    inner, params = _statement(side, on, edges, basis=basis)
    names = ["party_id", *(f"b{number}" for number in range(len(edges) + 2)), "on_account"]
    outer = _EXPORT.format(
        columns=", ".join(f"(a.{name} / 100.0)::numeric(18, 2)" for name in names[1:]),
        sums=" + ".join(f"a.{name}" for name in names[1:-1]),
        inner=inner,
        names=", ".join(names),
    )
    wanted = re.findall(r"%\((\w+)\)s", outer)
    return re.sub(r"%\(\w+\)s", "%s", outer), [params[name] for name in wanted]


def aged_total(rows: Sequence[Aged]) -> Aged:
    """The foot of the table; its party is 0."""
    if not rows:
        return Aged(0, (), 0)
    return Aged(0, tuple(map(sum, zip(*(row.paise for row in rows), strict=True))), sum(row.held for row in rows))


@dataclass(frozen=True)
class OpenTotals:
    """A side as a whole, in rupees, positive."""

    due: Decimal
    overdue: Decimal
    on_account: Decimal


_TOTALS = """
SELECT coalesce({sign}sum(open_paise) FILTER (WHERE open_paise {due} 0), 0)::bigint,
       coalesce({sign}sum(open_paise) FILTER (WHERE open_paise {due} 0 AND due_on < %(on)s), 0)::bigint,
       coalesce({turned}sum(open_paise) FILTER (WHERE open_paise {held} 0), 0)::bigint
FROM finance_openitem WHERE organization_id = %(organization)s AND side = %(side)s AND open_amount <> 0
"""


def open_totals(side: Side, on: dt.date) -> OpenTotals:
    """What the organization is owed, or owes, on the day. One statement over what is open."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TOTALS.format(**_SIGNS[side]),
            {"organization": current_organization_id(), "side": side.value, "on": on},
        )
        return OpenTotals(*map(_rupees, cursor.fetchone()))
