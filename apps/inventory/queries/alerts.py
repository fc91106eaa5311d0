"""What wants attention: low, near its expiry, expired, recalled, and licences that end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import QuerySet

from apps.inventory.models import AlertSubscription, Batch, BatchState, NearExpiry, Stock
from apps.organizations.rules.licences import RENEWAL_DAYS

# Above this nobody counts one by one.
MOST_COUNTED = 999


@dataclass(frozen=True)
class Alerts:
    """How much of each wants attention now, as far as a member asked to be told."""

    low: int = 0
    near: int = 0
    expired: int = 0
    recalled: int = 0
    branch_licences: int = 0
    party_licences: int = 0

    @property
    def licences(self) -> int:
        return self.branch_licences + self.party_licences

    @property
    def number(self) -> int:
        """What stands at the bell. Near expiry is no alarm: it is the strip above the stock."""
        return self.low + self.expired + self.recalled + self.licences


# Sums of a few hundred rows and three short index ranges: nothing here grows with the stock.
_ALERTS = """
SELECT
  CASE WHEN c.low THEN (
    SELECT coalesce(sum(entries), 0) FROM inventory_stockfigure WHERE organization_id = app_org() AND kind = 'low'
  ) ELSE 0 END,
  CASE WHEN c.days > 0 THEN (
    SELECT coalesce(sum(entries), 0) FROM inventory_stockfigure
    WHERE organization_id = app_org() AND kind = 'saleable' AND expiry >= %(today)s AND expiry <= %(today)s + c.days
  ) ELSE 0 END,
  CASE WHEN c.expired THEN (
    SELECT coalesce(sum(entries), 0) FROM inventory_stockfigure
    WHERE organization_id = app_org() AND kind IN ('saleable', 'blocked') AND expiry < %(today)s
  ) ELSE 0 END,
  CASE WHEN c.recalled THEN (
    SELECT count(*) FROM inventory_batch b
    WHERE b.organization_id = app_org() AND b.state = 'recalled' AND EXISTS (
      SELECT FROM inventory_stock s WHERE s.organization_id = app_org() AND s.batch_id = b.id AND s.in_stock)
  ) ELSE 0 END,
  CASE WHEN c.licences THEN (
    SELECT count(*) FROM organizations_branchlicence l
    JOIN organizations_branch b ON b.organization_id = app_org() AND b.id = l.branch_id AND b.active
    WHERE l.organization_id = app_org() AND l.valid_to <= %(today)s + %(renewal)s AND NOT EXISTS (
      SELECT FROM organizations_branchlicence n
      WHERE n.organization_id = app_org() AND n.branch_id = l.branch_id AND n.form = l.form
        AND n.valid_to > l.valid_to AND n.valid_from <= l.valid_to + 1)
  ) ELSE 0 END,
  CASE WHEN c.licences THEN (
    SELECT count(*) FROM (
      SELECT FROM parties_partylicence l
      JOIN parties_party p ON p.organization_id = app_org() AND p.id = l.party_id AND p.active
      WHERE l.organization_id = app_org() AND l.valid_to BETWEEN %(today)s AND %(today)s + %(renewal)s
        AND NOT EXISTS (
          SELECT FROM parties_partylicence n
          WHERE n.organization_id = app_org() AND n.party_id = l.party_id AND n.form = l.form
            AND n.valid_to > l.valid_to)
      LIMIT %(most)s
    ) ending
  ) ELSE 0 END
FROM ({chosen}) AS c (low, days, expired, recalled, licences)
"""
# What the member chose, and everything for who never chose.
_OF_MEMBER = """
  SELECT coalesce(s.low_stock, true), coalesce(s.near_expiry_days, %(default)s), coalesce(s.expired, true),
         coalesce(s.recalled, true), coalesce(s.licences, true)
  FROM (VALUES (%(member)s::bigint)) AS m (id)
  LEFT JOIN inventory_alertsubscription s ON s.organization_id = app_org() AND s.member_id = m.id
"""
_AS_GIVEN = "SELECT %(low)s::boolean, %(days)s::int, %(expired)s::boolean, %(recalled)s::boolean, %(licences)s::boolean"


def subscription_of(member_id: int) -> AlertSubscription:
    """What a member asked to be told; unsaved, with everything on, for who never chose."""
    found: AlertSubscription | None = AlertSubscription.objects.filter(member=member_id).first()
    return found or AlertSubscription(member_id=member_id)


def alerts(today: dt.date, subscription: AlertSubscription) -> Alerts:
    """What wants attention today of what is chosen."""
    chosen = {
        "low": subscription.low_stock,
        "days": int(subscription.near_expiry_days),
        "expired": subscription.expired,
        "recalled": subscription.recalled,
        "licences": subscription.licences,
    }
    return _counted(today, _AS_GIVEN, chosen)


def alerts_of(member_id: int, today: dt.date) -> Alerts:
    """What wants attention today of what the member chose; one statement, for it is asked with every page."""
    return _counted(today, _OF_MEMBER, {"member": member_id, "default": int(NearExpiry.DAYS_90)})


def _counted(today: dt.date, chosen: str, values: Mapping[str, int | bool]) -> Alerts:
    fixed: dict[str, dt.date | int] = {"today": today, "renewal": RENEWAL_DAYS, "most": MOST_COUNTED + 1}
    with connection.cursor() as cursor:
        cursor.execute(_ALERTS.replace("{chosen}", chosen), {**fixed, **values})
        return Alerts(*(int(number) for number in cursor.fetchone()))


def recalled_in_stock() -> QuerySet[Batch]:
    """Recalled batches of which there is stock yet."""
    found: QuerySet[Batch] = (
        Batch.objects.filter(state=BatchState.RECALLED, pk__in=Stock.objects.filter(in_stock=True).values("batch"))
        .select_related("product")
        .order_by("id")
    )
    return found


@dataclass(frozen=True)
class LowProduct:
    """A product at or under its reorder level."""

    product_id: int
    name: str
    pack: str
    free: int
    reorder_level: int
    reorder_quantity: int | None
    per_day: Decimal


# What sells now says more than what is called first. The latest issues tell it without adding up a month of moves.
_RECENT = 3_000
_LOW = """
WITH recent AS MATERIALIZED (
  SELECT product_id, -quantity AS quantity, on_date FROM inventory_move
  WHERE organization_id = app_org() AND kind = 'issue' ORDER BY id DESC LIMIT %(recent)s
), selling AS (
  SELECT r.product_id, sum(r.quantity) AS sold
  FROM recent r
  JOIN inventory_productstock t ON t.organization_id = app_org() AND t.product_id = r.product_id AND t.is_low
  GROUP BY 1 ORDER BY 2 DESC LIMIT %(most)s
), others AS (
  SELECT t.product_id FROM inventory_productstock t
  WHERE t.organization_id = app_org() AND t.is_low ORDER BY t.product_id LIMIT %(most)s
), chosen AS (
  SELECT product_id, max(sold) AS sold
  FROM (SELECT product_id, sold FROM selling UNION ALL SELECT product_id, 0 FROM others) c GROUP BY 1
  ORDER BY 2 DESC, 1 LIMIT %(most)s
)
SELECT p.id, p.name, p.pack, t.free, t.reorder_level, p.reorder_quantity, coalesce((
         SELECT -sum(m.quantity) FROM inventory_move m
         WHERE m.organization_id = app_org() AND m.product_id = p.id AND m.on_date > %(today)s - %(days)s
           AND (m.kind = 'issue' OR m.kind = 'return' AND m.quantity > 0)), 0)::numeric / %(days)s
FROM chosen c
JOIN inventory_product p ON p.organization_id = app_org() AND p.id = c.product_id
JOIN inventory_productstock t ON t.organization_id = app_org() AND t.product_id = p.id
ORDER BY c.sold DESC, lower(p.name), p.id
"""


def low_products(today: dt.date, most: int, days: int = 30) -> list[LowProduct]:
    """Low products, those that sell fastest now first."""
    with connection.cursor() as cursor:
        cursor.execute(_LOW, {"recent": _RECENT, "most": most, "today": today, "days": days})
        return [LowProduct(*row) for row in cursor.fetchall()]


_LOW_PLACES = """
SELECT r.id, p.id, p.name, p.pack, l.name, r.level, r.quantity, here.free
FROM inventory_reorderlevel r
JOIN inventory_product p ON p.organization_id = app_org() AND p.id = r.product_id AND p.active
JOIN inventory_place l ON l.organization_id = app_org() AND l.id = r.place_id
CROSS JOIN LATERAL (
  SELECT coalesce(sum(s.on_hand - s.reserved), 0)::bigint AS free FROM inventory_stock s
  WHERE s.organization_id = app_org() AND s.product_id = r.product_id AND s.in_stock AND s.saleable
    AND s.place_id IN (
      WITH RECURSIVE part(id) AS (
        SELECT r.place_id UNION ALL
        SELECT c.id FROM inventory_place c JOIN part ON c.organization_id = app_org() AND c.parent_id = part.id)
      SELECT id FROM part)
) here
WHERE r.organization_id = app_org() AND here.free <= r.level
ORDER BY lower(p.name), l.name, r.id LIMIT %s
"""


@dataclass(frozen=True)
class LowPlace:
    """A product that is low in a place with a reorder level of its own; parts of the place count with it."""

    level_id: int
    product_id: int
    name: str
    pack: str
    place: str
    level: int
    quantity: int | None
    free: int


def low_places(most: int = 200) -> list[LowPlace]:
    """Products that are low in some place, although the whole stock may not be."""
    with connection.cursor() as cursor:
        cursor.execute(_LOW_PLACES, [most])
        return [LowPlace(*row) for row in cursor.fetchall()]
