"""Taking an import back."""

from __future__ import annotations

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core.audit.history import audit_context
from apps.core.exchange import staging
from apps.core.exchange.declaration import importer_named
from apps.core.exchange.models import ImportedChunk, ImportJob
from apps.core.exchange.operations.uploading import ImportRefused, await_work, clear_rows, gone_on
from apps.core.exchange.progress import Progress
from apps.core.exchange.rules.states import State
from apps.core.http import Member


def start_undo(*, job_number: int, actor: Member | None) -> ImportJob:
    """Let an import be taken back in the background.

    Raises:
        ImportRefused: it is not done, or taken back already.
    """
    job: ImportJob = ImportJob.objects.select_for_update().get(pk=job_number)
    if job.state != State.DONE:
        raise ImportRefused(gone_on(job))
    job.undone_by = actor.name if actor else ""
    await_work(job, State.UNDOING, "undone_by")
    return job


def undo_job(job: ImportJob, progress: Progress) -> None:
    """Take the import back. `job` is locked and UNDOING.

    Raises:
        Refusal: rows of it are in use or were changed; nothing is taken back.
    """
    progress.begin("undoing", 0)
    staging.expect_many()
    with (
        override(job.language),
        audit_context(name=job.undone_by, source=f"undo import {job.filename}"),
    ):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                importer_named(job.importer).undo(job.pk)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        except IntegrityError:
            # Something refers to the rows that the importer does not know of.
            raise ImportRefused(_("Records made later use the imported rows, so the import stays.")) from None
    ImportedChunk.objects.filter(job_number=job.pk).delete()
    clear_rows(job)
    job.status = State.UNDONE
    job.undone_at = timezone.now()
    job.save(update_fields=["status", "undone_at"])
