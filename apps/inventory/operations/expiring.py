"""What expired is moved out of sale."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from apps.core.tenancy.context import current_organization_id
from apps.inventory.models import Place, PlaceKind, Stock
from apps.inventory.operations.ledger import lock_products
from apps.inventory.operations.standing import standing_place
from apps.inventory.rules.places import SALEABLE

DOCUMENT_KIND = "inventory.expiry"
# Nobody waits at a screen for it, and imports hold their products for a while.
_PATIENCE = 120_000

# Places of a branch lead to the branch's place for expired goods. The document is the day, so a second run finds
# nothing left to do.
_MOVE = """
WITH gone AS (
  SELECT s.batch_id, s.place_id, s.product_id, s.on_hand, s.cost, t.target
  FROM inventory_stock s
  JOIN unnest(%(places)s::bigint[], %(targets)s::bigint[]) AS t (place, target) ON t.place = s.place_id
  WHERE s.organization_id = %(organization)s AND s.expiry < %(on)s AND s.in_stock
    AND s.product_id = ANY (%(products)s)
)
INSERT INTO inventory_move
  (organization_id, batch_id, place_id, product_id, kind, quantity, cost, document_kind, document_id, document_number,
   line, party_id, reason, note, person_id, moment, on_date)
SELECT %(organization)s, m.batch_id, m.place, m.product_id, m.kind, m.quantity, m.cost, %(document)s, %(number)s, '',
       0, NULL, 'expiry', '', NULL, %(moment)s, %(on)s
FROM (
  SELECT batch_id, place_id AS place, product_id, 'transfer_out' AS kind, -on_hand AS quantity, cost FROM gone
  UNION ALL
  SELECT batch_id, target, product_id, 'transfer_in', sum(on_hand)::int, cost FROM gone GROUP BY 1, 2, 3, 6
) m ORDER BY m.product_id, m.batch_id, m.quantity
"""
# Goods that may not be sold are held for nobody.
_LET_GO = """
DELETE FROM inventory_reservation r USING inventory_stock s
WHERE r.organization_id = %(organization)s AND s.organization_id = %(organization)s
  AND s.batch_id = r.batch_id AND s.place_id = r.place_id AND s.place_id = ANY (%(places)s)
  AND s.expiry < %(on)s AND s.in_stock AND s.product_id = ANY (%(products)s)
"""


@transaction.atomic
def expire(*, on: dt.date) -> int:
    """Move what expired before the day from every place for sale to its branch's place for expired goods.

    What was held of it is let go; places that a count freezes wait for the next run. Running it again changes nothing.

    Returns:
        How many batches in places were moved.
    """
    rows = Stock.objects.filter(in_stock=True, expiry__lt=on, place__kind__in=SALEABLE, place__frozen=False)
    products = set(rows.values_list("product_id", flat=True))
    if not products:
        return 0
    lock_products(products, patience=_PATIENCE)
    rows = rows.filter(product__in=products)
    places = dict(Place.objects.filter(pk__in=rows.values("place")).values_list("id", "branch_id"))
    targets = {branch: standing_place(branch_id=branch, kind=PlaceKind.EXPIRED).pk for branch in set(places.values())}
    count = rows.count()
    values: dict[str, Any] = {
        "organization": current_organization_id(),
        "on": on,
        "document": DOCUMENT_KIND,
        "number": int(timezone.now().timestamp() * 1000),
        "moment": timezone.now(),
        "products": list(products),
        "places": list(places),
        "targets": [targets[branch] for branch in places.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(_LET_GO, values)
        cursor.execute(_MOVE, values)
    return count
