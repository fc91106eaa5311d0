"""Products to be ordered: those that are low, and those that will be before more can come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from apps.inventory.queries.movement import SALES_DAYS
from apps.purchasing.models import OrderSettings
from apps.purchasing.queries.suppliers import Offer, lead_days_of, offers_for
from apps.purchasing.rules.reorder import Facts, PlaceFacts, Proposal, Trigger, propose

MOST = 500
"""Proposals shown at once; the rest comes when these are ordered."""
# What sells now is told by the latest issues, without adding up a month of moves of every product.
_RECENT = 5_000


@dataclass(frozen=True)
class Proposed:
    """A product, what is known of it, what to order, and of whom it can be had."""

    product_id: int
    name: str
    pack: str
    base_unit: str
    facts: Facts
    proposal: Proposal
    offers: tuple[Offer, ...]

    @property
    def offer(self) -> Offer | None:
        """The cheapest."""
        return self.offers[0] if self.offers else None


_PLACES = """
SELECT r.product_id, l.name, here.free, r.level, r.quantity
FROM inventory_reorderlevel r
JOIN inventory_place l ON l.organization_id = app_org() AND l.id = r.place_id
CROSS JOIN LATERAL (
  SELECT coalesce(sum(s.on_hand - s.reserved), 0)::int AS free FROM inventory_stock s
  WHERE s.organization_id = app_org() AND s.product_id = r.product_id AND s.in_stock AND s.saleable
    AND s.place_id IN (
      WITH RECURSIVE part(id) AS (
        SELECT r.place_id UNION ALL
        SELECT c.id FROM inventory_place c JOIN part ON c.organization_id = app_org() AND c.parent_id = part.id)
      SELECT id FROM part)
) here
WHERE r.organization_id = app_org() AND here.free <= r.level AND (%(every)s OR r.product_id = ANY (%(products)s))
ORDER BY r.product_id, l.name, r.id
"""
_CANDIDATES = """
WITH recent AS MATERIALIZED (
  SELECT product_id FROM inventory_move
  WHERE organization_id = app_org() AND kind = 'issue' ORDER BY id DESC LIMIT %(recent)s
)
SELECT product_id FROM recent
UNION
(SELECT t.product_id FROM inventory_productstock t
 WHERE t.organization_id = app_org() AND t.is_low ORDER BY t.product_id LIMIT %(most)s)
"""
_FIGURES = """
WITH drafted AS MATERIALIZED (
  SELECT l.product_id, sum(l.quantity)::int AS quantity
  FROM purchasing_purchaseorder o
  JOIN purchasing_orderline l ON l.organization_id = o.organization_id AND l.order_id = o.id
  WHERE o.organization_id = app_org() AND o.state IN ('draft', 'waiting') GROUP BY 1
)
SELECT p.id, p.name, p.pack, p.base_unit, t.free, t.reorder_level, p.reorder_quantity,
       coalesce((SELECT -sum(m.quantity) FROM inventory_move m
                 WHERE m.organization_id = app_org() AND m.product_id = p.id AND m.on_date > %(today)s - %(days)s
                   AND (m.kind = 'issue' OR m.kind = 'return' AND m.quantity > 0)), 0)::int,
       coalesce((SELECT sum(l.due) FROM purchasing_orderline l
                 WHERE l.organization_id = app_org() AND l.product_id = p.id AND l.due > 0), 0)::int,
       coalesce(d.quantity, 0),
       CASE WHEN p.loose THEN 1 ELSE coalesce((
         SELECT min(u.quantity) FROM inventory_packunit u
         WHERE u.organization_id = app_org() AND u.product_id = p.id), 1) END
FROM inventory_product p
JOIN inventory_productstock t ON t.organization_id = p.organization_id AND t.product_id = p.id
LEFT JOIN drafted d ON d.product_id = p.id
WHERE p.organization_id = app_org() AND p.id = ANY (%(products)s::bigint[]) AND p.active
"""


def order_settings() -> OrderSettings:
    """How the organization orders; unsaved, with the defaults, where nobody chose."""
    found: OrderSettings | None = OrderSettings.objects.first()
    return found or OrderSettings()


def proposals(today: dt.date, product_ids: Collection[int] | None = None) -> list[Proposed]:
    """What to order, by supplier and name; what nobody is known to sell comes last.

    Args:
        product_ids: these products only; None for all that may need it.
    """
    settings = order_settings()
    with connection.cursor() as cursor:
        places = _places(cursor, product_ids)
        if product_ids is None:
            cursor.execute(_CANDIDATES, {"recent": _RECENT, "most": MOST})
            product_ids = {key for (key,) in cursor.fetchall()} | places.keys()
        given: dict[str, Any] = {"today": today, "days": SALES_DAYS, "products": sorted(product_ids)}
        cursor.execute(_FIGURES, given)
        rows = cursor.fetchall()
    offers = offers_for([row[0] for row in rows], today)
    leads = lead_days_of({found[0].supplier_id for found in offers.values()})
    made: list[Proposed] = []
    for key, name, pack, unit, free, level, least, sold, coming, drafted, multiple in rows:
        offered = tuple(offers.get(key, ()))
        first = offered[0] if offered else None
        facts = Facts(
            free=free,
            coming=coming,
            drafted=drafted,
            level=level,
            least=least,
            sold=sold,
            days=SALES_DAYS,
            lead_days=leads.get(first.supplier_id, settings.lead_days) if first else settings.lead_days,
            cover_days=settings.cover_days,
            multiple=max(multiple, first.multiple if first else 1),
            places=places.get(key, ()),
        )
        if proposal := propose(facts):
            made.append(Proposed(key, name, pack, unit, facts, proposal, offered))
    made.sort(key=_order)
    return made[:MOST]


# Asked with the home page, so that it looks at no more than so many, and at their last receipt alone.
_COUNTED = 200
_SUPPLIERS = """
SELECT count(DISTINCT s.id)
FROM (SELECT product_id FROM inventory_productstock
      WHERE organization_id = app_org() AND is_low ORDER BY product_id LIMIT %(most)s) low
CROSS JOIN LATERAL (
  (SELECT r.supplier_id FROM purchasing_supplierprice r
   WHERE r.organization_id = app_org() AND r.product_id = low.product_id AND r.effective_from <= %(today)s LIMIT 1)
  UNION ALL
  (SELECT m.party_id FROM inventory_move m
   WHERE m.organization_id = app_org() AND m.product_id = low.product_id AND m.kind = 'receipt'
     AND m.party_id IS NOT NULL ORDER BY m.on_date DESC, m.id DESC LIMIT 1)
  LIMIT 1
) known
JOIN parties_party s ON s.organization_id = app_org() AND s.id = known.supplier_id AND s.is_supplier AND s.active
"""


def low_supplier_count(today: dt.date) -> int:
    """How many suppliers sell what is low, as far as the first of it tell."""
    with connection.cursor() as cursor:
        cursor.execute(_SUPPLIERS, {"today": today, "most": _COUNTED})
        return int(cursor.fetchone()[0])


def _places(cursor: Any, product_ids: Collection[int] | None) -> dict[int, tuple[PlaceFacts, ...]]:
    cursor.execute(_PLACES, {"every": product_ids is None, "products": sorted(product_ids or ())})
    found: dict[int, tuple[PlaceFacts, ...]] = {}
    for product, name, free, level, quantity in cursor.fetchall():
        found[product] = (*found.get(product, ()), PlaceFacts(name, free, level, quantity))
    return found


def _order(one: Proposed) -> tuple[bool, str, int, bool, str, int]:
    offer = one.offer
    return (
        offer is None,
        offer.supplier.lower() if offer else "",
        offer.supplier_id if offer else 0,
        # What only a place wants can often be transferred.
        one.proposal.triggers == (Trigger.PLACE,),
        one.name.lower(),
        one.product_id,
    )
