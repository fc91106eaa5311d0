"""How much of the stock is kept cold, and how much is Schedule H1: counted by triggers, as the other figures are.

Only what comes into stock or leaves it changes these counts, so most statements find nothing to do.
"""

from django.db import migrations

_SIGNED = {
    "insert": ("SELECT 1 AS sign, r.* FROM added r", "NEW TABLE AS added"),
    "update": (
        "SELECT 1 AS sign, r.* FROM added r UNION ALL SELECT -1, r.* FROM removed r",
        "OLD TABLE AS removed NEW TABLE AS added",
    ),
    "delete": ("SELECT -1 AS sign, r.* FROM removed r", "OLD TABLE AS removed"),
}

# The two counts of a loop are added to the figures of a shard that no other transaction uses.
_ADDED = """
    INSERT INTO inventory_stockfigure AS f
      (organization_id, shard, kind, expiry, entries, on_hand, reserved, value)
    SELECT org, inventory_figure_shard(org), c.kind, NULL, c.entries, 0, 0, 0
    FROM (VALUES ('cold', cold), ('h1', scheduled)) AS c (kind, entries) WHERE c.entries <> 0
    ON CONFLICT (organization_id, shard, kind, expiry) DO UPDATE SET entries = f.entries + excluded.entries;
"""

_FUNCTION = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE org bigint; cold bigint; scheduled bigint;
BEGIN
  FOR org, cold, scheduled IN
{counted}
  LOOP
{added}
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {transition}
FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""

_OF_STOCK = """
    SELECT c.organization_id, coalesce(sum(c.rows) FILTER (WHERE p.storage = 'cold'), 0),
           coalesce(sum(c.rows) FILTER (WHERE p.schedule = 'H1'), 0)
    FROM (
      SELECT organization_id, product_id, sum(sign) AS rows FROM ({signed}) changed WHERE in_stock
      GROUP BY 1, 2 HAVING sum(sign) <> 0
    ) c
    JOIN inventory_product p ON p.organization_id = c.organization_id AND p.id = c.product_id
    WHERE p.storage = 'cold' OR p.schedule = 'H1'
    GROUP BY 1
"""

_OF_PRODUCT = """
    SELECT n.organization_id, sum(((n.storage = 'cold')::int - (o.storage = 'cold')::int) * s.rows),
           sum(((n.schedule = 'H1')::int - (o.schedule = 'H1')::int) * s.rows)
    FROM added n
    JOIN removed o ON o.id = n.id
    CROSS JOIN LATERAL (
      SELECT count(*) AS rows FROM inventory_stock
      WHERE organization_id = n.organization_id AND product_id = n.id AND in_stock
    ) s
    WHERE (n.storage = 'cold') <> (o.storage = 'cold') OR (n.schedule = 'H1') <> (o.schedule = 'H1')
    GROUP BY 1
"""


def _trigger(name: str, table: str, event: str, counted: str) -> migrations.RunSQL:
    made = _FUNCTION.format(
        name=name, table=table, event=event.upper(), counted=counted, added=_ADDED, transition=_SIGNED[event][1]
    )
    return migrations.RunSQL(made, f"DROP FUNCTION {name}() CASCADE")


# What an installation that is older than these figures has in stock already.
_BEFORE = """
INSERT INTO inventory_stockfigure (organization_id, shard, kind, expiry, entries, on_hand, reserved, value)
SELECT c.organization_id, 0, c.kind, NULL, count(*), 0, 0, 0
FROM (
  SELECT s.organization_id, unnest(ARRAY[
           CASE WHEN p.storage = 'cold' THEN 'cold' END, CASE WHEN p.schedule = 'H1' THEN 'h1' END]) AS kind
  FROM inventory_stock s
  JOIN inventory_product p ON p.organization_id = s.organization_id AND p.id = s.product_id
  WHERE s.in_stock AND (p.storage = 'cold' OR p.schedule = 'H1')
) c
WHERE c.kind IS NOT NULL GROUP BY 1, 3
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0005_alerts"), ("tenancy", "0001_functions")]
    operations = [
        *[
            _trigger(f"inventory_viewed_{event}", "inventory_stock", event, _OF_STOCK.replace("{signed}", signed))
            for event, (signed, _transition) in _SIGNED.items()
        ],
        _trigger("inventory_product_viewed", "inventory_product", "update", _OF_PRODUCT),
        migrations.RunSQL(_BEFORE, "DELETE FROM inventory_stockfigure WHERE kind IN ('cold', 'h1')"),
    ]
