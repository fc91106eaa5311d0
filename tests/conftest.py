"""Fixtures of the whole suite. Tests run as `erp_app`, the role that serves, so row-level security binds them too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connections
from hypothesis import HealthCheck, settings

from apps.core.tenancy.context import tenant
from ineat import databases
from tests.alone import pytest_runtest_protocol
from tests.query_counts import count_queries

__all__ = ["count_queries", "pytest_runtest_protocol"]

# Both of these ask the clock, and no test here may fail because the machine is busy.
settings.register_profile("whatever the load", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("whatever the load")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches PostgreSQL, so that CI can run it on another one: `-m database`."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        touches = item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db", "live_server"}
        # The whole demo is built once, on the embedded server: six months of moves take minutes on an untuned one.
        if touches and not item.get_closest_marker("e2e") and item.path.name != "test_demo.py":
            item.add_marker("database")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django made and migrated the test database as the owner; from here on every test connects as erp_app."""
    connection = connections["default"]
    owner = dict(connection.settings_dict)
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            # Only here: transactional tests empty the tables with TRUNCATE, which the serving role may not do.
            cursor.execute(f'GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO "{databases.app_role()}"')
        _step_to(databases.app_role())
    yield
    with django_db_blocker.unblock():
        _step_to(owner["USER"], owner.get("PASSWORD", ""))


def _step_to(role: str, password: str | None = None) -> None:
    connection: Any = connections["default"]
    connection.close()
    connection.close_pool()
    connection.settings_dict["USER"] = role
    if password is not None:
        connection.settings_dict["PASSWORD"] = password
    elif databases.app_password():
        connection.settings_dict["PASSWORD"] = databases.app_password()


@pytest.fixture
def owner_connection(db: None) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A separate autocommit connection as the owner of the tables: what an intruder with the database's keys has.

    It sees only committed rows: use it with `transactional_db`.
    """
    with psycopg.connect(
        databases.owner_conninfo(connections["default"].settings_dict["NAME"]), autocommit=True
    ) as link:
        yield link


@pytest.fixture
def in_tenant() -> Any:
    """`tenant` itself, for tests that read better with it as an argument."""
    return tenant


@pytest.fixture
def outbox_handlers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The outbox without the product's handlers, for tests that register their own; put back afterwards."""
    handlers: dict[str, Any] = {}
    monkeypatch.setattr("apps.core.outbox.registry._handlers", handlers)
    monkeypatch.setattr("apps.core.outbox.registry._topics", defaultdict(list))
    return handlers
