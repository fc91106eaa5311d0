"""Organizations for tests of the exchange."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from apps.accounts.models import User
from apps.core.exchange import operations
from apps.core.exchange.declaration import Importer
from apps.core.exchange.models import ImportJob, RowProblem, StagedRow
from apps.organizations.models import Organization
from apps.organizations.operations import create_organization

_numbers = itertools.count(1)


def new_organization(name: str) -> Organization:
    """An organization with an owner and one branch, Pune (code PUNE)."""
    user = User.objects.create_user(
        email=f"owner{next(_numbers)}@example.test", password="correct horse battery staple"
    )
    return create_organization(
        user=user, name=name, branch_name="Pune", branch_code="PUNE", address="12 MG Road", city="Pune",
        pin_code="411001", state_code="27",
    )  # fmt: skip


class Importing:
    """Drives the steps of an import as the pages do."""

    def __init__(self, organization_id: int, importer: Importer) -> None:
        self.organization_id = organization_id
        self.importer = importer

    def upload(self, data: bytes | str, filename: str = "list.csv", **options: str) -> ImportJob:
        job = operations.upload_file(
            importer=self.importer, filename=filename, options=options, actor=None,
            chunks=[data.encode() if isinstance(data, str) else data],
        )  # fmt: skip
        return self.step(job)

    def step(self, job: ImportJob) -> ImportJob:
        operations.step(organization_id=self.organization_id, job_number=job.pk)
        return self.fresh(job)

    def fresh(self, job: ImportJob) -> ImportJob:
        found: ImportJob = ImportJob.objects.get(pk=job.pk)
        return found

    def check(self, data: bytes | str, mapping: Sequence[str] | None = None, **options: str) -> ImportJob:
        job = self.upload(data, **options)
        assert job.status == "uploaded", job.message
        job = operations.match_columns(job_number=job.pk, mapping=mapping or job.mapping, remember=True)
        return self.step(job)

    def take(self, job: ImportJob, *, only_good: bool = True) -> ImportJob:
        return self.step(operations.start_taking(job_number=job.pk, only_good=only_good))

    def undo(self, job: ImportJob) -> ImportJob:
        return self.step(operations.start_undo(job_number=job.pk, actor=None))

    def problems(self, job: ImportJob) -> list[tuple[int, str, str, str | None]]:
        """Row, column, sentence and fix of everything that is wrong."""
        found = RowProblem.objects.filter(job_number=job.pk).order_by("row", "id")
        return list(found.values_list("row", "column", "message", "fix"))

    def cells(self, job: ImportJob, row: int) -> list[str]:
        return list(StagedRow.objects.get(job_number=job.pk, row=row).cells)
