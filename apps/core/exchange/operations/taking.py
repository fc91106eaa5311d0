"""Taking the rows: all of them in one transaction, some thousands at a time so that progress can be told."""

from __future__ import annotations

import datetime as dt
import time

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from psycopg import sql

from apps.core.audit.history import audit_context
from apps.core.exchange import staging
from apps.core.exchange.batch import Batch, Taken
from apps.core.exchange.declaration import Importer, importer_named
from apps.core.exchange.models import ImportJob, ImportProgress, RowState, StagedRow
from apps.core.exchange.operations.checking import settle_states
from apps.core.exchange.operations.uploading import ImportRefused, await_work, gone_on
from apps.core.exchange.progress import Progress
from apps.core.exchange.rules.states import State

# At most so many rows at a time: each time the importer looks for them among all the records there are.
SLICE = 50_000
_SLICES = 10
_SMALLEST = 2_000


def start_taking(*, job_number: int, only_good: bool) -> ImportJob:
    """Let the good rows be taken in the background; without `only_good` none, unless all are good.

    Raises:
        ImportRefused: there is nothing to take, or there are errors and all rows were asked for.
    """
    job: ImportJob = ImportJob.objects.select_for_update().get(pk=job_number)
    if job.state != State.CHECKED:
        raise ImportRefused(gone_on(job))
    if not job.importable:
        raise ImportRefused(_("No row can be imported yet. Mend them here, or correct the file and drop it again."))
    if job.errors and not only_good:
        raise ImportRefused(_("Some rows have errors. Mend them, or import the good rows only."))
    await_work(job, State.IMPORTING)
    return job


def stop_taking(*, job_number: int) -> None:
    """Ask the running work to stop; it ends with nothing imported."""
    job = ImportJob.objects.get(pk=job_number)
    ImportProgress.objects.update_or_create(
        organization_id=job.organization_id,
        job_number=job.pk,
        defaults={"stop": True},
        create_defaults={"stop": True, "phase": "importing", "total": job.importable, "started_at": timezone.now()},
    )


def take_job(job: ImportJob, progress: Progress) -> None:
    """Take the good rows. `job` is locked and IMPORTING."""
    importer = importer_named(job.importer)
    began = time.monotonic()
    progress.begin("importing", job.importable)
    staging.expect_many()
    with (
        override(job.language),
        audit_context(user_id=job.person_id, name=job.person_name, source=f"import {job.filename}"),
    ):
        _take_slices(job, importer, progress)
        # A reference to nowhere must be found here, where it can still be told.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        settle_states(job)
    StagedRow.objects.filter(job_number=job.pk, state__in=(RowState.READY, RowState.WARNING)).delete()
    job.status = State.DONE
    job.finished_at = timezone.now()
    job.started_at = job.finished_at - dt.timedelta(seconds=time.monotonic() - began)
    job.save(update_fields=["status", "finished_at", "started_at", "created", "updated", "unchanged", "notes"])


def _take_slices(job: ImportJob, importer: Importer, progress: Progress) -> None:
    last = done = 0
    job.created = job.updated = job.unchanged = 0
    job.notes = []
    where = sql.SQL("s.state <= 1 AND s.row > %(last)s")
    limit = min(SLICE, max(_SMALLEST, job.importable // _SLICES))
    while count := staging.make_batch(job.pk, importer, where, {"last": last}, limit=limit):
        batch = Batch(job.pk, job.options, taking=True)
        last = batch.fetch("SELECT max(row) FROM import_batch")[0][0]
        _add(job, importer.take(batch))
        done += count
        progress.report(done)
    staging.drop_batch()


def _add(job: ImportJob, taken: Taken) -> None:
    job.created += taken.created
    job.updated += taken.updated
    job.unchanged += taken.unchanged
    job.notes = [*job.notes, *(note for note in taken.notes if note not in job.notes)]
