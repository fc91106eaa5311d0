"""What a product picker says of each product beside its name: what would be taken next, and at which price."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection


@dataclass(frozen=True)
class Offer:
    """The batch that leaves first, or, where nothing is free, the prices of the day."""

    batch: str
    expiry: dt.date | None
    mrp: Decimal | None
    ptr: Decimal | None


_OFFERS = """
SELECT key, coalesce(lot.number, ''), lot.expiry, coalesce(lot.mrp, price.mrp), coalesce(nullif(lot.ptr, 0), price.ptr)
FROM unnest(%(keys)s::bigint[]) AS key
LEFT JOIN LATERAL (
  SELECT b.number, s.expiry, b.mrp, b.ptr FROM inventory_stock s
  JOIN inventory_batch b ON b.organization_id = s.organization_id AND b.id = s.batch_id
  WHERE s.organization_id = app_org() AND s.product_id = key AND s.in_stock AND s.saleable
    AND s.on_hand > s.reserved AND s.expiry >= %(on)s
  ORDER BY s.expiry, s.id LIMIT 1
) lot ON true
LEFT JOIN LATERAL (
  SELECT r.mrp, r.ptr FROM inventory_productprice r
  WHERE r.organization_id = app_org() AND r.product_id = key AND r.effective_from <= %(on)s
  ORDER BY r.effective_from DESC LIMIT 1
) price ON true
"""


def offers(product_ids: Sequence[int], *, on: dt.date) -> dict[int, Offer]:
    """By product: number, expiry, MRP and PTR of the saleable batch that expires first on or after the day."""
    if not product_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_OFFERS, {"keys": list(product_ids), "on": on})
        return {row[0]: Offer(*row[1:]) for row in cursor.fetchall()}
