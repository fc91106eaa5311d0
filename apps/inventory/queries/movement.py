"""How a product's stock moves: what came and went by month, and how fast it sells."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.db.models import OuterRef, Q, Subquery, Sum

from apps.inventory.models import Move, MoveKind

SALES_DAYS = 30
"""Days over which a daily sale is averaged: long enough for a weekly order, short enough for a season."""


@dataclass(frozen=True)
class Month:
    """What came into and went out of all places in a month. Transfers between places are neither."""

    first: dt.date
    came: int
    went: int


_MONTHS = """
SELECT first::date, coalesce(sum(quantity) FILTER (WHERE quantity > 0), 0)::bigint,
       coalesce(-sum(quantity) FILTER (WHERE quantity < 0), 0)::bigint
FROM generate_series(date_trunc('month', %(today)s::date) - make_interval(months => %(months)s - 1),
                     date_trunc('month', %(today)s::date), '1 month') AS first
LEFT JOIN inventory_move m ON m.organization_id = app_org() AND m.product_id = %(product)s
  AND m.kind NOT IN ('transfer_out', 'transfer_in')
  AND m.on_date >= first AND m.on_date < first + interval '1 month'
GROUP BY first ORDER BY first
"""


def months_of(product_id: int, today: dt.date, months: int = 12) -> list[Month]:
    """The last so many months of a product, this one included, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS, {"product": product_id, "today": today, "months": months})
        return [Month(*row) for row in cursor.fetchall()]


def sold(today: dt.date) -> Subquery:
    """What customers took in the last `SALES_DAYS`, less what they brought back; for rows that name a product."""
    moves = (
        Move.objects.filter(product=OuterRef("product"), on_date__gt=today - dt.timedelta(days=SALES_DAYS))
        .filter(Q(kind=MoveKind.ISSUE) | Q(kind=MoveKind.RETURN, quantity__gt=0))
        .order_by()
        .values("product")
        .annotate(sold=-Sum("quantity"))
    )
    return Subquery(moves.values("sold"))
