"""Where a person may go, in one statement: each request asks it before it is in any organization."""

from django.db import migrations

# Whole rows, so that a column added later comes along. It tells the serving role nothing that it could not see by saying
# which person and which organization it works for; PL/pgSQL keeps the plan.
_MAKE = """
CREATE FUNCTION organizations_standing(person bigint)
RETURNS TABLE (membership organizations_membership, organization organizations_organization, role organizations_role)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$ BEGIN
  RETURN QUERY SELECT m, o, r
  FROM public.organizations_membership m
  JOIN public.organizations_organization o ON o.id = m.organization_id
  JOIN public.organizations_role r ON r.organization_id = m.organization_id AND r.id = m.role_id
  WHERE m.user_id = person;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_slug_is_taken")]

    operations = [migrations.RunSQL(_MAKE, "DROP FUNCTION organizations_standing(bigint)")]
