"""Letting go of files that nobody will ask for again: they hold other people's addresses and prices."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core.exchange import storage
from apps.core.exchange.models import ImportJob
from apps.core.exchange.operations.uploading import clear_rows
from apps.core.exchange.rules.states import WORKING, State

KEPT_DAYS = 90


def forget_old_files(organization_id: int) -> int:
    """Remove uploads and rows in hand of imports older than `KEPT_DAYS`; returns how many.

    What was imported, and the way to undo it, stays. An import that was never finished is given up.
    """
    old = ImportJob.objects.select_for_update(skip_locked=True).filter(
        created_at__lt=timezone.now() - dt.timedelta(days=KEPT_DAYS)
    )
    count = 0
    for job in old.exclude(folder="").exclude(status__in=WORKING):
        storage.forget(organization_id, job.folder)
        clear_rows(job)
        job.folder = ""
        if job.state in (State.UPLOADED, State.CHECKED):
            job.status = State.FAILED
            with override(job.language):
                job.message = _("It was left unfinished for %(days)s days. Drop the file again.") % {"days": KEPT_DAYS}
        job.save(update_fields=["folder", "status", "message"])
        count += 1
    return count
