"""What a customer bought of a batch and may still send back, newest bill first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.core.tenancy.context import current_organization_id


@dataclass(frozen=True, slots=True)
class SoldBatch:
    """So much of a batch on a posted bill; `left` units may come back, what lies on drafts not counted."""

    pick_id: int
    bill_id: int
    bill_number: str
    bill_on: dt.date
    batch_id: int
    batch: str
    expiry: dt.date
    mrp: Decimal
    product_id: int
    product: str
    pack: str
    rate: Decimal
    quantity: int
    free: int
    returned: int

    @property
    def left(self) -> int:
        """Units that have not come back."""
        return self.quantity + self.free - self.returned


_SOLD = """
SELECT p.id, b.id, b.number, b.on_date, p.batch_id, t.number, t.expiry, t.mrp, d.id, d.name, d.pack, p.rate,
       p.quantity, p.free, coalesce(r.returned, 0)
FROM sales_billpick p
JOIN sales_bill b ON b.organization_id = p.organization_id AND b.id = p.bill_id
JOIN inventory_batch t ON t.organization_id = p.organization_id AND t.id = p.batch_id
JOIN inventory_product d ON d.organization_id = t.organization_id AND d.id = t.product_id
LEFT JOIN sales_returnedpick r ON r.organization_id = p.organization_id AND r.pick_id = p.id
WHERE p.organization_id = %(organization)s AND b.customer_id = %(customer)s AND b.branch_id = %(branch)s
  AND b.state = 'posted' AND p.quantity + p.free > coalesce(r.returned, 0) AND {what}
ORDER BY b.on_date DESC, b.id DESC, p.id DESC LIMIT %(most)s
"""
_OF_BATCHES = _SOLD.format(what="p.batch_id = ANY (%(keys)s::bigint[])")
_OF_PRODUCTS = _SOLD.format(what="t.product_id = ANY (%(keys)s::bigint[])")
_OF_PICKS = _SOLD.format(what="p.id = ANY (%(keys)s::bigint[])")


def _sold(statement: str, keys: Collection[int], customer_id: int, branch_id: int, most: int) -> list[SoldBatch]:
    values: dict[str, Any] = {
        "organization": current_organization_id(),
        "customer": customer_id,
        "branch": branch_id,
        "keys": list(keys),
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [SoldBatch(*row) for row in cursor.fetchall()]


def sold_of_batches(batch_ids: Collection[int], *, customer_id: int, branch_id: int, most: int = 40) -> list[SoldBatch]:
    """What is left to return of these batches."""
    return _sold(_OF_BATCHES, batch_ids, customer_id, branch_id, most)


def sold_of_products(
    product_ids: Collection[int], *, customer_id: int, branch_id: int, most: int = 40
) -> list[SoldBatch]:
    """What is left to return of these products."""
    return _sold(_OF_PRODUCTS, product_ids, customer_id, branch_id, most)


def sold_as(pick_ids: Collection[int], *, customer_id: int, branch_id: int) -> dict[int, SoldBatch]:
    """What is left to return of these batches of bills, by key; those with nothing left are not there."""
    found = _sold(_OF_PICKS, pick_ids, customer_id, branch_id, len(pick_ids) or 1)
    return {one.pick_id: one for one in found}
