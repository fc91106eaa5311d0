"""Every balance rebuilt from what it follows from, and whatever differs named. Each comparison is one statement, so
that people may go on working meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.tenancy.context import current_organization_id
from apps.inventory.models import StockVerification

# So many differences are named; all are counted.
NAMED = 100


class Compared(StrEnum):
    """What was rebuilt."""

    ON_HAND = "on_hand"
    RESERVED = "reserved"
    COPIES = "copies"
    PRODUCT = "product"
    FIGURE = "figure"


_CAPTIONS = {
    Compared.ON_HAND: gettext_lazy("on hand, by the moves"),
    Compared.RESERVED: gettext_lazy("held, by the documents"),
    Compared.COPIES: gettext_lazy("expiry, cost or saleability, by batch and place"),
    Compared.PRODUCT: gettext_lazy("the product's totals, by its stock"),
    Compared.FIGURE: gettext_lazy("figures of the whole stock"),
}


@dataclass(frozen=True)
class Difference:
    """One balance that is not what it should be. `subject` names product, batch and place, or the figure."""

    compared: Compared
    subject: str
    stored: str
    rebuilt: str

    def __str__(self) -> str:
        return _("%(subject)s: %(stored)s stored, %(rebuilt)s rebuilt (%(what)s)") % {
            "subject": self.subject,
            "stored": self.stored,
            "rebuilt": self.rebuilt,
            "what": _CAPTIONS[self.compared],
        }

    def facts(self) -> dict[str, str]:
        """As kept with a verification."""
        return asdict(self)


@dataclass(frozen=True)
class Verification:
    """What a verification found."""

    ran_at: dt.datetime
    moves: int
    balances: int
    differences: int
    found: tuple[Difference, ...]

    @property
    def clean(self) -> bool:
        """Whether every balance is what the moves say."""
        return not self.differences


# Subjects are put together only for what differs.
_NAME = """
(SELECT concat_ws(', ', p.name, b.number, pl.name) FROM inventory_batch b
 JOIN inventory_product p ON p.organization_id = b.organization_id AND p.id = b.product_id
 LEFT JOIN inventory_place pl ON pl.organization_id = b.organization_id AND pl.id = d.place_id
 WHERE b.organization_id = %(organization)s AND b.id = d.batch_id)
"""
_ON_HAND = f"""
SELECT {_NAME} AS subject, d.stored::text, d.rebuilt::text FROM (
  SELECT coalesce(s.batch_id, m.batch_id) AS batch_id, coalesce(s.place_id, m.place_id) AS place_id,
         coalesce(s.on_hand, 0) AS stored, coalesce(m.quantity, 0) AS rebuilt
  FROM (SELECT batch_id, place_id, on_hand FROM inventory_stock WHERE organization_id = %(organization)s) s
  FULL JOIN (
    SELECT batch_id, place_id, sum(quantity) AS quantity FROM inventory_move
    WHERE organization_id = %(organization)s GROUP BY 1, 2
  ) m ON m.batch_id = s.batch_id AND m.place_id = s.place_id
) d WHERE d.stored <> d.rebuilt
"""  # noqa: S608 - our own text
_RESERVED = f"""
SELECT {_NAME} AS subject, d.stored::text, d.rebuilt::text FROM (
  SELECT coalesce(s.batch_id, r.batch_id) AS batch_id, coalesce(s.place_id, r.place_id) AS place_id,
         coalesce(s.reserved, 0) AS stored, coalesce(r.quantity, 0) AS rebuilt
  FROM (
    SELECT batch_id, place_id, reserved FROM inventory_stock WHERE organization_id = %(organization)s AND reserved <> 0
  ) s
  FULL JOIN (
    SELECT batch_id, place_id, sum(quantity) AS quantity FROM inventory_reservation
    WHERE organization_id = %(organization)s GROUP BY 1, 2
  ) r ON r.batch_id = s.batch_id AND r.place_id = s.place_id
) d WHERE d.stored <> d.rebuilt
"""  # noqa: S608 - our own text
_COPIES = f"""
SELECT {_NAME} AS subject, d.stored, d.rebuilt FROM (
  SELECT s.batch_id, s.place_id, concat_ws(' ', s.product_id, s.expiry, s.cost, s.saleable) AS stored,
         concat_ws(' ', b.product_id, b.expiry, b.cost, b.state = 'ok' AND inventory_place_sells(p.kind)) AS rebuilt
  FROM inventory_stock s
  JOIN inventory_batch b ON b.organization_id = %(organization)s AND b.id = s.batch_id
  JOIN inventory_place p ON p.organization_id = %(organization)s AND p.id = s.place_id
  WHERE s.organization_id = %(organization)s
    AND (s.product_id, s.expiry, s.cost, s.saleable)
        IS DISTINCT FROM (b.product_id, b.expiry, b.cost, b.state = 'ok' AND inventory_place_sells(p.kind))
) d
"""  # noqa: S608 - our own text
_PRODUCT = """
SELECT p.name AS subject, concat_ws(' ', t.on_hand, t.reserved, t.free, t.reorder_level) AS stored,
       concat_ws(' ', coalesce(s.on_hand, 0), coalesce(s.reserved, 0), coalesce(s.free, 0),
                 CASE WHEN p.active THEN p.reorder_level END) AS rebuilt
FROM inventory_product p
LEFT JOIN inventory_productstock t ON t.organization_id = %(organization)s AND t.product_id = p.id
LEFT JOIN (
  SELECT product_id, sum(on_hand) AS on_hand, sum(reserved) AS reserved,
         sum(on_hand - reserved) FILTER (WHERE saleable) AS free
  FROM inventory_stock WHERE organization_id = %(organization)s GROUP BY 1
) s ON s.product_id = p.id
WHERE p.organization_id = %(organization)s
  AND (t.on_hand, t.reserved, t.free, t.reorder_level)
      IS DISTINCT FROM (coalesce(s.on_hand, 0)::bigint, coalesce(s.reserved, 0)::bigint, coalesce(s.free, 0)::bigint,
                        CASE WHEN p.active THEN p.reorder_level END)
"""
_FIGURE = """
SELECT concat_ws(' ', coalesce(f.kind, r.kind), coalesce(f.expiry, r.expiry)) AS subject,
       concat_ws(' ', f.entries, f.on_hand, f.reserved, f.value) AS stored,
       concat_ws(' ', r.entries, r.on_hand, r.reserved, r.value) AS rebuilt
FROM (
  SELECT kind, expiry, sum(entries) AS entries, sum(on_hand) AS on_hand, sum(reserved) AS reserved, sum(value) AS value
  FROM inventory_stockfigure WHERE organization_id = %(organization)s GROUP BY 1, 2
  HAVING (sum(entries), sum(on_hand), sum(reserved), sum(value)) <> (0, 0, 0, 0)
) f
FULL JOIN (
  SELECT CASE WHEN saleable THEN 'saleable' ELSE 'blocked' END AS kind, expiry,
         count(*) FILTER (WHERE on_hand > 0) AS entries, sum(on_hand) AS on_hand, sum(reserved) AS reserved,
         sum(on_hand * cost) AS value
  FROM inventory_stock WHERE organization_id = %(organization)s AND on_hand > 0 GROUP BY 1, 2
  UNION ALL
  SELECT v.kind, NULL, count(*), 0, 0, 0
  FROM inventory_productstock t,
       LATERAL (VALUES ('low', t.is_low), ('product', t.on_hand > 0)) AS v (kind, counts)
  WHERE t.organization_id = %(organization)s AND v.counts GROUP BY 1
  UNION ALL
  SELECT v.kind, NULL, count(*), 0, 0, 0
  FROM inventory_stock s
  JOIN inventory_product p ON p.organization_id = %(organization)s AND p.id = s.product_id,
       LATERAL (VALUES ('cold', p.storage = 'cold'), ('h1', p.schedule = 'H1')) AS v (kind, counts)
  WHERE s.organization_id = %(organization)s AND s.in_stock AND v.counts GROUP BY 1
) r ON r.kind = f.kind AND r.expiry IS NOT DISTINCT FROM f.expiry
WHERE (f.entries, f.on_hand, f.reserved, f.value) IS DISTINCT FROM (r.entries, r.on_hand, r.reserved, r.value)
"""
_STATEMENTS = {
    Compared.ON_HAND: _ON_HAND,
    Compared.RESERVED: _RESERVED,
    Compared.COPIES: _COPIES,
    Compared.PRODUCT: _PRODUCT,
    Compared.FIGURE: _FIGURE,
}


def differences() -> Iterator[tuple[int, list[Difference]]]:
    """Per comparison: how many differ, and the first of them."""
    with connection.cursor() as cursor:
        for compared, statement in _STATEMENTS.items():
            cursor.execute(
                # Our own text; the values travel as parameters.
                f"SELECT subject, stored, rebuilt, count(*) OVER () FROM ({statement}) found "  # noqa: S608
                "ORDER BY 1 LIMIT %(named)s",
                {"organization": current_organization_id(), "named": NAMED},
            )
            rows = cursor.fetchall()
            yield (
                (rows[0][3] if rows else 0),
                [
                    Difference(compared, subject or "?", stored or "–", rebuilt or "–")
                    for subject, stored, rebuilt, _n in rows
                ],
            )


def counts() -> tuple[int, int]:
    """How many moves and balances there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM inventory_move WHERE organization_id = %(organization)s), "
            "(SELECT count(*) FROM inventory_stock WHERE organization_id = %(organization)s)",
            {"organization": current_organization_id()},
        )
        row: tuple[Any, ...] = cursor.fetchone()
        return row[0], row[1]


def last_verification() -> Verification | None:
    """What the last verification found; None when there was none yet."""
    row = StockVerification.objects.order_by("-ran_at", "-id").first()
    if row is None:
        return None
    found = tuple(Difference(**{**facts, "compared": Compared(facts["compared"])}) for facts in row.found)
    return Verification(row.ran_at, row.moves, row.balances, row.differences, found)
