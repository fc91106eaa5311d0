"""Batches by what is printed on the pack, and what they are worth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from apps.core.tenancy.context import current_organization_id

Print = tuple[int, str, Decimal]
"""Product, batch number in lower case, MRP: together they are one batch."""


@dataclass(frozen=True, slots=True)
class KnownBatch:
    """A batch that came before."""

    id: int
    expiry: dt.date


_BY_PRINT = """
SELECT b.product_id, lower(b.number), b.mrp, b.id, b.expiry
FROM (SELECT DISTINCT * FROM unnest(%(products)s::bigint[], %(numbers)s::varchar[], %(mrps)s::numeric[])
      AS u (product, number, mrp)) l
JOIN inventory_batch b ON b.organization_id = %(organization)s AND b.product_id = l.product
  AND lower(b.number) = l.number AND b.mrp = l.mrp
"""


def print_of(product_id: int, number: str, mrp: Decimal) -> Print:
    """The key by which `batches_by_print` answers."""
    return product_id, number.strip().lower(), mrp


def batches_by_print(prints: Iterable[Print]) -> dict[Print, KnownBatch]:
    """Those of the batches that are known."""
    wanted = list(prints)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _BY_PRINT,
            {
                "organization": current_organization_id(),
                "products": [product for product, _number, _mrp in wanted],
                "numbers": [number for _product, number, _mrp in wanted],
                "mrps": [mrp for _product, _number, mrp in wanted],
            },
        )
        return {(row[0], row[1], row[2]): KnownBatch(row[3], row[4]) for row in cursor.fetchall()}


_WORTH = """
SELECT p.branch_id, sum(s.on_hand * b.cost)
FROM inventory_stock s
JOIN inventory_batch b ON b.organization_id = %(organization)s AND b.id = s.batch_id
JOIN inventory_place p ON p.organization_id = %(organization)s AND p.id = s.place_id
WHERE s.organization_id = %(organization)s AND s.batch_id = ANY (%(batches)s) AND s.on_hand > 0
GROUP BY 1
"""


def worth_by_branch(batch_ids: Collection[int]) -> dict[int, Decimal]:
    """What the batches are worth at cost, by branch, to four places. Ask under the lock of their products."""
    if not batch_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_WORTH, {"organization": current_organization_id(), "batches": list(batch_ids)})
        return dict(cursor.fetchall())


_ON_HAND = """
SELECT batch_id, sum(on_hand) FROM inventory_stock
WHERE organization_id = %(organization)s AND batch_id = ANY (%(batches)s) AND on_hand > 0 GROUP BY 1
"""


def on_hand_of(batch_ids: Collection[int]) -> dict[int, int]:
    """How many units of each batch there are, wherever they lie."""
    if not batch_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_ON_HAND, {"organization": current_organization_id(), "batches": list(batch_ids)})
        return dict(cursor.fetchall())
