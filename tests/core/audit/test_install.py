"""Transaction numbers keep growing when the database is restored into another cluster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from apps.core.audit import install
from apps.core.audit.models import Seal
from apps.core.audit.operations import seal_organization
from apps.core.tenancy.context import tenant
from tests.core.audit.conftest import new_branch

pytestmark = pytest.mark.database


@pytest.fixture
def owner(
    transactional_db: None, owner_connection: psycopg.Connection[Any]
) -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
    with owner_connection.cursor() as cursor:
        yield cursor
        install._number_from(cursor, offset=0)


def horizon() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_horizon()")
        return int(cursor.fetchone()[0])


def restored_elsewhere(cursor: psycopg.Cursor[Any]) -> None:
    """What a dump looks like in another cluster: the functions are there, the cluster they were made for is not."""
    cursor.execute("COMMENT ON FUNCTION audit_txid() IS 'another cluster'")


def test_numbers_go_on_above_the_restored_ones(organization: int, owner: psycopg.Cursor[Any]) -> None:
    (first,) = seal_organization(organization)
    above = first.horizon + 5_000_000
    # As in a dump of a cluster that had counted further: its last seal and its events are far above our counter.
    owner.execute("UPDATE audit_seal SET horizon = %s", [above])
    owner.execute("UPDATE organizations_organizationevent SET pgh_txid = %s", [above + 10])
    restored_elsewhere(owner)

    install._keep_numbers_growing(owner)

    assert horizon() > above + 10
    with tenant(organization):
        new_branch("Pune")
    (second,) = seal_organization(organization)
    assert second.count == 2, "the restored event that was still waiting, and the new one"
    with tenant(organization):
        assert Seal.objects.count() == 2


def test_in_the_same_cluster_nothing_changes(organization: int, owner: psycopg.Cursor[Any]) -> None:
    install._number_from(owner, offset=70)
    before = horizon()
    install._keep_numbers_growing(owner)
    assert 0 <= horizon() - before < 70


def test_in_a_cluster_that_counted_further_no_offset_is_needed(organization: int, owner: psycopg.Cursor[Any]) -> None:
    install._number_from(owner, offset=3)
    seal_organization(organization)
    for _ in range(5):
        with tenant(organization):
            new_branch(f"B{_}")
    restored_elsewhere(owner)
    install._keep_numbers_growing(owner)
    with tenant(organization):
        new_branch("Pune")
    assert sum(seal.count for seal in seal_organization(organization)) == 6


def test_the_serving_role_installs_nothing(transactional_db: None) -> None:
    """A test that flushes the database reports the migration as the serving role, which owns no function."""
    from django.apps import apps

    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    install.install_after_migrate(last, "default")
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosecdef FROM pg_proc WHERE proname LIKE 'pgtrigger\\_insert\\_insert%'")
        assert all(row[0] for row in cursor.fetchall())
