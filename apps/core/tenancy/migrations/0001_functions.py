from django.db import migrations

# NULLIF: after a transaction ends, PostgreSQL leaves a setting that was local to it as '' rather than NULL.
CURRENT_ORGANIZATION = """
CREATE OR REPLACE FUNCTION app_org() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT NULLIF(current_setting('app.organization_id', true), '')::bigint $$;
"""
CURRENT_PERSON = """
CREATE OR REPLACE FUNCTION app_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT NULLIF(current_setting('app.user_id', true), '')::bigint $$;
"""


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunSQL(CURRENT_ORGANIZATION, "DROP FUNCTION app_org()"),
        migrations.RunSQL(CURRENT_PERSON, "DROP FUNCTION app_user()"),
    ]
