"""A batch that changes is compared with its stock, not with what it was: joining the new rows with the old ones compared
each with each, for hash joins are off in these functions, and an import that averages ten thousand costs took minutes.
"""

from django.db import migrations

_FUNCTION = """
CREATE OR REPLACE FUNCTION inventory_batch_copies_update() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET enable_nestloop = on SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
  UPDATE inventory_stock s
  SET expiry = n.expiry, cost = n.cost, saleable = n.state = 'ok' AND inventory_place_sells(p.kind)
  FROM {changed}inventory_place p
  WHERE {unlike}
    AND s.organization_id = n.organization_id AND s.batch_id = n.id
    AND p.organization_id = s.organization_id AND p.id = s.place_id;
  RETURN NULL;
END $$;
"""
_NOW = _FUNCTION.replace("{changed}", "added n, ").replace(
    "{unlike}",
    "(s.expiry, s.cost, s.saleable) IS DISTINCT FROM (n.expiry, n.cost, n.state = 'ok' AND inventory_place_sells(p.kind))",
)
_BEFORE = _FUNCTION.replace("{changed}", "added n, removed o, ").replace(
    "{unlike}", "o.id = n.id AND (n.expiry, n.cost, n.state) IS DISTINCT FROM (o.expiry, o.cost, o.state)"
)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0010_standing_places")]
    operations = [migrations.RunSQL(_NOW, _BEFORE)]
