"""The proof before the first page: each way to lose isolation stops the start and is named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections

from apps.core.tenancy import checks
from apps.core.tenancy.checks import NotIsolated, assert_isolated
from ineat import environment, postgres

# Without Django's transaction: it would hold locks that the owner's changes wait for.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@contextmanager
def _changed(link: psycopg.Connection[Any], change: str, undo: str) -> Iterator[None]:
    link.execute(change)
    try:
        yield
    finally:
        link.execute(undo)


@contextmanager
def _as_role(monkeypatch: pytest.MonkeyPatch, role: str) -> Iterator[None]:
    other = type(connections["default"])(
        {**connection.settings_dict, "USER": role, "OPTIONS": {}}, alias=connection.alias
    )
    monkeypatch.setattr(checks, "connection", other)
    try:
        yield
    finally:
        other.close()


def test_the_database_as_migrated_is_isolated() -> None:
    assert_isolated()
    assert issubclass(NotIsolated, ImproperlyConfigured), "Django shows these without a traceback"


@pytest.mark.skipif(bool(environment.text("DATABASE_URL")), reason="only the bundled server lets us in as superuser")
def test_a_superuser_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with _as_role(monkeypatch, "postgres"), pytest.raises(NotIsolated, match="superuser"):
        assert_isolated()


@pytest.mark.skipif(bool(environment.text("DATABASE_URL")), reason="the owner's password is not in these settings")
def test_the_owner_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with _as_role(monkeypatch, postgres.OWNER_ROLE), pytest.raises(NotIsolated, match="owns tables"):
        assert_isolated()


@pytest.mark.parametrize(
    ("change", "undo", "named"),
    [
        pytest.param(
            "CREATE TABLE forgotten (organization_id bigint)", "DROP TABLE forgotten", "forgotten", id="table"
        ),
        pytest.param(
            "CREATE TABLE forgotten (organization_id bigint); ALTER TABLE forgotten ENABLE ROW LEVEL SECURITY",
            "DROP TABLE forgotten",
            "forgotten",
            id="table-without-policy",
        ),
        pytest.param(
            "CREATE TABLE forgotten (organization_id bigint) PARTITION BY LIST (organization_id)",
            "DROP TABLE forgotten",
            "forgotten",
            id="partitioned-table",
        ),
        pytest.param(
            "ALTER TABLE organizations_branchevent DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE organizations_branchevent ENABLE ROW LEVEL SECURITY",
            "organizations_branchevent",
            id="history",
        ),
        pytest.param("CREATE VIEW leak AS SELECT * FROM organizations_branch", "DROP VIEW leak", "leak", id="view"),
        pytest.param(
            "CREATE MATERIALIZED VIEW leak AS SELECT * FROM organizations_branch",
            "DROP MATERIALIZED VIEW leak",
            "leak",
            id="materialized-view",
        ),
    ],
)
def test_what_is_unprotected_is_named(owner_link: psycopg.Connection[Any], change: str, undo: str, named: str) -> None:
    with _changed(owner_link, change, undo), pytest.raises(NotIsolated, match=named):
        assert_isolated()
    assert_isolated()


def test_a_view_that_asks_as_its_reader_passes(owner_link: psycopg.Connection[Any]) -> None:
    made = "CREATE VIEW fine WITH (security_invoker=true) AS SELECT * FROM organizations_branch"
    with _changed(owner_link, made, "DROP VIEW fine"):
        assert_isolated()
        assert connection.introspection.table_names(include_views=True).count("fine") == 1


def test_the_first_request_runs_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once per process, and again after a failure: a server that was refused must not serve at the second request."""
    calls: list[int] = []

    def refuse() -> None:
        calls.append(1)
        if len(calls) < 3:
            raise NotIsolated("as a superuser")

    monkeypatch.setattr(checks, "assert_isolated", refuse)
    checks.ensure_isolated.cache_clear()
    for _ in range(2):
        with pytest.raises(NotIsolated):
            checks.ensure_isolated()
    checks.ensure_isolated()
    checks.ensure_isolated()
    assert len(calls) == 3
    checks.ensure_isolated.cache_clear()
