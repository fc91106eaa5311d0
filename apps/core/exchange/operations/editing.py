"""Mending rows in hand: one cell, a proposed fix, the same fix in many rows, or leaving rows out."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core.exchange import staging
from apps.core.exchange.declaration import Importer, importer_named
from apps.core.exchange.models import ImportJob, RowProblem, RowState, Source, StagedRow
from apps.core.exchange.operations.checking import check_rows, reading_of
from apps.core.exchange.operations.uploading import ImportRefused, await_work, gone_on
from apps.core.exchange.progress import Progress
from apps.core.exchange.rules.states import State

_SET_CELL = """
UPDATE exchange_stagedrow SET cells[%(place)s] = %(value)s, edited = true,
  bad = CASE WHEN %(refused)s THEN array_append(array_remove(bad, %(place)s::smallint), %(place)s::smallint)
             ELSE nullif(array_remove(bad, %(place)s::smallint), '{}') END
WHERE organization_id = %(organization)s AND job_number = %(job)s AND row = ANY (%(rows)s)
"""


def _locked(job_number: int) -> ImportJob:
    job: ImportJob = ImportJob.objects.select_for_update().get(pk=job_number)
    if job.state != State.CHECKED:
        raise ImportRefused(gone_on(job))
    return job


def edit_cell(*, job_number: int, row: int, column: str, text: str) -> ImportJob:
    """Give a cell another text, as if it had stood in the file.

    Raises:
        ImportRefused: there is no such cell any more.
    """
    job = _locked(job_number)
    if not StagedRow.objects.filter(job_number=job.pk, row=row).exclude(state=RowState.DROPPED).exists():
        raise ImportRefused(_("Row %(row)s is no longer here.") % {"row": row})
    _set(job, importer_named(job.importer), [row], column, text)
    return job


def fix_row(*, job_number: int, problem: int) -> ImportJob:
    """Do what one problem proposes.

    Raises:
        ImportRefused: it proposes nothing, or is solved already.
    """
    job = _locked(job_number)
    found = RowProblem.objects.filter(job_number=job.pk, pk=problem).first()
    if found is None or (found.fix is None and not found.drop):
        raise ImportRefused(_("This is solved already."))
    if found.drop:
        _drop(job, [found.row])
    else:
        _set(job, importer_named(job.importer), [found.row], found.column, found.fix)
    return job


MANY_ROWS = 5_000
"""So many rows are mended while the page waits."""
MANY_IN_HAND = 100_000
"""In a file of so many rows nothing is mended in several rows while the page waits: all of them are counted anew."""


def fix_all(*, job_number: int, column: str, code: str, fix: str | None) -> ImportJob:
    """Do what the same problem proposes in every row that has it; without `fix`, leave those rows out.

    Where that would take long, the import is left MENDING, for `mend_job` in the background.

    Raises:
        ImportRefused: no row has it any more.
    """
    job = _locked(job_number)
    rows = _rows_with(job, column, code, fix)
    if not rows:
        raise ImportRefused(_("This is solved already."))
    if len(rows) > MANY_ROWS or job.rows > MANY_IN_HAND:
        job.mending = {"column": column, "code": code, "fix": fix}
        await_work(job, State.MENDING, "mending")
    else:
        _mend(job, rows, column, fix)
    return job


def mend_job(job: ImportJob, progress: Progress) -> None:
    """Mend what `fix_all` put off. `job` is locked and MENDING."""
    progress.begin("mending", 0)
    staging.expect_many()
    mending = job.mending or {}
    if rows := _rows_with(job, mending["column"], mending["code"], mending["fix"]):
        _mend(job, rows, mending["column"], mending["fix"])
    job.status = State.CHECKED
    job.mending = None
    job.save(update_fields=["status", "mending"])


def _rows_with(job: ImportJob, column: str, code: str, fix: str | None) -> list[int]:
    problems = RowProblem.objects.filter(job_number=job.pk, column=column, code=code)
    problems = problems.filter(drop=True) if fix is None else problems.filter(fix=fix)
    return list(problems.order_by().values_list("row", flat=True).distinct())


def _mend(job: ImportJob, rows: Sequence[int], column: str, fix: str | None) -> None:
    if fix is None:
        _drop(job, rows)
    else:
        _set(job, importer_named(job.importer), rows, column, fix)


def drop_rows(*, job_number: int, rows: Sequence[int]) -> ImportJob:
    """Leave rows out of the import.

    Raises:
        ImportRefused: the import has gone on.
    """
    job = _locked(job_number)
    _drop(job, rows)
    return job


def _set(job: ImportJob, importer: Importer, rows: Sequence[int], column: str, text: str) -> None:
    if column not in importer.by_name:
        raise ImportRefused(_("There is no such column. Choose another."))
    place = list(importer.by_name).index(column) + 1
    with override(job.language):
        value = staging.CellParser(importer.by_name[column], reading_of(job))(text.strip())
        refused = isinstance(value, staging.Finding)
        with connection.cursor() as cursor:
            cursor.execute(
                _SET_CELL,
                {
                    "organization": job.organization_id,
                    "job": job.pk,
                    "place": place,
                    "value": text.strip() if isinstance(value, staging.Finding) else value,
                    "refused": refused,
                    "rows": list(rows),
                },
            )
        cells = RowProblem.objects.filter(job_number=job.pk, source=Source.CELL, column=column)
        cells.filter(row__in=rows).delete()
        if isinstance(value, staging.Finding):
            staging.keep_findings(job.pk, [(row, value) for row in rows])
        check_rows(job, importer, rows, keys=any(column in key.columns for key in importer.keys))


def _drop(job: ImportJob, rows: Sequence[int]) -> None:
    StagedRow.objects.filter(job_number=job.pk, row__in=rows).update(state=RowState.DROPPED)
    RowProblem.objects.filter(job_number=job.pk, row__in=rows).delete()
    # Another row may have been the copy of one that is gone.
    with override(job.language):
        check_rows(job, importer_named(job.importer), [])
