"""Doing what an import waits for, so that a crash at any moment leaves a step done or not begun.

The row of the job is locked for as long as its step runs; the lock is how others see that somebody is at it. A process
that is killed lets go of it, its transaction is rolled back, and the sweep has the step begun again.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core.exchange import staging
from apps.core.exchange.models import ImportJob, ImportProgress
from apps.core.exchange.operations.checking import check_job
from apps.core.exchange.operations.editing import mend_job
from apps.core.exchange.operations.news import leave_news
from apps.core.exchange.operations.taking import take_job
from apps.core.exchange.operations.undoing import undo_job
from apps.core.exchange.operations.uploading import read_job
from apps.core.exchange.progress import Progress, Stopped, live_progress
from apps.core.exchange.rules.states import WORKING, State
from apps.core.refusals import Refusal
from apps.core.tenancy.context import tenant

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
# A queue that is so far behind would be seen elsewhere; asking twice does no harm.
_SWEEP_AFTER = dt.timedelta(seconds=60)

_STEPS: dict[State, Callable[[ImportJob, Progress], None]] = {
    State.READING: read_job,
    State.MATCHED: check_job,
    State.MENDING: mend_job,
    State.IMPORTING: take_job,
    State.UNDOING: undo_job,
}
# Where a step that did not come to its end leaves the import.
_BACK: dict[State, State] = {
    State.READING: State.FAILED,
    State.MATCHED: State.UPLOADED,
    State.MENDING: State.CHECKED,
    State.IMPORTING: State.CHECKED,
    State.UNDOING: State.DONE,
}


def _claimed(job_number: int) -> ImportJob | None:
    waiting = ImportJob.objects.select_for_update(skip_locked=True).filter(pk=job_number, status__in=WORKING)
    job: ImportJob | None = waiting.first()
    return job


def work_on(*, organization_id: int, job_number: int) -> None:
    """Do the step that the import waits for, telling its progress; from a worker, outside any transaction."""
    with tenant(organization_id):
        job = _claimed(job_number)
        if job is None:
            return
        job.attempts += 1
        job.save(update_fields=["attempts"])
        if job.attempts > MAX_ATTEMPTS:
            _put_back(job, _("It was interrupted %(count)s times, so it was given up.") % {"count": MAX_ATTEMPTS})
            leave_news(job)
            return
    with live_progress(organization_id, job_number) as progress:
        step(organization_id=organization_id, job_number=job_number, progress=progress)


def step(*, organization_id: int, job_number: int, progress: Progress | None = None) -> None:
    """Do the step that the import waits for. A page calls it itself when the file is small.

    With `progress` it runs in the background, and its person is left word of its end. A refusal is kept as the job's
    message. Anything else is a fault of ours: the job goes back with a message, and the error goes on to whoever
    records errors.
    """
    background = progress is not None
    try:
        with tenant(organization_id):
            job = _claimed(job_number)
            if job is not None:
                staging.be_patient()
                _STEPS[job.state](job, progress or Progress())
                if background:
                    leave_news(job)
    except Stopped:
        # Whoever stopped it knows.
        _end(organization_id, job_number, lambda: _("Stopped. Nothing was imported."), news=False)
    except Refusal as refusal:
        message = str(refusal)
        _end(organization_id, job_number, lambda: message, news=background)
    except Exception:
        logger.exception("Import %s of organization %s failed", job_number, organization_id)
        _end(
            organization_id,
            job_number,
            lambda: _("We failed to finish this, and nothing was changed. Try again; if it fails again, tell us."),
            news=background,
        )
        raise


def _end(organization_id: int, job_number: int, message: Callable[[], str], *, news: bool) -> None:
    with tenant(organization_id):
        job = _claimed(job_number)
        if job is not None:
            with override(job.language):
                _put_back(job, message())
            if news:
                leave_news(job)


def _put_back(job: ImportJob, message: str) -> None:
    job.status = _BACK[job.state]
    job.message = message
    job.save(update_fields=["status", "message"])
    ImportProgress.objects.filter(job_number=job.pk).delete()


def recover_jobs(again: Callable[[int, int], object], organization_id: int) -> int:
    """Begin again what nobody is at; returns how many imports. `again` gets the organization and the job."""
    with transaction.atomic():
        lost = list(
            ImportJob.objects.select_for_update(skip_locked=True).filter(
                status__in=WORKING, queued_at__lt=timezone.now() - _SWEEP_AFTER
            )
        )
        for job in lost:
            job.queued_at = timezone.now()
            job.save(update_fields=["queued_at"])
            again(organization_id, job.pk)
    return len(lost)
