"""Rows to measure on, made inside PostgreSQL from hashes of their number: the same each run, a million in seconds."""

from __future__ import annotations

from typing import Any

import psycopg

# h(n, salt): 31 evenly spread bits from a number, the only source of variety.
_HASH = """
CREATE OR REPLACE FUNCTION pg_temp.h(n bigint, salt text) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT ('x' || substr(md5(n::text || salt), 1, 8))::bit(32)::int & 2147483647 $$
"""

_FIRST = (
    "{Asha,Banyan,Cedar,Deepak,Eknath,Fern,Ganga,Harbour,Indus,Jasmine,Kite,"
    "Lantern,Mango,Neem,Ocean,Peepal,Quartz,River,Saffron,Tulsi}"
)
_SECOND = (
    "{Care,City,Clock,Cross,Garden,Gate,Green,Hill,Lake,Life,Market,Moon,North,Old,Park,Road,South,Star,Tower,Village}"
)
_THIRD = "{Chemists,Medicals,Pharmacy,Agencies,Distributors,Surgicals,Hospital,Nursing Home,Remedies,Drug House}"
_CITIES = "{Pune,Mumbai,Nagpur,Nashik,Thane,Solapur,Kolhapur,Satara,Sangli,Aurangabad,Surat,Vapi,Indore,Goa,Belagavi}"

_PARTIES = """
INSERT INTO parties_party
  (organization_id, version, created_at, name, is_customer, is_supplier, registration, gstin, pan, state_code,
   address, city, pin_code, phone, email, credit_limit, credit_days, minimum_shelf_life_days, active)
SELECT %(organization)s, 1, now(),
       (%(first)s::text[])[1 + pg_temp.h(n, 'a') %% 20] || ' ' || (%(second)s::text[])[1 + pg_temp.h(n, 'b') %% 20]
         || ' ' || (%(third)s::text[])[1 + pg_temp.h(n, 'c') %% 10] || ' ' || n,
       pg_temp.h(n, 'd') %% 10 > 0, pg_temp.h(n, 'd') %% 10 = 0, 'unregistered', '', '', '27',
       n || ' Station Road', (%(cities)s::text[])[1 + pg_temp.h(n, 'e') %% 15],
       (411000 + pg_temp.h(n, 'f') %% 99)::text, '9' || lpad((pg_temp.h(n, 'g') %% 1000000000)::text, 9, '0'), '',
       CASE WHEN pg_temp.h(n, 'i') %% 5 = 0 THEN NULL ELSE (pg_temp.h(n, 'i') %% 500) * 1000 END,
       (pg_temp.h(n, 'j') %% 4) * 15, 0, pg_temp.h(n, 'k') %% 50 > 0
FROM generate_series(1, %(count)s) AS n
"""


def load(owner: psycopg.Connection[Any], *tables: str, statement: str, values: dict[str, Any]) -> None:
    """Run a statement that fills the tables, without their triggers, and let the planner know the new rows.

    The statement may call `pg_temp.h(n, salt)`: 31 evenly spread bits. Values stand in it as `%(name)s`.
    """
    with owner.cursor() as cursor:
        cursor.execute(_HASH)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
        cursor.execute(statement.encode(), values)
        # The foreign keys are deferred: their checks must have run before the table can be altered again.
        owner.commit()
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())
    owner.commit()
    owner.autocommit = True
    for table in tables:
        owner.execute(f"VACUUM ANALYZE {table}".encode())
    owner.autocommit = False


def make_parties(owner: psycopg.Connection[Any], *, organization: int, count: int) -> None:
    """Fill the organization with so many parties."""
    values = {
        "organization": organization,
        "count": count,
        "first": _FIRST,
        "second": _SECOND,
        "third": _THIRD,
        "cities": _CITIES,
    }
    load(owner, "parties_party", statement=_PARTIES, values=values)
