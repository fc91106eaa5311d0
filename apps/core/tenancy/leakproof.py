"""Comparisons that an index may answer under row-level security.

PostgreSQL lets an index look before the policy only by functions marked LEAKPROOF, and marks neither `lower` nor the
comparisons of `numeric`: see docs/adr/0005. The embedded server marks them itself; elsewhere a superuser must.
"""

from __future__ import annotations

from django.db import connection

COMPARISONS = (
    "lower(text)",
    *(f"numeric_{name}(numeric,numeric)" for name in ("eq", "ne", "lt", "le", "gt", "ge")),
)

_UNMARKED = """
SELECT name FROM unnest(%s::text[]) AS name
WHERE NOT (SELECT proleakproof FROM pg_proc WHERE oid = ('pg_catalog.' || name)::regprocedure) ORDER BY name
"""


def unmarked() -> list[str]:
    """The functions that this database does not know to be leakproof; none when all is well."""
    with connection.cursor() as cursor:
        cursor.execute(_UNMARKED, [list(COMPARISONS)])
        return [name for (name,) in cursor.fetchall()]


def warning() -> str:
    """What that means and what to do, empty when there is nothing to do."""
    names = unmarked()
    if not names:
        return ""
    return (
        f"{len(names)} functions of this database are not marked LEAKPROOF: {', '.join(names)}. Pages deep in a list "
        "sorted by text or money grow slower with their depth. Let a superuser run, in this database: "
        + " ".join(f"ALTER FUNCTION {name} LEAKPROOF;" for name in names)
    )
