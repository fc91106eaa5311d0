"""Who got a batch and who it came from. Both follow from the moves alone, so they are complete."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection


class Side(StrEnum):
    """Which way the goods went."""

    RECEIVED = "received"
    SOLD = "sold"


@dataclass(frozen=True)
class Trade:
    """What one party had of the traced batches. Quantities are in base units.

    Attributes:
        came_back: returned to us by a customer, or by us to a supplier.
    """

    party_id: int
    name: str
    city: str
    phone: str
    email: str
    quantity: int
    came_back: int
    documents: int
    first_on: dt.date
    last_on: dt.date
    last_document: str

    @property
    def remaining(self) -> int:
        """What the party may still have of it."""
        return self.quantity - self.came_back


# One index range per batch: a recall answers while the caller waits, whatever the ledger's size.
_TRADES = """
SELECT m.party_id, p.name, p.city, p.phone, p.email, m.quantity, m.came_back, m.documents, m.first_on, m.last_on,
       m.last_document
FROM (
  SELECT party_id,
         coalesce(sum(%(sign)s * quantity) FILTER (WHERE kind = ANY(%(kinds)s)), 0)::bigint AS quantity,
         coalesce(sum(-%(sign)s * quantity) FILTER (WHERE kind = 'return' AND %(sign)s * quantity < 0), 0)::bigint
           AS came_back,
         count(DISTINCT (document_kind, document_id)) AS documents,
         min(on_date) AS first_on, max(on_date) AS last_on,
         (array_agg(document_number ORDER BY id DESC))[1] AS last_document
  FROM inventory_move
  WHERE organization_id = app_org() AND batch_id = ANY(%(batches)s) AND party_id IS NOT NULL
    AND (kind = ANY(%(kinds)s) OR kind = 'return')
  GROUP BY party_id
) m
JOIN parties_party p ON p.organization_id = app_org() AND p.id = m.party_id
WHERE m.quantity > 0
ORDER BY m.quantity - m.came_back DESC, lower(p.name), p.id
"""
_KINDS = {Side.SOLD: (-1, ["issue"]), Side.RECEIVED: (1, ["receipt", "opening"])}


def trades(batch_ids: list[int], side: Side) -> list[Trade]:
    """Parties on one side of the batches, those who may have most of it left first."""
    sign, kinds = _KINDS[side]
    with connection.cursor() as cursor:
        cursor.execute(_TRADES, {"batches": batch_ids, "sign": sign, "kinds": kinds})
        return [Trade(*row) for row in cursor.fetchall()]


_LOT = """
SELECT b.id FROM inventory_batch b
JOIN inventory_batch given ON given.organization_id = app_org() AND given.id = %s
WHERE b.organization_id = app_org() AND b.product_id = given.product_id AND lower(b.number) = lower(given.number)
ORDER BY b.id
"""


def lot(batch_id: int) -> list[int]:
    """Keys of the batches that are one manufacturing lot: the same number with another MRP is a batch of its own, but
    what is wrong with one is wrong with all."""
    with connection.cursor() as cursor:
        cursor.execute(_LOT, [batch_id])
        return [key for (key,) in cursor.fetchall()]
