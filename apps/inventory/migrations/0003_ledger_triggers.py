"""Moves make stock, stock makes the totals: by triggers, so that nobody can write one without the other.

All of them work on whole statements, and run as the tables' owner: the serving role may only read what they keep.
Each row brings its organization, and everything is joined by it. Their queries are planned once per connection, when tables may still be almost
empty or an import may have switched settings; so each function fixes the way that stays right: index by index.
"""

from django.db import migrations

# Rows that a statement changed, each with its sign: what went away counts against what came.
_SIGNED = {
    "insert": "SELECT 1 AS sign, r.* FROM added r",
    "update": "SELECT 1 AS sign, r.* FROM added r UNION ALL SELECT -1, r.* FROM removed r",
    "delete": "SELECT -1 AS sign, r.* FROM removed r",
}
_TABLES = {
    "insert": "NEW TABLE AS added",
    "update": "OLD TABLE AS removed NEW TABLE AS added",
    "delete": "OLD TABLE AS removed",
}


def _function(name: str, body: str, declare: str = "") -> str:
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET enable_nestloop = on SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
{declare}
BEGIN
{body}
  RETURN NULL;
END $$;
"""


def _trigger(function: str, table: str, event: str) -> str:
    return (
        f"CREATE TRIGGER {function} AFTER {event.upper()} ON {table} REFERENCING {_TABLES[event]} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}();\n"
    )


def _steps(name: str, table: str, events: dict[str, str], declare: str = "") -> migrations.RunSQL:
    """A trigger per event on the table; `events` gives each one's body."""
    made = "".join(
        _function(f"{name}_{event}", body, declare) + _trigger(f"{name}_{event}", table, event)
        for event, body in events.items()
    )
    dropped = "".join(f"DROP FUNCTION {name}_{event}() CASCADE;\n" for event in events)
    return migrations.RunSQL(made, dropped)


SALEABLE_PLACE = """
CREATE FUNCTION inventory_place_sells(kind text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT kind IN ('godown', 'rack', 'bin', 'van') $$;
"""

# Figures are added to a shard that no other transaction uses at this moment. The lock is a hint and never waited for:
# when all are taken, the last one's rows are.
FIGURE_SHARD = """
CREATE FUNCTION inventory_figure_shard(organization bigint) RETURNS smallint LANGUAGE plpgsql AS $$
DECLARE
  first int := pg_backend_pid() % 16;
  shard int;
BEGIN
  FOR step IN 0..15 LOOP
    shard := (first + step) % 16;
    IF pg_try_advisory_xact_lock(1702389091, (organization % 134217728)::int * 16 + shard) THEN
      RETURN shard;
    END IF;
  END LOOP;
  RETURN first;
END $$;
"""

# ---- Move → Stock ----

_MOVED = """
  PERFORM FROM inventory_productstock t
  WHERE (t.organization_id, t.product_id) IN (SELECT m.organization_id, m.product_id FROM added m)
  ORDER BY t.product_id FOR NO KEY UPDATE;

  SELECT count(*) INTO wanted FROM (SELECT FROM added GROUP BY organization_id, batch_id, place_id, product_id) m;

  UPDATE inventory_stock s SET on_hand = s.on_hand + m.quantity
  FROM (
    SELECT organization_id, batch_id, place_id, product_id, sum(quantity)::int AS quantity
    FROM added GROUP BY 1, 2, 3, 4
  ) m
  WHERE s.organization_id = m.organization_id AND s.batch_id = m.batch_id AND s.place_id = m.place_id
    AND s.product_id = m.product_id;
  GET DIAGNOSTICS known = ROW_COUNT;

  IF known < wanted THEN
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
    ORDER BY b.product_id, b.expiry, m.batch_id;
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
"""

# ---- Reservation → Stock ----

_HELD = """
  UPDATE inventory_stock s SET reserved = s.reserved + r.quantity
  FROM (
    SELECT organization_id, batch_id, place_id, sum(sign * quantity)::int AS quantity
    FROM ({signed}) changed GROUP BY 1, 2, 3
  ) r
  WHERE s.organization_id = r.organization_id AND s.batch_id = r.batch_id AND s.place_id = r.place_id
    AND r.quantity <> 0;
  GET DIAGNOSTICS known = ROW_COUNT;
  IF known < (
    SELECT count(*) FROM (
      SELECT FROM ({signed}) changed GROUP BY organization_id, batch_id, place_id HAVING sum(sign * quantity) <> 0
    ) r
  ) THEN
    RAISE foreign_key_violation USING MESSAGE = 'Nothing of the batch lies there, so none can be held.';
  END IF;
"""

# ---- Stock → ProductStock and StockFigure ----

_COUNTED = """
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
  WHERE t.id = d.id;

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
"""

# ---- ProductStock → StockFigure ----

_JUDGED = """
  FOR org, low, stocked IN
    SELECT organization_id, sum(sign * is_low::int), sum(sign * (on_hand > 0)::int) FROM ({signed}) changed GROUP BY 1
  LOOP
    IF low <> 0 OR stocked <> 0 THEN
      INSERT INTO inventory_stockfigure AS f
        (organization_id, shard, kind, expiry, entries, on_hand, reserved, value)
      SELECT org, inventory_figure_shard(org), c.kind, NULL, c.entries, 0, 0, 0
      FROM (VALUES ('low', low), ('product', stocked)) AS c (kind, entries) WHERE c.entries <> 0
      ON CONFLICT (organization_id, shard, kind, expiry) DO UPDATE SET entries = f.entries + excluded.entries;
    END IF;
  END LOOP;
"""

# ---- Product → ProductStock ----

_PRODUCT_MADE = """
  INSERT INTO inventory_productstock (organization_id, product_id, on_hand, reserved, free, reorder_level)
  SELECT organization_id, id, 0, 0, 0, CASE WHEN active THEN reorder_level END FROM added ORDER BY id;
"""
_PRODUCT_CHANGED = """
  UPDATE inventory_productstock t SET reorder_level = d.level
  FROM (
    SELECT o.id, CASE WHEN n.active THEN n.reorder_level END AS level
    FROM added n
    JOIN inventory_productstock o ON o.organization_id = n.organization_id AND o.product_id = n.id
    WHERE o.reorder_level IS DISTINCT FROM CASE WHEN n.active THEN n.reorder_level END
    ORDER BY n.id FOR NO KEY UPDATE OF o
  ) d
  WHERE t.id = d.id;
"""
# Only a product that nothing lies of can go: its batches refer to it.
_PRODUCT_GONE = """
  DELETE FROM inventory_productstock t USING removed p
  WHERE t.organization_id = p.organization_id AND t.product_id = p.id;
"""

# ---- Batch and Place → the copies in Stock ----

_BATCH_CHANGED = """
  UPDATE inventory_stock s
  SET expiry = n.expiry, cost = n.cost, saleable = n.state = 'ok' AND inventory_place_sells(p.kind)
  FROM added n, removed o, inventory_place p
  WHERE o.id = n.id AND (n.expiry, n.cost, n.state) IS DISTINCT FROM (o.expiry, o.cost, o.state)
    AND s.organization_id = n.organization_id AND s.batch_id = n.id
    AND p.organization_id = s.organization_id AND p.id = s.place_id;
"""
_PLACE_CHANGED = """
  UPDATE inventory_stock s SET saleable = b.state = 'ok' AND inventory_place_sells(n.kind)
  FROM added n, removed o, inventory_batch b
  WHERE o.id = n.id AND inventory_place_sells(n.kind) <> inventory_place_sells(o.kind)
    AND s.organization_id = n.organization_id AND s.place_id = n.id
    AND b.organization_id = s.organization_id AND b.id = s.batch_id;
"""

# ---- Batches and places of which there is stock stay: it has no constraint of its own ----

_KEPT = """
  IF EXISTS (
    SELECT FROM inventory_stock s JOIN removed r ON s.organization_id = r.organization_id AND s.{column} = r.id
  ) THEN
    RAISE foreign_key_violation USING MESSAGE = 'Stock moves refer to it.';
  END IF;
"""


def _signed(body: str, *events: str) -> dict[str, str]:
    return {event: body.replace("{signed}", _SIGNED[event]) for event in events}


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_ledger"), ("tenancy", "0001_functions")]
    operations = [
        migrations.RunSQL(
            # Room in each page for the next version of a row, so that a change of quantity touches no index.
            "ALTER TABLE inventory_stock SET (fillfactor = 75); ALTER TABLE inventory_productstock SET (fillfactor = 70);"
            "ALTER TABLE inventory_stockfigure SET (fillfactor = 30)",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(SALEABLE_PLACE, "DROP FUNCTION inventory_place_sells(text)"),
        migrations.RunSQL(FIGURE_SHARD, "DROP FUNCTION inventory_figure_shard(bigint)"),
        _steps("inventory_product", "inventory_product",
               {"insert": _PRODUCT_MADE, "update": _PRODUCT_CHANGED, "delete": _PRODUCT_GONE}),
        _steps("inventory_totals", "inventory_productstock",
               _signed(_JUDGED, "insert", "update", "delete"), "DECLARE org bigint; low bigint; stocked bigint;"),
        _steps("inventory_counted", "inventory_stock",
               _signed(_COUNTED, "insert", "update", "delete"),
               "DECLARE org bigint;"),
        _steps("inventory_moved", "inventory_move", {"insert": _MOVED}, "DECLARE wanted int; known int; made int := 0;"),
        _steps("inventory_held", "inventory_reservation", _signed(_HELD, "insert", "update", "delete"), "DECLARE known int;"),
        _steps("inventory_batch_copies", "inventory_batch", {"update": _BATCH_CHANGED}),
        _steps("inventory_place_copies", "inventory_place", {"update": _PLACE_CHANGED}),
        _steps("inventory_batch_kept", "inventory_batch", {"delete": _KEPT.replace("{column}", "batch_id")}),
        _steps("inventory_place_kept", "inventory_place", {"delete": _KEPT.replace("{column}", "place_id")}),
    ]  # fmt: skip
