"""The statements by which rows of opening stock become products, places, batches and moves.

`import_goods` holds, for each row of `import_batch`, the keys of what it names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _
from psycopg import sql

from apps.core.exchange.batch import Batch
from apps.core.exchange.records import model_defaults
from apps.inventory.models import PlaceKind, Product
from apps.inventory.operations.ledger import lock_products
from apps.inventory.operations.standing import standing_place
from apps.organizations.models import Branch

# An import waits for whoever is at the same products.
_PATIENCE = 120_000

# A name without its pack means the one product of that name.
_GOODS = """
CREATE TEMPORARY TABLE import_goods ON COMMIT DROP AS
WITH named AS (
  SELECT lower(b.product) AS name, lower(b.pack) AS pack FROM import_batch b GROUP BY 1, 2
), known AS (
  SELECT n.name, n.pack,
         CASE WHEN count(p.id) FILTER (WHERE lower(p.pack) = n.pack) = 1
              THEN min(p.id) FILTER (WHERE lower(p.pack) = n.pack)
              WHEN n.pack = '' AND count(p.id) = 1 THEN min(p.id) END AS product_id,
         CASE WHEN n.pack = '' THEN count(p.id) ELSE 0 END AS products
  FROM named n
  LEFT JOIN inventory_product p ON p.organization_id = %(organization)s AND lower(p.name) = n.name
  GROUP BY 1, 2
), branch AS (
  SELECT n.word, CASE WHEN n.word = '' THEN %(branch)s ELSE min(o.id) END AS branch_id
  FROM (SELECT DISTINCT lower(b.branch) AS word FROM import_batch b) n
  LEFT JOIN organizations_branch o
    ON o.organization_id = %(organization)s AND n.word IN (lower(o.name), lower(o.code))
  GROUP BY 1
), spot AS (
  SELECT n.branch, n.word, o.branch_id,
         CASE WHEN n.word = '' THEN g.place_id ELSE min(p.id) END AS place_id
  FROM (SELECT DISTINCT lower(b.branch) AS branch, lower(b.place) AS word FROM import_batch b) n
  JOIN branch o ON o.word = n.branch
  LEFT JOIN inventory_place p ON p.organization_id = %(organization)s AND p.branch_id = o.branch_id
    AND n.word <> '' AND (lower(p.name) = n.word OR lower(p.code) = n.word) AND p.kind <> 'transit'
  LEFT JOIN unnest(%(branches)s::bigint[], %(godowns)s::bigint[]) AS g (branch_id, place_id)
    ON g.branch_id = o.branch_id
  GROUP BY 1, 2, 3, g.place_id
)
SELECT b.row, k.product_id, CASE WHEN k.product_id IS NULL THEN k.products ELSE 1 END::int AS products, s.branch_id,
       s.place_id, NULL::bigint AS batch_id, false AS made
FROM import_batch b
JOIN known k ON k.name = lower(b.product) AND k.pack = lower(b.pack)
JOIN spot s ON s.branch = lower(b.branch) AND s.word = lower(b.place)
"""
_PRODUCTS = "SELECT DISTINCT product_id FROM import_goods WHERE product_id IS NOT NULL"
_FIND_BATCHES = """
UPDATE import_goods g SET batch_id = t.id
FROM import_batch b, inventory_batch t
WHERE b.row = g.row AND t.organization_id = %(organization)s AND t.product_id = g.product_id
  AND lower(t.number) = lower(b.number) AND t.mrp = b.mrp
"""


def find_goods(batch: Batch) -> None:
    """Make `import_goods` with the products, branches and places that are there."""
    first = Branch.objects.order_by("id").first()
    branches = list(Branch.objects.values_list("id", flat=True))
    godowns = {key: _godown(key, make=batch.taking) for key in branches}
    batch.execute(
        _GOODS,
        {"branch": first.pk if first else None, "branches": branches, "godowns": [godowns[key] for key in branches]},
    )
    batch.execute("CREATE INDEX ON import_goods (row)")
    batch.execute("ANALYZE import_goods")


def find_batches(batch: Batch) -> None:
    """Fill in the keys of batches that are there."""
    with _row_by_row(batch):
        batch.execute(_FIND_BATCHES)


def forget_goods(batch: Batch) -> None:
    """Drop the table; the next slice makes its own."""
    batch.execute("DROP TABLE import_goods")


def _godown(branch_id: int, *, make: bool) -> int | None:
    if make:
        return int(standing_place(branch_id=branch_id, kind=PlaceKind.GODOWN).pk)
    return None


@contextmanager
def _row_by_row(batch: Batch) -> Iterator[None]:
    """Some thousands of rows find theirs among a million by index; an import otherwise expects to read whole tables.

    The table of batches may have grown in this very transaction, so the planner's idea of its size is no guide.
    """
    others = ("hashjoin", "mergejoin", "material", "bitmapscan", "seqscan")
    batch.execute("SET LOCAL enable_nestloop = on; " + "; ".join(f"SET LOCAL enable_{one} = off" for one in others))
    yield
    batch.execute("SET LOCAL enable_nestloop = off; " + "; ".join(f"SET LOCAL enable_{one} = on" for one in others))


def make_products(batch: Batch) -> None:
    """Products that are not there yet, with nothing known but name and pack."""
    constants, params = model_defaults(Product, {"name": "", "pack": ""})
    made = batch.execute(
        sql.SQL(
            "WITH made AS ("
            "  INSERT INTO inventory_product (organization_id, name, pack, {columns})"
            "  SELECT %(organization)s, min(b.product), min(b.pack), {values}"
            "  FROM import_batch b JOIN import_goods g ON g.row = b.row WHERE g.product_id IS NULL"
            "  GROUP BY lower(b.product), lower(b.pack) ON CONFLICT DO NOTHING RETURNING id"
            ") INSERT INTO exchange_importedchunk (organization_id, job_number, model, created, updated) "
            "SELECT %(organization)s, %(job)s, 'inventory.product', array_agg(id), '[]' FROM made HAVING count(*) > 0"
        ).format(
            columns=sql.SQL(", ").join(map(sql.Identifier, constants)),
            values=sql.SQL(", ").join(constants.values()),
        ),
        params,
    )
    if made:
        batch.execute(
            "UPDATE import_goods g SET product_id = p.id FROM import_batch b, inventory_product p "
            "WHERE g.product_id IS NULL AND b.row = g.row AND p.organization_id = %(organization)s "
            "AND lower(p.name) = lower(b.product) AND lower(p.pack) = lower(b.pack)"
        )


def make_places(batch: Batch) -> None:
    """Racks that are not there yet, in the first godown of their branch."""
    batch.execute(
        """
        INSERT INTO inventory_place
          (organization_id, version, created_at, branch_id, parent_id, kind, name, code, active, frozen)
        SELECT %(organization)s, 1, now(), g.branch_id, d.id, 'rack', min(b.place), '', true, false
        FROM import_batch b
        JOIN import_goods g ON g.row = b.row
        JOIN LATERAL (
          SELECT p.id FROM inventory_place p
          WHERE p.organization_id = %(organization)s AND p.branch_id = g.branch_id AND p.kind = 'godown' AND p.active
          ORDER BY p.id LIMIT 1
        ) d ON true
        WHERE g.place_id IS NULL AND b.place <> ''
        GROUP BY g.branch_id, d.id, lower(b.place) ON CONFLICT DO NOTHING
        """
    )
    batch.execute(
        "UPDATE import_goods g SET place_id = p.id FROM import_batch b, inventory_place p "
        "WHERE g.place_id IS NULL AND b.row = g.row AND p.organization_id = %(organization)s "
        "AND p.branch_id = g.branch_id AND lower(p.name) = lower(b.place)"
    )


def make_batches(batch: Batch, values: Mapping[str, Any]) -> None:
    """Batches that are not there yet; those that are average their cost with what comes in."""
    products = [key for (key,) in batch.fetch(_PRODUCTS)]
    lock_products(products, patience=_PATIENCE)
    find_batches(batch)
    sequence = batch.fetch("SELECT pg_get_serial_sequence('inventory_batch', 'id')::regclass::oid")[0][0]
    batch.execute(
        """
        WITH lots AS (
          SELECT product_id, number, mrp, nextval(%(sequence)s::oid::regclass) AS id FROM (
            SELECT g.product_id, lower(b.number) AS number, b.mrp
            FROM import_batch b JOIN import_goods g ON g.row = b.row WHERE g.batch_id IS NULL GROUP BY 1, 2, 3
          ) n
        )
        UPDATE import_goods g SET batch_id = l.id, made = true
        FROM import_batch b, lots l
        WHERE b.row = g.row AND g.batch_id IS NULL
          AND l.product_id = g.product_id AND l.number = lower(b.number) AND l.mrp = b.mrp
        """,
        {"sequence": sequence},
    )
    batch.execute(
        """
        INSERT INTO inventory_batch
          (id, organization_id, version, created_at, product_id, number, mrp, expiry, manufactured, mrp_from, ptr, pts,
           cost, state, state_reason, received_on)
        SELECT l.batch_id, %(organization)s, 1, now(), l.product_id, l.number, l.mrp, l.expiry, NULL, %(on)s, l.ptr,
               l.pts, l.cost, 'ok', '', %(on)s
        FROM (
          SELECT DISTINCT ON (g.batch_id) g.batch_id, g.product_id, b.number, b.mrp, b.expiry, b.ptr, b.pts,
                 round(sum(b.cost * b.quantity) OVER whole / sum(b.quantity) OVER whole, 4) AS cost
          FROM import_batch b JOIN import_goods g ON g.row = b.row WHERE g.made
          WINDOW whole AS (PARTITION BY g.batch_id) ORDER BY g.batch_id, b.row
        ) l
        """,
        values,
    )
    if batch.fetch("SELECT EXISTS (SELECT FROM import_goods WHERE NOT made)")[0][0]:
        _average(batch)
    # A line of a batch with another expiry than the line before it in the same file.
    batch.mark(
        "SELECT b.row FROM import_batch b JOIN import_goods g ON g.row = b.row "
        "JOIN inventory_batch t ON t.organization_id = %(organization)s AND t.id = g.batch_id "
        "WHERE t.expiry <> b.expiry",
        column="expiry",
        code="expiry_differs",
        message=_("Another row gives this batch another expiry."),
    )


def _average(batch: Batch) -> None:
    with _row_by_row(batch):
        batch.execute(
            """
            UPDATE inventory_batch t SET cost = a.cost, version = t.version + 1
            FROM (
              SELECT o.id, round((coalesce(max(s.on_hand), 0) * o.cost + max(l.value))
                                 / (coalesce(max(s.on_hand), 0) + max(l.quantity)), 4) AS cost
              FROM (
                SELECT g.batch_id, sum(b.quantity) AS quantity, sum(b.quantity * b.cost) AS value
                FROM import_goods g JOIN import_batch b ON b.row = g.row WHERE NOT g.made GROUP BY 1
              ) l
              JOIN inventory_batch o ON o.organization_id = %(organization)s AND o.id = l.batch_id
              LEFT JOIN LATERAL (
                SELECT sum(on_hand) AS on_hand FROM inventory_stock
                WHERE organization_id = %(organization)s AND batch_id = l.batch_id
              ) s ON true
              GROUP BY o.id, o.cost
            ) a
            WHERE t.organization_id = %(organization)s AND t.id = a.id AND t.cost <> a.cost
            """
        )


def make_moves(batch: Batch, values: Mapping[str, Any]) -> int:
    """The moves that make the stock; returns how many. Rows reported meanwhile are left out."""
    return batch.execute(
        """
        INSERT INTO inventory_move
          (organization_id, batch_id, place_id, product_id, kind, quantity, cost, document_kind, document_id,
           document_number, line, party_id, reason, note, person_id, moment, on_date)
        SELECT %(organization)s, g.batch_id, g.place_id, g.product_id, 'opening', b.quantity, b.cost, %(document)s,
               %(job)s, '', b.row, NULL, '', '', NULL, %(moment)s, %(on)s
        FROM import_batch b
        JOIN import_goods g ON g.row = b.row
        JOIN inventory_batch t ON t.organization_id = %(organization)s AND t.id = g.batch_id AND t.expiry = b.expiry
        ORDER BY g.product_id, g.batch_id
        """,
        values,
    )
