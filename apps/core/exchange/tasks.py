"""Imports in the background."""

from __future__ import annotations

from apps.core.background.tasks import every_minute, for_each_organization, task
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
