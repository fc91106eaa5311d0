"""Proof that the database really isolates organizations, before the first page is served."""

from __future__ import annotations

import functools
from typing import Any

from django.core.checks import CheckMessage
from django.core.checks import Warning as CheckWarning
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from apps.core.tenancy import leakproof

_ROLE = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
_OWNED = """
SELECT count(*) FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relrowsecurity
  AND pg_has_role(current_user, c.relowner, 'USAGE')
"""
# Materialized views and foreign tables count as tables here: they can have no policy, so none may hold tenant data.
_UNPROTECTED = """
SELECT c.relname FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'm', 'f') AND c.relnamespace = 'public'::regnamespace
  AND (NOT c.relrowsecurity OR NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))
ORDER BY 1
"""
_VIEWS = """
SELECT c.relname FROM pg_class c
WHERE c.relkind = 'v' AND c.relnamespace = 'public'::regnamespace
  AND pg_get_userbyid(c.relowner) NOT IN ('postgres')
  AND NOT coalesce(c.reloptions::text LIKE '%%security_invoker=true%%', false)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1
"""


class NotIsolated(ImproperlyConfigured):
    """The database would let one organization see another; the message names the hole."""


def assert_isolated() -> None:
    """Check role, tables and views.

    Raises:
        NotIsolated: the role bypasses row-level security, a tenant table has no policy, or a view runs as its owner.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ROLE)
        if cursor.fetchone()[0]:
            raise NotIsolated("The database role is a superuser or bypasses row-level security. Serve as erp_app.")
        cursor.execute(_OWNED)
        if cursor.fetchone()[0]:
            raise NotIsolated("The database role owns tables, so their policies do not bind it. Serve as erp_app.")
        cursor.execute(_UNPROTECTED)
        if names := [row[0] for row in cursor.fetchall()]:
            raise NotIsolated(f"Tables without row-level security: {', '.join(names)}. Run: manage.py migrate")
        cursor.execute(_VIEWS)
        if names := [row[0] for row in cursor.fetchall()]:
            raise NotIsolated(f"Views without security_invoker: {', '.join(names)}.")


@functools.cache
def ensure_isolated() -> None:
    """`assert_isolated`, once per process."""
    assert_isolated()


def leakproof_comparisons(databases: Any = None, **_given: Any) -> list[CheckMessage]:
    """System check of `manage.py check --database default`: deep pages are slow until a superuser has helped."""
    if not databases:
        return []
    found = leakproof.warning()
    return [CheckWarning(found, hint="See docs/deployment.md, Database.", id="tenancy.W001")] if found else []
