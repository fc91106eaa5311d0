"""What picking asks of the database: one lock for each product, taken in order, and what may leave, soonest expiry first.

Both functions run as the tables' owner, because the totals that they lock are for the serving role to read only.
"""

from django.db import migrations

# Whoever moves goods shares this lock; whoever freezes or archives a place holds it alone, and so finds nobody under way.
_STILL = "hashtextextended('inventory.places', app_org())"

LOCK = f"""
CREATE FUNCTION inventory_lock(products bigint[], patience int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '150ms' SET enable_seqscan = off
AS $$
BEGIN
  PERFORM set_config('lock_timeout', patience::text, true);
  PERFORM pg_advisory_xact_lock_shared({_STILL});
  PERFORM FROM inventory_productstock t
  WHERE t.organization_id = app_org() AND t.product_id = ANY (products)
  ORDER BY t.product_id FOR NO KEY UPDATE;
END $$;
"""

STILL = f"""
CREATE FUNCTION inventory_hold_still() RETURNS void LANGUAGE sql AS
$$ SELECT pg_advisory_xact_lock({_STILL}) $$;
"""

# `wanted` is what all lines of a product ask for together. Lots behind the one that fills it are left out, so that a
# product with a hundred batches costs no more than one with two.
OFFER = f"""
CREATE FUNCTION inventory_offer(
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
  PERFORM pg_advisory_xact_lock_shared({_STILL});
  PERFORM FROM inventory_productstock t
  WHERE t.organization_id = app_org() AND t.product_id = ANY (products)
  ORDER BY t.product_id FOR NO KEY UPDATE;
  RETURN QUERY
  SELECT o.product_id, o.batch_id, o.place_id, o.number, o.expiry, o.received_on, o.free, o.mrp, o.ptr, o.cost
  FROM (
    SELECT s.product_id, s.batch_id, s.place_id, b.number, s.expiry, b.received_on, s.on_hand - s.reserved AS free,
           b.mrp, b.ptr, s.cost, w.quantity,
           sum(s.on_hand - s.reserved) OVER (
             PARTITION BY s.product_id ORDER BY s.expiry, b.received_on, s.place_id, s.batch_id
             ROWS UNBOUNDED PRECEDING
           ) - (s.on_hand - s.reserved) AS before
    FROM unnest(products, wanted, first_days) AS w (product_id, quantity, first_day)
    JOIN inventory_stock s
      ON s.organization_id = app_org() AND s.product_id = w.product_id AND s.expiry >= w.first_day AND s.in_stock
    JOIN inventory_batch b ON b.id = s.batch_id
    JOIN inventory_place p ON p.id = s.place_id
    WHERE s.saleable AND s.on_hand > s.reserved AND NOT p.frozen AND p.branch_id = branch
      AND (places IS NULL OR s.place_id = ANY (places))
  ) o
  WHERE o.before < o.quantity;
END $$;
"""  # noqa: S608 - our own text


class Migration(migrations.Migration):
    dependencies = [("inventory", "0006_view_figures")]
    operations = [
        migrations.RunSQL(LOCK, "DROP FUNCTION inventory_lock(bigint[], int)"),
        migrations.RunSQL(STILL, "DROP FUNCTION inventory_hold_still()"),
        migrations.RunSQL(OFFER, "DROP FUNCTION inventory_offer(bigint[], bigint[], date[], bigint, bigint[], int)"),
    ]
