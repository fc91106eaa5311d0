from django.conf import settings
from django.db import migrations

TABLE = settings.TENANT_MODEL.lower().replace(".", "_")

# PL/pgSQL looks the table up when it is called: the migration that makes it belongs to an upper floor and comes later.
# With SECURITY DEFINER the path is fixed, so that no table of a caller's own can pose as it.
TENANT_IDS = """
CREATE OR REPLACE FUNCTION tenant_ids() RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ BEGIN RETURN QUERY SELECT id FROM %s WHERE active ORDER BY id; END $$;
""".replace("%s", TABLE)


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0001_functions")]
    operations = [migrations.RunSQL(TENANT_IDS, "DROP FUNCTION tenant_ids()")]
