"""Threads that share a pool of connections never see each other's organization."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from django.db import connection, connections

from apps.core.tenancy.context import active_organization_id, tenant
from apps.organizations.models import Role
from tests import factories
from tests.concurrency.conftest import Together

pytestmark = [pytest.mark.concurrency, pytest.mark.database, pytest.mark.django_db(transaction=True)]

THREADS = 8
ROUNDS = 60


class Nuisance(Exception):
    """Something went wrong in the middle of a request."""


def _setting() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('app.organization_id', true), '')")
        return str(cursor.fetchone()[0])


def _leaks(seed: int, keys: list[int], enter: Callable[[int], object]) -> list[str]:
    """What a worker sees that it must not, over many requests for one organization after the other."""
    chance = random.Random(seed)
    found: list[str] = []
    for _ in range(ROUNDS):
        if setting := _setting():
            found.append(f"entered already: {setting}")
        key = chance.choice(keys)
        try:
            with enter(key):  # type: ignore[attr-defined]
                if {role.organization_id for role in Role.objects.all()} != {key}:
                    found.append(f"foreign rows in {key}")
                if chance.random() < 0.3:
                    with tenant(chance.choice(keys)):
                        if chance.random() < 0.5:
                            raise Nuisance
                if _setting() != str(key):
                    found.append("the inner block's organization stayed")
                if chance.random() < 0.3:
                    raise Nuisance
        except Nuisance:
            pass
        if chance.random() < 0.5:
            connection.close()  # back into the pool, for another thread
    if active_organization_id() is not None:
        found.append("the context variable stayed")
    return found


def test_no_thread_sees_anothers_organization(together: Together) -> None:
    keys = [factories.organization().pk for _ in range(3)]
    results = together([lambda seed=seed: _leaks(seed, keys, tenant) for seed in range(THREADS)])  # type: ignore[misc]
    assert [leak for leaks in results for leak in leaks] == []


def test_the_test_sees_a_setting_that_outlives_its_transaction(together: Together) -> None:
    """The control: what a session-wide setting, the obvious way to write it, does to a pool."""
    keys = [factories.organization().pk for _ in range(3)]

    class session_wide:  # noqa: N801 - stands where `tenant` stands
        def __init__(self, key: int) -> None:
            self.key, self.inner = key, tenant(key)

        def __enter__(self) -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('app.organization_id', %s, false)", [str(self.key)])
            self.inner.__enter__()

        def __exit__(self, *error: object) -> None:
            self.inner.__exit__(*error)  # type: ignore[arg-type]

    try:
        results = together([lambda seed=seed: _leaks(seed, keys, session_wide) for seed in range(THREADS)])  # type: ignore[misc]
    finally:
        connections["default"].close_pool()  # type: ignore[attr-defined]
    assert [leak for leaks in results for leak in leaks if leak.startswith("entered already")]
