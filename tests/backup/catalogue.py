"""What a database holds, read as its owner: every row, and everything that guards the rows."""

from __future__ import annotations

import re
from typing import Any

import psycopg
from psycopg import sql

# Rights that tests alone have: `tests/conftest.py` lets the serving role truncate.
_RIGHTS = """
SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants
WHERE table_schema = 'public' AND privilege_type NOT IN ('TRUNCATE', 'MAINTAIN')
UNION ALL
SELECT object_name, grantee, privilege_type FROM information_schema.role_usage_grants WHERE object_schema = 'public'
ORDER BY 1, 2, 3
"""
# The two that number transactions differ from cluster to cluster: that is their purpose.
_FUNCTIONS = """
SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid) FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f' AND p.proname NOT IN ('audit_txid', 'audit_horizon')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1
"""

GUARDS = {
    "policies": "SELECT tablename, policyname, permissive, roles, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2",
    "row security": """SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1""",
    "rights": _RIGHTS,
    # The owner's: a test that empties the tables reports a migration as the serving role, which makes some of its own.
    "rights of tables to come": """SELECT pg_get_userbyid(defaclrole), defaclobjtype, defaclacl::text
        FROM pg_default_acl WHERE pg_get_userbyid(defaclrole) = current_user ORDER BY 1, 2""",
    "owners": """SELECT relname, pg_get_userbyid(relowner) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S', 'v') ORDER BY 1""",
    "triggers": """SELECT tgrelid::regclass::text, pg_get_triggerdef(oid), tgenabled FROM pg_trigger
        WHERE NOT tgisinternal ORDER BY 1, 2""",
    "functions": _FUNCTIONS,
    # Since version 18 NOT NULL is a constraint as well.
    "constraints": """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY 1, 2""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
    "columns": """SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity, is_generated
        FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2""",
    "extensions": "SELECT extname FROM pg_extension ORDER BY 1",
    "sequences": """SELECT sequencename, last_value, increment_by
        FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1""",
}


def tables(link: psycopg.Connection[Any]) -> list[str]:
    found = link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    return [name for (name,) in found]


def rows(link: psycopg.Connection[Any], table: str) -> list[str]:
    """Every row as text, in an order that both databases have."""
    query = sql.SQL('SELECT t::text FROM {} t ORDER BY t::text COLLATE "C"').format(sql.Identifier("public", table))
    return [text for (text,) in link.execute(query).fetchall()]


# A list of words is written with other casts and brackets when it was read from what PostgreSQL itself had written.
_WRITING = re.compile(r"::(character varying|text)(\[\])?|[()]")


def guards(link: psycopg.Connection[Any], what: str) -> list[Any]:
    return [
        tuple(_WRITING.sub("", value) if isinstance(value, str) else value for value in row)
        for row in link.execute(GUARDS[what]).fetchall()
    ]
