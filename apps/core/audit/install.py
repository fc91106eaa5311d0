"""What the history needs of the database besides its tables, brought about around every `migrate`.

- `audit_txid()` numbers the transaction of each event, `audit_horizon()` says below which number every transaction has
  ended. PostgreSQL's own counter starts again in a new cluster; a dump restored there would number new events below
  old ones, and no seal would ever take them. So the functions add an offset, raised when the database wakes elsewhere.
- The history triggers run as the owner of the tables, so that the serving role needs no right to write history, and
  cannot forge an event.
- pghistory's own context table stays unused: it has no organization, so one could read the other's.
- `audit_unsealed()` and `audit_organizations()` tell the sealer and the verifier where to look; they reveal keys only.
  `audit_seal_lag()` tells the operator how far sealing is behind; it reveals a number of seconds.
"""

from __future__ import annotations

from typing import Any

import pghistory.trigger
import pgtrigger
from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from apps.core.audit.history import history_models

_NUMBERS = """
CREATE OR REPLACE FUNCTION audit_txid() RETURNS bigint LANGUAGE sql STABLE PARALLEL RESTRICTED AS
$$ SELECT pg_current_xact_id()::text::bigint + {offset} $$;
CREATE OR REPLACE FUNCTION audit_horizon() RETURNS bigint LANGUAGE sql STABLE PARALLEL RESTRICTED AS
$$ SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + {offset} $$;
COMMENT ON FUNCTION audit_txid() IS {cluster};
"""

_NO_SHARED_CONTEXT = """
CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT NULL::uuid $$
"""

_CLUSTER = "SELECT system_identifier::text FROM pg_control_system()"
_KNOWN_CLUSTER = "SELECT obj_description(to_regprocedure('audit_txid()'), 'pg_proc')"

_RUNS_AS_OWNER = "SELECT prosecdef FROM pg_proc WHERE proname = %s AND pronamespace = 'public'::regnamespace"

_OWNS = """
SELECT count(*) > 0 FROM pg_class
WHERE oid = to_regclass('audit_seal') AND pg_get_userbyid(relowner) = current_user
"""


def install_before_migrate(using: str, **kwargs: Any) -> None:  # noqa: ARG001 - Django sends more
    """History tables name `audit_txid()` in a column default, so it must be there before the first of them."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('audit_txid()') IS NULL")
        if cursor.fetchone()[0]:
            _number_from(cursor, offset=0)


def install_after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:  # noqa: ARG001 - Django sends more
    """Run once, when `migrate` reports its last app, and only as the owner: tests flush as the serving role."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender.label != last.label:
        return
    with connections[using].cursor() as cursor:
        cursor.execute(_OWNS)
        owns = cursor.fetchone()[0]
    if owns:
        install(connections[using])


def install(connection: BaseDatabaseWrapper) -> None:
    """Bring functions and triggers up to what the models declare; running it again changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_NO_SHARED_CONTEXT)
        _let_triggers_write(cursor)
        _write_lookups(cursor)
        _keep_numbers_growing(cursor)


def _let_triggers_write(cursor: Any) -> None:
    for model, trigger in pgtrigger.registered():
        if not isinstance(trigger, pghistory.trigger.Event):
            continue
        name = trigger.get_pgid(model)
        cursor.execute(_RUNS_AS_OWNER, [name])
        row = cursor.fetchone()
        if row is not None and not row[0]:
            # pg_temp last: a temporary table must not stand in for a history table.
            cursor.execute(
                sql.SQL("ALTER FUNCTION {}() SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp").format(
                    sql.Identifier(name)
                )
            )


def _write_lookups(cursor: Any) -> None:
    organizations = sql.Identifier(apps.get_model(settings.TENANT_MODEL)._meta.db_table)
    waiting: list[sql.Composable] = [
        sql.SQL(
            "EXISTS (SELECT FROM {} e WHERE e.organization_id = o.id "
            "AND e.pgh_txid >= o.sealed AND e.pgh_txid < audit_unsealed.horizon)"
        ).format(sql.Identifier(model._meta.db_table))
        for model in history_models()
    ]
    first: list[sql.Composable] = [
        sql.SQL(
            "(SELECT e.pgh_created_at AS at FROM {} e WHERE e.organization_id = o.id AND e.pgh_txid >= o.sealed "
            "ORDER BY e.organization_id, e.pgh_txid LIMIT 1)"
        ).format(sql.Identifier(model._meta.db_table))
        for model in history_models()
    ]
    cursor.execute(
        sql.SQL("""
        CREATE OR REPLACE FUNCTION audit_organizations() RETURNS SETOF bigint LANGUAGE sql STABLE
        SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
        $$ SELECT id FROM {organizations} ORDER BY id $$;
        CREATE OR REPLACE FUNCTION audit_unsealed(horizon bigint) RETURNS SETOF bigint LANGUAGE sql STABLE
        SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
        $$ SELECT o.id FROM (
             SELECT id, coalesce((SELECT max(s.horizon) FROM audit_seal s WHERE s.organization_id = t.id), 0) AS sealed
             FROM {organizations} t
           ) o WHERE {waiting} ORDER BY o.id $$;
        CREATE OR REPLACE FUNCTION audit_seal_lag() RETURNS double precision LANGUAGE sql STABLE
        SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
        $$ SELECT coalesce(extract(epoch FROM statement_timestamp() - min(f.at)), 0) FROM (
             SELECT id, coalesce((SELECT max(s.horizon) FROM audit_seal s WHERE s.organization_id = t.id), 0) AS sealed
             FROM {organizations} t
           ) o CROSS JOIN LATERAL (SELECT min(e.at) AS at FROM ({first}) e) f $$;
        """).format(
            organizations=organizations,
            waiting=sql.SQL(" OR ").join(waiting or [sql.SQL("false")]),
            first=sql.SQL(" UNION ALL ").join(first or [sql.SQL("SELECT NULL::timestamptz AS at")]),
        )
    )


def number_anew(connection: BaseDatabaseWrapper) -> None:
    """Let the next `migrate` look for the highest number, whichever cluster the numbers are from.

    After a restore only: a data folder that was copied has the same identifier and another counter.
    """
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON FUNCTION audit_txid() IS NULL")


def _keep_numbers_growing(cursor: Any) -> None:
    """Raise the offset when the database was restored into a cluster whose counter stands lower."""
    cursor.execute(_CLUSTER)
    cluster = cursor.fetchone()[0]
    cursor.execute(_KNOWN_CLUSTER)
    if cursor.fetchone()[0] == cluster:
        return
    tables = [sql.Identifier(model._meta.db_table) for model in history_models()]
    highest: list[sql.Composable] = [sql.SQL("SELECT max(horizon) FROM audit_seal")]
    highest += [sql.SQL("SELECT max(pgh_txid) FROM {}").format(table) for table in tables]
    cursor.execute(
        sql.SQL(
            "SELECT coalesce(max(top), 0) - pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM ({}) t(top)"
        ).format(sql.SQL(" UNION ALL ").join(highest))
    )
    behind = cursor.fetchone()[0]
    # Above the old numbers, whatever small offset the old cluster had of its own.
    _number_from(cursor, offset=max(0, behind + 1))


def _number_from(cursor: Any, *, offset: int) -> None:
    cursor.execute(_CLUSTER)
    cluster = cursor.fetchone()[0]
    cursor.execute(sql.SQL(_NUMBERS).format(offset=sql.Literal(offset), cluster=sql.Literal(cluster)))
