"""Brings the database's isolation up to what the models declare, after every migration.

It reads the catalogue and changes only what is missing, so that running it again costs a few milliseconds and a new
table is protected without anybody remembering to. `apps.core.tenancy.checks` proves the result at start-up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from apps.core.tenancy.models import TenantForeignKey
from ineat.databases import app_role

TENANT_POLICY = "USING (organization_id = app_org())"

_TABLES = """
SELECT c.relname, c.relrowsecurity,
       EXISTS (SELECT 1 FROM pg_attribute a
               WHERE a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped) AS tenant,
       ARRAY(SELECT polname::text FROM pg_policy p WHERE p.polrelid = c.oid) AS policies,
       ARRAY(SELECT conname::text FROM pg_constraint k WHERE k.conrelid = c.oid) AS constraints
FROM pg_class c
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
  AND pg_get_userbyid(c.relowner) = current_user
ORDER BY c.relname
"""


def install_after_migrate(sender: AppConfig, using: str, **_signal: Any) -> None:
    """Run once, when `migrate` reports its last app; earlier reports come before the other apps' tables are ready."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender.label == last.label:
        install(connections[using])


def install(connection: BaseDatabaseWrapper) -> list[str]:
    """Make every missing policy, composite foreign key and grant; returns the statements that were run."""
    done: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = {name: rest for name, *rest in cursor.fetchall()}
        for statement in _statements(tables):
            text = statement.as_string(cursor.connection)
            cursor.execute(text)
            done.append(text)
    return done


def _statements(tables: dict[str, list[Any]]) -> Iterator[sql.Composed]:
    policies = _declared_policies()
    for name, (row_security, tenant, present, _constraints) in tables.items():
        wanted = ({"tenant": TENANT_POLICY} if tenant else {}) | policies.get(name, {})
        if wanted and not row_security:
            yield sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(sql.Identifier(name))
        for policy, body in wanted.items():
            if policy not in present:
                yield sql.SQL("CREATE POLICY {} ON {} {}").format(
                    sql.Identifier(policy), sql.Identifier(name), sql.SQL(body)
                )
    yield from _foreign_keys({name: rest[3] for name, rest in tables.items()})
    yield from _grants(tables)


def _declared_policies() -> dict[str, dict[str, str]]:
    return {
        model._meta.db_table: declared
        for model in apps.get_models(include_auto_created=True)
        if (declared := getattr(model, "row_policies", None))
    }


def _tables_marked(mark: str) -> set[str]:
    """Tables of the models that carry the class attribute `append_only`, `derived` or `is_history`."""
    return {model._meta.db_table for model in apps.get_models(include_auto_created=True) if getattr(model, mark, False)}


def _foreign_keys(constraints: dict[str, list[str]]) -> Iterator[sql.Composed]:
    made: set[str] = set()
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        for field in model._meta.local_fields:
            if not isinstance(field, TenantForeignKey) or table not in constraints:
                continue
            if getattr(model, "is_history", False) or field.checked_by:
                continue  # history outlives the rows it names; a trigger checks whole statements
            target: type[models.Model] = field.remote_field.model
            other = target._meta.db_table
            key = _name(other, "tenant_key")
            if key not in constraints[other] and key not in made:
                made.add(key)
                yield sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} UNIQUE (organization_id, id)").format(
                    sql.Identifier(other), sql.Identifier(key)
                )
            name = _name(table, field.column, "tenant_fk")
            if name not in constraints[table]:
                yield sql.SQL(
                    "ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY (organization_id, {}) "
                    "REFERENCES {} (organization_id, id) DEFERRABLE INITIALLY DEFERRED"
                ).format(
                    sql.Identifier(table), sql.Identifier(name), sql.Identifier(field.column), sql.Identifier(other)
                )


def _name(*parts: str) -> str:
    """A constraint's name within PostgreSQL's 63 bytes, unique by digest where it had to be cut."""
    name = "_".join(parts)
    if len(name) <= 63:
        return name
    digest = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()[:8]
    return f"{name[:54]}_{digest}"


def _grants(tables: dict[str, list[Any]]) -> Iterator[sql.Composed]:
    role = sql.Identifier(app_role())
    everything = sql.SQL("SELECT, INSERT, UPDATE, DELETE")
    yield sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {} ON TABLES TO {}").format(everything, role)
    yield sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}").format(role)
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role)
    yield sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(role)
    append_only, history = _tables_marked("append_only"), _tables_marked("is_history") | _tables_marked("derived")
    for name in tables:
        table = sql.Identifier(name)
        if name in history:  # written by triggers, which run as the owner
            yield sql.SQL("GRANT SELECT ON {} TO {}").format(table, role)
            yield sql.SQL("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(table, role)
        elif name in append_only:
            yield sql.SQL("GRANT SELECT, INSERT ON {} TO {}").format(table, role)
            yield sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(table, role)
        else:
            yield sql.SQL("GRANT {} ON {} TO {}").format(everything, table, role)
