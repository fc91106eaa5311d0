"""Offering what may leave without looking at the batch of every lot: a product that sells well has dozens."""

from django.db import migrations

# Lots whose turn cannot come, because those that expire in earlier months fill the line, are left out before their
# batches are looked up; within a month the day of receipt decides, so all of it stays.
OFFER = """
CREATE OR REPLACE FUNCTION inventory_offer(
  products bigint[], wanted bigint[], first_days date[], branch bigint, places bigint[], patience int
) RETURNS TABLE (
  product_id bigint, batch_id bigint, place_id bigint, number varchar, expiry date, received_on date, free int,
  mrp numeric, ptr numeric, cost numeric
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '150ms'
SET enable_nestloop = on SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $$
#variable_conflict use_column
BEGIN
  PERFORM set_config('lock_timeout', patience::text, true);
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('inventory.places', app_org()));
  PERFORM FROM inventory_productstock t
  WHERE t.organization_id = app_org() AND t.product_id = ANY (products)
  ORDER BY t.product_id FOR NO KEY UPDATE;
  RETURN QUERY
  SELECT o.product_id, o.batch_id, o.place_id, b.number, o.expiry, b.received_on, o.free, b.mrp, b.ptr, o.cost
  FROM (
    SELECT s.product_id, s.batch_id, s.place_id, s.expiry, s.on_hand - s.reserved AS free, s.cost, w.quantity,
           coalesce(sum(s.on_hand - s.reserved) OVER (
             PARTITION BY s.product_id ORDER BY s.expiry
             RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE GROUP
           ), 0) AS before
    FROM unnest(products, wanted, first_days) AS w (product_id, quantity, first_day)
    JOIN inventory_stock s
      ON s.organization_id = app_org() AND s.product_id = w.product_id AND s.expiry >= w.first_day AND s.in_stock
    JOIN inventory_place p ON p.id = s.place_id
    WHERE s.saleable AND s.on_hand > s.reserved AND NOT p.frozen AND p.branch_id = branch
      AND (places IS NULL OR s.place_id = ANY (places))
  ) o
  JOIN inventory_batch b ON b.id = o.batch_id
  WHERE o.before < o.quantity;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0008_godown")]
    operations = [migrations.RunSQL(OFFER, migrations.RunSQL.noop)]
