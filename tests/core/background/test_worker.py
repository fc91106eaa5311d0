"""A real worker process: it takes what is queued, works in the organization, and finishes its task before it goes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

import psycopg
import pytest
from django.db import connection
from huey.contrib.djhuey import HUEY
from huey.storage import PostgresStorage

from apps.core.background.queries import worker_heartbeat
from apps.core.background.queue import Queue, QueueStorage
from apps.core.background.tasks import BackgroundTask
from apps.core.tenancy.context import tenant
from apps.organizations.models import Role
from ineat.environment import BASE_DIR
from tests import factories
from tests.core.background import chores
from tests.platform.product import plain_environment, slack
from tests.processes import database_url

_RUN = "import tests.core.background.chores; from manage import main; main()"

pytestmark = pytest.mark.xdist_group("worker")


def conninfo() -> str:
    settings = connection.settings_dict
    return psycopg.conninfo.make_conninfo(
        host=settings["HOST"],
        port=settings["PORT"] or None,
        user=settings["USER"],
        password=settings["PASSWORD"] or None,
        dbname=settings["NAME"],
    )


@pytest.fixture
def queue(transactional_db: None) -> Iterator[Queue]:
    """The queue of the test database, as a web process has it."""
    made = Queue("ineat", immediate=False, results=False, dsn=conninfo(), create_tables=False)
    made._registry = HUEY._registry
    yield made
    made.storage.flush_all()
    made.storage.close()


@pytest.fixture
def worker(queue: Queue) -> Iterator[subprocess.Popen[str]]:
    """`manage.py run_huey` with the tasks of tests/core/background/chores.py."""
    process = subprocess.Popen(
        [sys.executable, "-c", _RUN, "run_huey", "-w", "2", "-g", "TERM"],
        cwd=BASE_DIR,
        env=plain_environment(
            DATABASE_URL=database_url(),
            DJANGO_SETTINGS_MODULE="ineat.settings",
            INEAT_MODE="development",
            INEAT_DATA=os.environ.get("INEAT_DATA", ""),
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    _wait_for(lambda: worker_heartbeat() is not None or process.poll() is not None, 60)
    assert process.poll() is None, process.communicate()[0]
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_a_worker_does_what_was_queued_and_finishes_it_when_told_to_go(
    queue: Queue, worker: subprocess.Popen[str]
) -> None:
    organization, other = factories.organization(), factories.organization()
    _enqueue(queue, chores.slowly_describe_roles, organization.pk, "Begun", "Done", 1.5)
    _wait_for(lambda: _remarks(organization.pk) == {"Begun"}, 30)
    assert (worker_heartbeat() or timedelta.max) < timedelta(seconds=60)

    worker.send_signal(signal.SIGTERM)
    output, _ = worker.communicate(timeout=300)

    assert worker.returncode == 0, output
    assert _remarks(organization.pk) == {"Done"}
    assert not _remarks(other.pk) & {"Begun", "Done"}


def test_a_worker_outlives_a_database_that_drops_its_connections(queue: Queue, worker: subprocess.Popen[str]) -> None:
    organization = factories.organization()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
        )
    _enqueue(queue, chores.describe_roles, organization.pk, "After")
    _wait_for(lambda: _remarks(organization.pk) == {"After"}, 30)
    assert worker.poll() is None


def test_the_queues_connection_is_made_anew_when_the_database_dropped_it(queue: Queue) -> None:
    assert queue.storage.queue_size() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [queue.storage.conn.info.backend_pid])
    _enqueue(queue, chores.describe_roles, 1, "x")
    assert queue.storage.queue_size() == 1


def test_the_migration_makes_the_tables_that_huey_expects() -> None:
    migration = import_module("apps.core.background.migrations.0001_initial")
    expected = [_plain(statement) for statement in PostgresStorage(create_tables=False).ddl]
    assert [_plain(statement) for statement in migration.QUEUE] == expected
    assert issubclass(QueueStorage, PostgresStorage)


def _plain(statement: str) -> str:
    return re.sub(r"\s*([(),])\s*", r"\1", " ".join(statement.lower().replace("if not exists", "").split()))


def _enqueue(queue: Queue, task: BackgroundTask[...], *arguments: Any) -> None:
    """As the web process would, but on the test's own queue."""
    queue.enqueue(task._queued.s(*arguments))


def _remarks(organization_id: int) -> set[str]:
    with tenant(organization_id):
        return set(Role.objects.values_list("description", flat=True))


def _wait_for(happened: Callable[[], bool], patience: float) -> None:
    end = time.monotonic() + patience * slack()
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
