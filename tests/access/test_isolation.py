"""Every table with an organization isolates it, as the database's own catalogue and the serving role see it.

The tests loop over the catalogue: a new table is tested from its first migration, and fails here when it has no policy.
They speak to the database without Django, so that no manager and no form helps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connections
from psycopg import errors, sql

from apps.core.audit.events import HistoryEvent
from apps.core.tenancy.models import TenantForeignKey
from tests.access.catalogue import Rows, columns, enter, may, references, tenant_tables

# `django_db` makes the test database; Django's own connection stays idle.
pytestmark = [pytest.mark.django_db, pytest.mark.database]

# Rows that a person may read outside the organization they work in now, declared as `row_policies`.
READABLE_BY_THEIR_PERSON = {
    "organizations_membership": "one's own memberships, to choose an organization",
}
# Functions that run as the owner and so see every organization, with the reason when they do not ask app_org().
SEES_EVERYTHING = {
    "audit_organizations": "keys only: tells the sealer where to look",
    "audit_seal_lag": "a number of seconds for /metrics",
    "audit_unsealed": "keys only: tells the sealer where to look",
    "organizations_standing": "one person's memberships, asked before the organization is known",
    "organizations_slug_is_taken": "yes or no: the web address must be free in the whole product",
    "outbox_due": "keys only: tells the dispatcher where to look",
    "outbox_lag": "a number of seconds for /readyz",
    "tenant_ids": "keys only: a periodic task visits each organization in turn",
    "tenant_time_zone": "a name of a zone: asked while the organization is being entered",
}


class Two:
    """Two organizations with a row in every table each, in one transaction of the serving role."""

    def __init__(self, link: psycopg.Connection[Any]) -> None:
        self.link = link
        self.cursor = link.cursor()
        self.tables = tenant_tables(self.cursor)
        self.ours, self.theirs = (self._filled() for _ in range(2))
        self.enter()

    def _filled(self) -> Rows:
        rows = Rows(self.cursor)
        for table in self.tables:
            if not may(self.cursor, "INSERT", table):
                continue  # history: its triggers write it
            try:
                rows.one(table)
            except psycopg.Error as error:
                pytest.fail(f"No row of {table} could be made: {error}\nAdd to VALUES of tests/access/catalogue.py.")
        rows.end()
        self.cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        empty = [table for table in self.tables if not self.count(table, rows)]
        assert not empty, (
            f"Without a row nothing is proved; history is written only by the triggers of its table: {empty}"
        )
        return rows

    def enter(self, rows: Rows | None = None, user_id: int | None = None) -> None:
        enter(self.cursor, (rows or self.ours).organization_id, user_id)

    def count(self, table: str, rows: Rows | None = None) -> int:
        """Visible rows of the table: all, or one organization's."""
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
        if rows:
            query += sql.SQL(" WHERE organization_id = {}").format(rows.organization_id)
        self.cursor.execute(query)
        found = self.cursor.fetchone()
        return int(found[0]) if found else 0

    def touched(self, action: Callable[[], object], refusal: type[psycopg.Error]) -> int | None:
        """Rows that the action touches, None when the database refuses it; nothing of it stays."""
        try:
            with self.link.transaction(force_rollback=True):
                action()
                count = max(self.cursor.rowcount, 0)
                self.cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except refusal:
            return None
        return count

    def run(self, statement: str, table: str, **parts: Any) -> int | None:
        """`touched` by a statement, which the lack of a right refuses."""
        query = sql.SQL(statement).format(
            sql.Identifier(table),
            ours=self.ours.organization_id,
            theirs=self.theirs.organization_id,
            **parts,
        )
        return self.touched(lambda: self.cursor.execute(query), errors.InsufficientPrivilege)


Fault = str
Check = Callable[[Two, str], Iterator[Fault]]


def reads(two: Two, table: str) -> Iterator[Fault]:
    """Whether one organization sees rows of the other, or nobody sees anything."""
    for mine, other in ((two.ours, two.theirs), (two.theirs, two.ours)):
        two.enter(mine)
        if not two.count(table, mine):
            yield "own rows are not visible"
        if two.count(table, other) or two.count(table) != two.count(table, mine):
            yield "rows of another organization are visible"
    enter(two.cursor, None)
    if two.count(table):
        yield "rows are visible without an organization"


def reads_as_person(two: Two, table: str) -> Iterator[Fault]:
    """Whether somebody who belongs to both sees rows of the other from here."""
    person = two.theirs.one("organizations_membership")["user_id"]
    two.enter(two.ours, person)
    if two.count(table, two.theirs) and table not in READABLE_BY_THEIR_PERSON:
        yield "a member of both sees rows of the other organization"
    column = _any_column(two, table)
    if two.run("UPDATE {} SET {column} = {column} WHERE organization_id = {theirs}", table, column=column):
        yield "a member of both changes rows of the other organization"
    if two.run("DELETE FROM {} WHERE organization_id = {theirs}", table):
        yield "a member of both deletes rows of the other organization"


def inserts(two: Two, table: str) -> Iterator[Fault]:
    """Whether a row can be put into another organization, or into none."""
    if not may(two.cursor, "INSERT", table):
        return
    if two.touched(lambda: two.theirs.insert(table), errors.InsufficientPrivilege) is not None:
        yield "a row could be inserted for another organization"
    enter(two.cursor, None)
    if two.touched(lambda: two.ours.insert(table), errors.InsufficientPrivilege) is not None:
        yield "a row could be inserted without an organization"


def updates(two: Two, table: str) -> Iterator[Fault]:
    """Whether rows of another organization can be changed."""
    column = _any_column(two, table)
    if two.run("UPDATE {} SET {column} = {column} WHERE organization_id = {theirs}", table, column=column):
        yield "rows of another organization could be changed"


def deletes(two: Two, table: str) -> Iterator[Fault]:
    """Whether rows of another organization can be deleted."""
    if two.run("DELETE FROM {} WHERE organization_id = {theirs}", table):
        yield "rows of another organization could be deleted"


def moves(two: Two, table: str) -> Iterator[Fault]:
    """Whether a row can be given away to, or taken from, another organization."""
    if not may(two.cursor, "UPDATE", table):
        return
    if two.run("UPDATE {} SET organization_id = {theirs} WHERE organization_id = {ours}", table) is not None:
        yield "an own row could be moved to another organization"
    if two.run("UPDATE {} SET organization_id = {ours} WHERE organization_id = {theirs}", table):
        yield "a row of another organization could be taken over"


def refers(two: Two, table: str) -> Iterator[Fault]:
    """Whether a row can name one of another organization. PostgreSQL checks foreign keys without row-level security."""
    for reference in references(two.cursor, table):
        if reference.table not in two.tables:
            continue
        if "organization_id" not in reference.columns or "organization_id" not in reference.keys:
            yield f"foreign key {reference.name} does not hold organization_id"
        if not may(two.cursor, "INSERT", table):
            continue
        theirs = two.theirs.made[reference.table]
        given = {
            mine: theirs[key]
            for mine, key in zip(reference.columns, reference.keys, strict=True)
            if mine != "organization_id"
        }
        insert = partial(two.ours.insert, table, fresh=True, **given)
        if two.touched(insert, errors.ForeignKeyViolation) is not None:
            yield f"{', '.join(given)} could name a row of another organization"


CHECKS: list[Check] = [reads, reads_as_person, inserts, updates, deletes, moves, refers]


def _any_column(two: Two, table: str) -> sql.Identifier:
    return sql.Identifier([column.name for column in columns(two.cursor, table) if not column.generated][-1])


@pytest.fixture
def two(app_link: psycopg.Connection[Any]) -> Two:
    return Two(app_link)


@pytest.fixture
def unprotected(owner_link: psycopg.Connection[Any]) -> Iterator[str]:
    """A table as somebody would make it by hand in a migration, forgetting everything."""
    owner_link.execute(
        "CREATE TABLE isolation_control (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, "
        "organization_id bigint NOT NULL, note text NOT NULL, "
        "branch_id bigint NOT NULL REFERENCES organizations_branch (id) DEFERRABLE INITIALLY DEFERRED)"
    )
    yield "isolation_control"
    owner_link.execute("DROP TABLE isolation_control")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_every_table_is_isolated(two: Two, check: Check) -> None:
    faults: dict[str, list[Fault]] = {}
    for table in two.tables:
        two.enter()
        if found := list(check(two, table)):
            faults[table] = found
    assert not faults, faults
    assert len(two.tables) > 10


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_each_check_sees_a_table_without_protection(unprotected: str, two: Two, check: Check) -> None:
    two.enter()
    assert list(check(two, unprotected))


def test_the_exceptions_are_the_declared_ones(two: Two) -> None:
    """A person reads their own rows elsewhere where a model says so with `row_policies`, and nowhere else."""
    declared = {
        model._meta.db_table
        for model in apps.get_models()
        if getattr(model, "row_policies", None) and model._meta.db_table in two.tables
    }
    assert declared == READABLE_BY_THEIR_PERSON.keys()
    two.enter(two.ours, two.theirs.one("organizations_membership")["user_id"])
    assert all(two.count(table, two.theirs) for table in READABLE_BY_THEIR_PERSON)


def test_organizations_themselves_are_isolated(two: Two) -> None:
    def visible() -> set[int]:
        return {row[0] for row in two.cursor.execute("SELECT id FROM organizations_organization").fetchall()}

    two.enter(two.ours)
    assert visible() == {two.ours.organization_id}
    enter(two.cursor, None)
    assert visible() == set()
    enter(two.cursor, None, two.theirs.one("organizations_membership")["user_id"])
    assert visible() == {two.theirs.organization_id}
    assert not two.run("UPDATE {} SET name = 'x' WHERE id = {theirs}", "organizations_organization")
    assert not two.run("DELETE FROM {} WHERE id = {theirs}", "organizations_organization")


def test_every_declared_reference_is_composite_in_the_database(two: Two) -> None:
    missing = []
    for model in apps.get_models(include_auto_created=True):
        if issubclass(model, HistoryEvent):
            continue  # history outlives the rows it names
        table = model._meta.db_table
        present = {reference.columns for reference in references(two.cursor, table)}
        if getattr(model, "derived", False) and not may(two.cursor, "INSERT", table):
            continue  # triggers write what they have looked up
        missing += [
            f"{table}.{field.column}"
            for field in model._meta.local_fields
            if isinstance(field, TenantForeignKey) and ("organization_id", field.column) not in present
        ]
    assert not missing, missing


def test_functions_that_run_as_owner_ask_for_the_organization(two: Two) -> None:
    two.cursor.execute("""
        SELECT p.proname, p.prosrc FROM pg_proc p
        WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace AND p.prorettype <> 'trigger'::regtype
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    """)
    blind = {name for name, source in two.cursor.fetchall() if "app_org()" not in source}
    assert blind - SEES_EVERYTHING.keys() == set()


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE organizations_branch CASCADE",
        "ALTER TABLE organizations_branch DISABLE ROW LEVEL SECURITY",
        "DROP POLICY tenant ON organizations_branch",
        "ALTER TABLE organizations_branch DISABLE TRIGGER ALL",
        "SET ROLE erp_owner",
        "CREATE TABLE mine (id int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SET session_replication_role = replica",
    ],
)
def test_the_serving_role_cannot_lift_the_protection(
    app_link: psycopg.Connection[Any], owner_link: psycopg.Connection[Any], statement: str
) -> None:
    if statement.startswith("TRUNCATE"):
        # The suite grants it for its own flushes; production does not.
        role = connections["default"].settings_dict["USER"]
        owner_link.execute(sql.SQL("REVOKE TRUNCATE ON organizations_branch FROM {}").format(sql.Identifier(role)))
    try:
        with pytest.raises(errors.InsufficientPrivilege):
            app_link.execute(statement)
    finally:
        if statement.startswith("TRUNCATE"):
            owner_link.execute(sql.SQL("GRANT TRUNCATE ON organizations_branch TO {}").format(sql.Identifier(role)))
