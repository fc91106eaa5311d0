"""The connection pool gets over a restart of the server without letting anybody wait."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, connections

from tests.platform.product import slack

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8


def _use_many() -> None:
    """Have as many connections in the pool as threads asked for one at the same time."""
    together = threading.Barrier(THREADS)

    def use() -> None:
        with connections["default"].cursor() as cursor:
            together.wait(30)
            cursor.execute("SELECT 1")
        connections["default"].close()

    threads = [threading.Thread(target=use) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _drop_all_others() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
        )
        return int(cursor.fetchone()[0])


def test_the_first_request_after_a_restart_is_served_at_once() -> None:
    _use_many()
    assert _drop_all_others() >= THREADS - 1
    own = connection.connection
    assert own is not None
    own.pgconn.finish()  # ours too: now nothing in the pool lives
    connection.close()

    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
    assert time.monotonic() - began < 0.5 * slack()

    _use_many()


def test_a_connection_on_loan_is_not_touched_by_another_that_was_dead() -> None:
    _use_many()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        mine = cursor.fetchone()
        _drop_all_others()
        _use_many()
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() == mine
