"""Imports in the background."""

from __future__ import annotations

from huey import crontab

from apps.core.background.tasks import every_minute, for_each_organization, periodic, task
from apps.core.exchange import operations


@task
def work_on_import(organization_id: int, job_number: int) -> None:
    """Do the step that an import waits for. It enters the organization itself: a step is a transaction of its own."""
    operations.work_on(organization_id=organization_id, job_number=job_number)


@every_minute
def recover_imports() -> None:
    """Begin again what a killed worker left."""
    for_each_organization(
        lambda organization_id: operations.recover_jobs(work_on_import, organization_id), source="recover_imports"
    )


@periodic(crontab(minute="20", hour="21"))
def forget_old_imports() -> None:
    """Remove old uploads, at night in India."""
    for_each_organization(operations.forget_old_files, source="forget_old_imports")
