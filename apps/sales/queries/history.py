"""What was sold before: to whom, at which rate, and what a customer's page and the dock show of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from apps.core.tenancy.context import current_organization_id


@dataclass(frozen=True, slots=True)
class Sale:
    """A line of a posted bill. Rate and discount as billed, without tax."""

    bill_id: int
    number: str
    on_date: dt.date
    quantity: int
    free: int
    rate: Decimal
    discount: Decimal
    mrp: Decimal


_LAST_SALES = """
SELECT b.id, b.number, b.on_date, l.quantity, l.free, l.rate, l.discount, l.mrp
FROM sales_bill b
JOIN sales_billline l ON l.organization_id = b.organization_id AND l.product_id = %(product)s AND l.bill_id = b.id
WHERE b.organization_id = %(organization)s AND b.customer_id = %(party)s AND b.state = 'posted'
ORDER BY b.on_date DESC, b.id DESC, l.position LIMIT %(most)s
"""


def last_sales(*, product_id: int, party_id: int, most: int = 3) -> list[Sale]:
    """The last sales of a product to a party, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LAST_SALES,
            {"organization": current_organization_id(), "product": product_id, "party": party_id, "most": most},
        )
        return [Sale(*row) for row in cursor.fetchall()]


_LAST_RATES = """
SELECT p.product, s.rate, s.discount, s.on_date
FROM unnest(%(products)s::bigint[]) AS p (product)
CROSS JOIN LATERAL (
  SELECT l.rate, l.discount, b.on_date FROM sales_billline l
  JOIN sales_bill b ON b.organization_id = l.organization_id AND b.id = l.bill_id
  WHERE l.organization_id = %(organization)s AND l.product_id = p.product AND b.customer_id = %(party)s
    AND b.state = 'posted'
  ORDER BY l.bill_id DESC LIMIT 1
) s
"""


@dataclass(frozen=True, slots=True)
class LastRate:
    """What a party paid for a product the last time."""

    rate: Decimal
    discount: Decimal
    on_date: dt.date


def last_rates(*, product_ids: Collection[int], party_id: int) -> dict[int, LastRate]:
    """For the picker: the last rate of each product to the party; those it never had are left out. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LAST_RATES,
            {"organization": current_organization_id(), "products": list(product_ids), "party": party_id},
        )
        return {product: LastRate(rate, discount, day) for product, rate, discount, day in cursor.fetchall()}
