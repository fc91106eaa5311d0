from django.conf import settings
from django.db import migrations

TABLE = settings.TENANT_MODEL.lower().replace(".", "_")

# Asked together with the settings of the transaction when an organization is entered, so it costs no statement. As in
# `tenant_ids`, PL/pgSQL looks table and column up when it is called. A time zone is no secret: it tells nothing else.
TENANT_TIME_ZONE = """
CREATE FUNCTION tenant_time_zone(organization bigint) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ BEGIN RETURN (SELECT time_zone FROM %s WHERE id = organization); END $$;
""".replace("%s", TABLE)


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0002_tenant_ids")]
    operations = [migrations.RunSQL(TENANT_TIME_ZONE, "DROP FUNCTION tenant_time_zone(bigint)")]
