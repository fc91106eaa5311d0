"""Sales of each day, kept by the posting itself; and a bill whose goods came back stays.

The triggers fire for a row whose state changes and for no other: lines of a draft are written many times and cost
nothing here. They run as the tables' owner, so that the serving role can only read what they keep. A posting adds to a
shard that no other transaction uses at this moment, as the figures of the stock do.
"""

from django.db import migrations

_ADD = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  sign int := CASE WHEN NEW.state = 'posted' THEN 1 ELSE -1 END;
BEGIN
  INSERT INTO sales_dailysales AS d (organization_id, branch_id, on_date, shard, bills, billed, returned)
  VALUES (NEW.organization_id, NEW.branch_id, NEW.on_date, inventory_figure_shard(NEW.organization_id), {values})
  ON CONFLICT (organization_id, on_date, branch_id, shard) DO UPDATE
  SET bills = d.bills + EXCLUDED.bills, billed = d.billed + EXCLUDED.billed, returned = d.returned + EXCLUDED.returned;
  RETURN NULL;
END $$;
CREATE TRIGGER {name} AFTER UPDATE OF state ON {table} FOR EACH ROW
WHEN ((NEW.state = 'posted') <> (OLD.state = 'posted')) EXECUTE FUNCTION {name}();
"""

# A bill whose goods came back has a credit note: taken back as well, it would be credited twice.
_RETURNED = """
CREATE FUNCTION sales_bill_not_returned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM sales_billpick p
    JOIN sales_returnedpick r ON r.organization_id = p.organization_id AND r.pick_id = p.id
    WHERE p.organization_id = NEW.organization_id AND p.bill_id = NEW.id AND r.returned > 0
  ) THEN
    RAISE EXCEPTION 'Goods of bill % came back, so it is not cancelled.', NEW.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sales_bill_not_returned BEFORE UPDATE OF state ON sales_bill FOR EACH ROW
WHEN (NEW.state = 'cancelled') EXECUTE FUNCTION sales_bill_not_returned();
"""


def _steps(name: str, table: str, values: str) -> migrations.RunSQL:
    return migrations.RunSQL(_ADD.format(name=name, table=table, values=values), f"DROP FUNCTION {name}() CASCADE;")


class Migration(migrations.Migration):
    dependencies = [("sales", "0002_returns"), ("inventory", "0003_ledger_triggers")]

    operations = [
        migrations.RunSQL(_RETURNED, "DROP FUNCTION sales_bill_not_returned() CASCADE;"),
        _steps("sales_bill_counted", "sales_bill", "sign, sign * NEW.total, 0"),
        _steps("sales_return_counted", "sales_salesreturn", "0, 0, sign * NEW.total"),
    ]
