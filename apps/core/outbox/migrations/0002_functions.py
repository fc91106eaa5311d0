from django.db import migrations

# Over all organizations, which only the tables' owner sees; they give back keys and counts, never a fact.
DUE = """
CREATE OR REPLACE FUNCTION outbox_due(most int) RETURNS TABLE (organization_id bigint, id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT organization_id, id FROM outbox_outboxmessage
   WHERE state = 'waiting' AND due_at <= now() ORDER BY due_at LIMIT most $$;
"""
LAG = """
CREATE OR REPLACE FUNCTION outbox_lag() RETURNS TABLE (waiting bigint, dead bigint, oldest_due_seconds numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'dead'),
          extract(epoch FROM now() - min(due_at) FILTER (WHERE state = 'waiting' AND due_at <= now()))
   FROM outbox_outboxmessage WHERE state <> 'done' $$;
"""


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]
    operations = [
        migrations.RunSQL(DUE, "DROP FUNCTION outbox_due(int)"),
        migrations.RunSQL(LAG, "DROP FUNCTION outbox_lag()"),
    ]
