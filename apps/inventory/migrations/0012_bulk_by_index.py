"""Many moves at once are planned for the tables as they are now.

The statements of these triggers are planned once a connection. Where that was when the stock was still empty, as in a
new installation's first import, PostgreSQL added all moves up again for each row of stock: two thousand moves took
seconds, and each further chunk longer. A few moves keep the plan they have, for planning costs as much as they do.
"""

from django.db import migrations

_BULK = 100

_HEAD = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET enable_nestloop = on SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
"""

# ---- Move → Stock ----

_KNOWN = """
  UPDATE inventory_stock s SET on_hand = s.on_hand + m.quantity
  FROM (
    SELECT organization_id, batch_id, place_id, product_id, sum(quantity)::int AS quantity
    FROM added GROUP BY 1, 2, 3, 4
  ) m
  WHERE s.organization_id = m.organization_id AND s.batch_id = m.batch_id AND s.place_id = m.place_id
    AND s.product_id = m.product_id"""
_NEW = """
    INSERT INTO inventory_stock
      (organization_id, batch_id, place_id, product_id, expiry, cost, saleable, on_hand, reserved)
    SELECT m.organization_id, m.batch_id, m.place_id, b.product_id, b.expiry, b.cost,
           b.state = 'ok' AND inventory_place_sells(p.kind), m.quantity, 0
    FROM (
      SELECT organization_id, batch_id, place_id, product_id, sum(quantity)::int AS quantity
      FROM added GROUP BY 1, 2, 3, 4
    ) m
    JOIN inventory_batch b
      ON b.organization_id = m.organization_id AND b.id = m.batch_id AND b.product_id = m.product_id
    JOIN inventory_place p ON p.organization_id = m.organization_id AND p.id = m.place_id
    WHERE NOT EXISTS (
      SELECT FROM inventory_stock s
      WHERE s.organization_id = m.organization_id AND s.batch_id = m.batch_id AND s.place_id = m.place_id
    )
    ORDER BY b.product_id, b.expiry, m.batch_id"""
_MOVED = """
DECLARE wanted int; known int; made int := 0;
BEGIN
  PERFORM FROM inventory_productstock t
  WHERE (t.organization_id, t.product_id) IN (SELECT m.organization_id, m.product_id FROM added m)
  ORDER BY t.product_id FOR NO KEY UPDATE;

  SELECT count(*) INTO wanted FROM (SELECT FROM added GROUP BY organization_id, batch_id, place_id, product_id) m;

  {known}
  GET DIAGNOSTICS known = ROW_COUNT;

  IF known < wanted THEN
    {new}
    GET DIAGNOSTICS made = ROW_COUNT;
    IF known + made < wanted THEN
      RAISE foreign_key_violation USING MESSAGE = 'A stock move names a batch, product or place that is not there.';
    END IF;
  END IF;

  IF EXISTS (
    SELECT FROM (SELECT DISTINCT organization_id, person_id FROM added WHERE person_id IS NOT NULL) m
    WHERE NOT EXISTS (
      SELECT FROM organizations_membership p WHERE p.organization_id = m.organization_id AND p.id = m.person_id
    )
  ) THEN
    RAISE foreign_key_violation USING MESSAGE = 'A stock move names a person who is no member.';
  END IF;
  RETURN NULL;
END $$;
"""

# ---- Stock → ProductStock and StockFigure ----

_SIGNED = {
    "insert": "SELECT 1 AS sign, r.* FROM added r",
    "update": "SELECT 1 AS sign, r.* FROM added r UNION ALL SELECT -1, r.* FROM removed r",
}
_TOTALS = """
  UPDATE inventory_productstock t
  SET on_hand = t.on_hand + d.on_hand, reserved = t.reserved + d.reserved, free = t.free + d.free
  FROM (
    SELECT o.id, c.on_hand, c.reserved, c.free
    FROM (
      SELECT organization_id, product_id, sum(sign * on_hand) AS on_hand, sum(sign * reserved) AS reserved,
             coalesce(sum(sign * (on_hand - reserved)) FILTER (WHERE saleable), 0) AS free
      FROM ({signed}) changed GROUP BY 1, 2
    ) c
    JOIN inventory_productstock o ON o.organization_id = c.organization_id AND o.product_id = c.product_id
    WHERE c.on_hand <> 0 OR c.reserved <> 0 OR c.free <> 0
    ORDER BY c.product_id FOR NO KEY UPDATE OF o
  ) d
  WHERE t.id = d.id"""
_COUNTED = """
DECLARE org bigint; wanted int;
BEGIN
  SELECT count(*) INTO wanted FROM added;
  {totals}

  FOR org IN SELECT DISTINCT organization_id FROM ({signed}) changed LOOP
    INSERT INTO inventory_stockfigure AS f
      (organization_id, shard, kind, expiry, entries, on_hand, reserved, value)
    SELECT org, inventory_figure_shard(org), c.kind, c.expiry, c.entries, c.on_hand, c.reserved, c.value
    FROM (
      SELECT CASE WHEN saleable THEN 'saleable' ELSE 'blocked' END AS kind, expiry,
             sum(sign * (on_hand > 0)::int) AS entries, sum(sign * on_hand) AS on_hand,
             sum(sign * reserved) AS reserved, sum(sign * on_hand * cost) AS value
      FROM ({signed}) changed WHERE organization_id = org GROUP BY 1, 2 ORDER BY 1, 2 OFFSET 0
    ) c
    WHERE c.entries <> 0 OR c.on_hand <> 0 OR c.reserved <> 0 OR c.value <> 0
    ON CONFLICT (organization_id, shard, kind, expiry) DO UPDATE
    SET entries = f.entries + excluded.entries, on_hand = f.on_hand + excluded.on_hand,
        reserved = f.reserved + excluded.reserved, value = f.value + excluded.value;
  END LOOP;
  RETURN NULL;
END $$;
"""


def _planned(statement: str, *, anew: bool) -> str:
    """The statement; for many rows written so that it is planned each time."""
    if not anew:
        return f"{statement.strip()};"
    return f"IF wanted > {_BULK} THEN EXECUTE $q${statement}$q$; ELSE {statement.strip()}; END IF;"


def _functions(*, anew: bool) -> str:
    made = _HEAD.format(name="inventory_moved_insert") + _MOVED.format(
        known=_planned(_KNOWN, anew=anew), new=_planned(_NEW, anew=anew)
    )
    for event, signed in _SIGNED.items():
        totals = _planned(_TOTALS.replace("{signed}", signed), anew=anew)
        made += _HEAD.format(name=f"inventory_counted_{event}")
        made += _COUNTED.replace("{totals}", totals).replace("{signed}", signed)
    return made


class Migration(migrations.Migration):
    dependencies = [("inventory", "0011_copies_by_index")]
    operations = [migrations.RunSQL(_functions(anew=True), _functions(anew=False))]
