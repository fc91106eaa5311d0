"""What suppliers ask and asked for products, and how long they take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from apps.purchasing.rules.reorder import net_rate


@dataclass(frozen=True, slots=True)
class Offer:
    """What a supplier asks for a product, from the price list, or asked when it was last bought.

    Attributes:
        listed: from the price list; else the rate of the last receipt or order.
        net: per unit, discount and free goods counted.
    """

    product_id: int
    supplier_id: int
    supplier: str
    rate: Decimal
    discount: Decimal = Decimal(0)
    scheme_paid: int = 0
    scheme_free: int = 0
    multiple: int = 1
    listed: bool = True
    supplier_code: str = ""

    @property
    def net(self) -> Decimal:
        return net_rate(self.rate, self.discount, self.scheme_paid, self.scheme_free)


_LISTED = """
SELECT DISTINCT ON (r.product_id, r.supplier_id)
       r.product_id, r.supplier_id, s.name, r.rate, r.discount, r.scheme_paid, r.scheme_free, r.multiple, true,
       r.supplier_code
FROM purchasing_supplierprice r
JOIN parties_party s ON s.organization_id = r.organization_id AND s.id = r.supplier_id
WHERE r.organization_id = app_org() AND r.product_id = ANY (%(products)s::bigint[])
  AND r.effective_from <= %(on)s AND s.is_supplier AND s.active
ORDER BY r.product_id, r.supplier_id, r.effective_from DESC
"""
# The last receipt says where goods came from and what they cost, the last order what was agreed.
_LAST = """
SELECT p.id, coalesce(bought.supplier_id, ordered.supplier_id), s.name, coalesce(bought.rate, ordered.rate, 0),
       CASE WHEN bought.supplier_id IS NULL THEN coalesce(ordered.discount, 0) ELSE 0 END, 0, 0, 1, false, ''
FROM unnest(%(products)s::bigint[]) AS p (id)
LEFT JOIN LATERAL (
  SELECT m.party_id AS supplier_id, m.cost AS rate FROM inventory_move m
  WHERE m.organization_id = app_org() AND m.product_id = p.id AND m.kind = 'receipt' AND m.party_id IS NOT NULL
  ORDER BY m.on_date DESC, m.id DESC LIMIT 1
) bought ON true
LEFT JOIN LATERAL (
  SELECT o.supplier_id, l.rate, l.discount FROM purchasing_orderline l
  JOIN purchasing_purchaseorder o ON o.organization_id = l.organization_id AND o.id = l.order_id
  WHERE l.organization_id = app_org() AND l.product_id = p.id AND o.state <> 'cancelled'
  ORDER BY l.id DESC LIMIT 1
) ordered ON true
JOIN parties_party s ON s.organization_id = app_org() AND s.id = coalesce(bought.supplier_id, ordered.supplier_id)
WHERE s.is_supplier AND s.active
"""


def offers_for(product_ids: Collection[int], on: dt.date) -> dict[int, list[Offer]]:
    """Who could be asked for each product, the dearest last; whoever sold it last, where no price list names it."""
    if not product_ids:
        return {}
    found: dict[int, list[Offer]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LISTED, {"products": sorted(product_ids), "on": on})
        for row in cursor.fetchall():
            found.setdefault(row[0], []).append(Offer(*row))
        unlisted = sorted(set(product_ids) - found.keys())
        if unlisted:
            cursor.execute(_LAST, {"products": unlisted})
            for row in cursor.fetchall():
                found[row[0]] = [Offer(*row)]
    for offers in found.values():
        offers.sort(key=lambda offer: (offer.net, offer.supplier.lower(), offer.supplier_id))
    return found


_LEAD = """
SELECT s.id, ceil(avg(o.days))::int
FROM unnest(%(suppliers)s::bigint[]) AS s (id)
CROSS JOIN LATERAL (
  SELECT greatest(o.first_received_on - o.on_date, 0) AS days FROM purchasing_purchaseorder o
  WHERE o.organization_id = app_org() AND o.supplier_id = s.id AND o.first_received_on IS NOT NULL
  ORDER BY o.on_date DESC, o.id DESC LIMIT %(orders)s
) o
GROUP BY s.id
"""
_ORDERS = 10


def lead_days_of(supplier_ids: Collection[int]) -> dict[int, int]:
    """Days from order to goods of each supplier, over its last ten orders that came; none where none did."""
    if not supplier_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_LEAD, {"suppliers": sorted(supplier_ids), "orders": _ORDERS})
        return dict(cursor.fetchall())
