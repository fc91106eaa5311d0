"""What a new line of a receipt begins with: what the order, the supplier's list or the last receipt says."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from apps.core.tenancy.context import current_organization_id
from apps.purchasing.models import GoodsReceipt

_DEFAULTS = """
SELECT o.id, coalesce(o.rate, listed.rate, last.rate), coalesce(o.discount, listed.discount, last.discount, 0)
FROM (SELECT 1) one
LEFT JOIN LATERAL (
  SELECT l.id, l.rate, l.discount FROM purchasing_orderline l
  WHERE l.organization_id = %(organization)s AND l.order_id = %(order)s AND l.product_id = %(product)s
  ORDER BY l.due DESC, l.id LIMIT 1
) o ON true
LEFT JOIN LATERAL (
  SELECT p.rate, p.discount FROM purchasing_supplierprice p
  WHERE p.organization_id = %(organization)s AND p.supplier_id = %(supplier)s AND p.product_id = %(product)s
    AND p.effective_from <= %(on)s
  ORDER BY p.effective_from DESC LIMIT 1
) listed ON true
LEFT JOIN LATERAL (
  SELECT x.rate, x.discount FROM purchasing_receiptline x
  JOIN purchasing_goodsreceipt r ON r.organization_id = %(organization)s AND r.id = x.receipt_id
    AND r.supplier_id = %(supplier)s AND r.state = 'posted'
  WHERE x.organization_id = %(organization)s AND x.product_id = %(product)s AND x.rate IS NOT NULL
  ORDER BY x.id DESC LIMIT 1
) last ON true
"""


@dataclass(frozen=True, slots=True)
class Agreed:
    """Rate and discount as agreed or as last time, and the order's line; None where nothing is known."""

    order_line_id: int | None
    rate: Decimal | None
    discount: Decimal


def agreed_for(receipt: GoodsReceipt, product_id: int) -> Agreed:
    """What holds for a product on this receipt: the order's terms, else the supplier's list, else the last receipt."""
    with connection.cursor() as cursor:
        cursor.execute(
            _DEFAULTS,
            {
                "organization": current_organization_id(),
                "order": receipt.order_id,
                "supplier": receipt.supplier_id,
                "product": product_id,
                "on": receipt.on_date,
            },
        )
        order_line, rate, discount = cursor.fetchone()
    return Agreed(order_line, rate, discount or Decimal(0))
