"""A worker killed with -9 in the middle of taking: nothing is half imported, and the sweep brings it to its end."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from apps.core.exchange import operations, queries
from apps.core.exchange.declaration import register, unregister
from apps.core.exchange.models import ImportedChunk, ImportJob, ImportProgress, StagedRow
from apps.core.exchange.operations import taking
from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch
from tests.core.exchange.importers import BranchImporter
from tests.core.exchange.worlds import Importing, new_organization

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

ROWS = 60

# A worker of its own: it takes one row at a time and says so, as slowly as the test needs to aim.
WORKER = """
import os, sys, time
import django
django.setup()
from django.db import connections
connections.settings["default"].update(NAME=sys.argv[1], USER=sys.argv[2])
from django.conf import settings
settings.DATA_DIR = sys.argv[5]
from apps.core.exchange import operations, progress
from apps.core.exchange.declaration import register
from apps.core.exchange.operations import taking
from tests.core.exchange.importers import BranchImporter
class Slow(BranchImporter):
    def take(self, batch):
        taken = super().take(batch)
        print("took", flush=True)
        time.sleep(0.05)
        return taken
register(Slow())
taking.SLICE = 1
progress._EVERY_SECONDS = 0
operations.work_on(organization_id=int(sys.argv[3]), job_number=int(sys.argv[4]))
print("finished", flush=True)
"""


@pytest.fixture
def importing(settings: Any, tmp_path: Path) -> Iterator[Importing]:
    settings.DATA_DIR = tmp_path
    importer = BranchImporter()
    register(importer)
    yield Importing(new_organization("Banyan & Kite").pk, importer)
    unregister(importer.name)


@pytest.fixture
def job(importing: Importing) -> ImportJob:
    """An import of sixty rows that waits for a worker."""
    data = "Shop,Code,State,City\n" + "".join(f"Shop {n},S{n},27,Nagpur\n" for n in range(ROWS))
    with tenant(importing.organization_id):
        return operations.start_taking(job_number=importing.check(data).pk, only_good=True)


def worker(importing: Importing, job: ImportJob, folder: Path) -> subprocess.Popen[str]:
    database = connections["default"].settings_dict
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, database["NAME"], database["USER"],
         str(importing.organization_id), str(job.pk), str(folder)],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3],
        # The tests' server, whichever it is, without starting another.
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "ineat.settings", "DATABASE_URL": url()},
    )  # fmt: skip


def url() -> str:
    database = connections["default"].settings_dict
    password = f":{database['PASSWORD']}" if database.get("PASSWORD") else ""
    host = str(database["HOST"]).replace("/", "%2F")
    return f"postgresql://{database['USER']}{password}@{host}:{database['PORT']}/{database['NAME']}"


def kill_after(process: subprocess.Popen[str], rows: int) -> None:
    assert process.stdout is not None
    for _ in range(rows):
        assert process.stdout.readline() == "took\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def wait_until_let_go(job: ImportJob) -> None:
    """PostgreSQL notices within moments that the other side is gone."""
    for _ in range(100):
        found = ImportJob.objects.select_for_update(skip_locked=True).filter(pk=job.pk).exists()
        if found:
            return
        time.sleep(0.05)
    pytest.fail("The killed worker still holds the import.")


def shops() -> int:
    return int(Branch.objects.filter(name__startswith="Shop ").count())


def test_killed_in_the_middle_nothing_is_there_and_the_sweep_finishes_it(
    importing: Importing, job: ImportJob, tmp_path: Path
) -> None:
    process = worker(importing, job, tmp_path)
    kill_after(process, rows=25)
    with tenant(importing.organization_id):
        wait_until_let_go(job)
        assert (shops(), ImportedChunk.objects.count(), StagedRow.objects.count()) == (0, 0, ROWS)
        found = importing.fresh(job)
        assert (found.status, found.attempts) == ("importing", 1)
        # The page had seen how far it was, although nothing of it was committed.
        assert 20 <= queries.standing(found).done <= 25
        ImportJob.objects.filter(pk=job.pk).update(queued_at=timezone.now() - dt.timedelta(minutes=2))
    again: list[tuple[int, int]] = []
    with tenant(importing.organization_id):
        operations.recover_jobs(lambda *key: again.append(key), importing.organization_id)
    assert again == [(importing.organization_id, job.pk)]
    for organization_id, job_number in again:
        operations.work_on(organization_id=organization_id, job_number=job_number)
    with tenant(importing.organization_id):
        found = importing.fresh(job)
        assert (found.status, found.created, found.attempts, shops()) == ("done", ROWS, 2, ROWS)


def test_two_workers_at_once_take_the_rows_once(importing: Importing, job: ImportJob, tmp_path: Path) -> None:
    process = worker(importing, job, tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline() == "took\n"
    # The queue handed it out a second time: the lock says that somebody is at it.
    operations.work_on(organization_id=importing.organization_id, job_number=job.pk)
    with tenant(importing.organization_id):
        assert operations.recover_jobs(lambda *key: None, importing.organization_id) == 0
        assert shops() == 0
    assert process.wait(60) == 0
    with tenant(importing.organization_id):
        found = importing.fresh(job)
        assert (found.status, found.attempts, shops()) == ("done", 1, ROWS)


def test_somebody_stops_it_from_the_page(importing: Importing, job: ImportJob, tmp_path: Path) -> None:
    process = worker(importing, job, tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline() == "took\n"
    with tenant(importing.organization_id):
        operations.stop_taking(job_number=job.pk)
    assert process.wait(60) == 0
    with tenant(importing.organization_id):
        found = importing.fresh(job)
        assert (found.status, found.message, shops()) == ("checked", "Stopped. Nothing was imported.", 0)
        assert not ImportProgress.objects.filter(job_number=job.pk).exists()


def test_taking_resumes_after_its_slice_size_changed(
    importing: Importing, job: ImportJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of a run is kept but its end, so any worker may begin again in its own way."""
    monkeypatch.setattr(taking, "SLICE", 7)
    operations.work_on(organization_id=importing.organization_id, job_number=job.pk)
    with tenant(importing.organization_id):
        assert importing.fresh(job).created == ROWS
        connection.check_constraints()
