"""A web address must be unique among organizations that cannot see one another, so the owner of the table looks."""

from django.db import migrations

_MAKE = """
CREATE FUNCTION organizations_slug_is_taken(wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT EXISTS (SELECT FROM public.organizations_organization o WHERE o.slug = wanted) $$;
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]

    operations = [migrations.RunSQL(_MAKE, "DROP FUNCTION organizations_slug_is_taken(text)")]
