"""Matching the columns, and checking every row against them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override
from psycopg import sql

from apps.core.exchange import staging
from apps.core.exchange.batch import Batch
from apps.core.exchange.declaration import Importer, Key, importer_named
from apps.core.exchange.models import ColumnMemory, ImportJob, RowProblem, RowState, Source
from apps.core.exchange.operations.uploading import ImportRefused, await_work, clear_rows, gone_on
from apps.core.exchange.progress import Progress
from apps.core.exchange.queries import file_rows, table_of
from apps.core.exchange.reading import FileTable
from apps.core.exchange.rules.cells import Reading
from apps.core.exchange.rules.matching import shape_of
from apps.core.exchange.rules.states import State
from apps.core.exchange.rules.tables import normal_heading
from apps.core.exchange.wording import same_sentence


def match_columns(
    *, job_number: int, mapping: Sequence[str], remember: bool, given: Mapping[str, str] | None = None
) -> ImportJob:
    """Settle which column of the file goes where, "" for left out; checking the rows comes next.

    `given` has one value for all rows of columns that the file lacks; of columns that it has, it is ignored.

    Raises:
        ImportRefused: a column is chosen twice, one that must be there is missing, or a given value is not readable.
    """
    job: ImportJob = ImportJob.objects.select_for_update().get(pk=job_number)
    if job.state != State.UPLOADED:
        raise ImportRefused(gone_on(job))
    importer = importer_named(job.importer)
    table = table_of(job)
    if len(mapping) != len(table.headings):
        raise ImportRefused(gone_on(job))
    values = {name: text.strip() for name, text in (given or {}).items() if text.strip() and name not in mapping}
    _check_mapping(importer, table, [*mapping], values)
    job.given = values
    _check_given(job, importer)
    if remember:
        ColumnMemory.objects.update_or_create(
            organization_id=job.organization_id,
            importer=importer.name,
            shape=shape_of(table.headings),
            defaults={
                "mapping": {
                    normal_heading(heading): target for heading, target in zip(table.headings, mapping, strict=True)
                },
                "filename": job.filename,
            },
        )
    job.mapping = list(mapping)
    await_work(job, State.MATCHED, "mapping", "given")
    return job


def _check_given(job: ImportJob, importer: Importer) -> None:
    for name, text in job.given.items():
        column = importer.by_name.get(name)
        if column is None:
            raise ImportRefused(_("There is no such column. Choose another."))
        found = staging.CellParser(column, reading_of(job))(text)
        if isinstance(found, staging.Finding):
            raise ImportRefused(
                _("%(column)s for all rows: %(message)s") % {"column": column.label, "message": found.message},
                field=f"g-{name}",
            )


def given_values(job: ImportJob, importer: Importer) -> dict[str, str]:
    """The values given for columns that the file lacks, in canonical form."""
    read = {name: staging.CellParser(importer.by_name[name], reading_of(job))(text) for name, text in job.given.items()}
    return {name: value for name, value in read.items() if isinstance(value, str)}


def _check_mapping(importer: Importer, table: FileTable, mapping: Sequence[str], given: Mapping[str, str]) -> None:
    chosen: dict[str, str] = {}
    for heading, target in zip(table.headings, mapping, strict=True):
        if not target:
            continue
        if target not in importer.by_name:
            raise ImportRefused(_("There is no such column. Choose another."))
        if target in chosen:
            raise ImportRefused(
                _("%(first)s and %(second)s both go to %(column)s. Leave one of them out.")
                % {"first": chosen[target], "second": heading, "column": importer.by_name[target].label}
            )
        chosen[target] = heading
    missing = [
        str(column.label)
        for column in importer.columns
        if column.required and not column.default and column.name not in chosen and column.name not in given
    ]
    if missing:
        raise ImportRefused(_("Choose which column holds: %(columns)s.") % {"columns": ", ".join(missing)})


def check_job(job: ImportJob, progress: Progress) -> None:
    """Stage and check every row. `job` is locked and MATCHED."""
    importer = importer_named(job.importer)
    clear_rows(job)
    staging.expect_many()
    progress.begin("checking", job.rows)
    with override(job.language):
        staging.stage(
            job_number=job.pk,
            importer=importer,
            mapping=job.mapping,
            reading=reading_of(job),
            rows=file_rows(job),
            progress=progress.report,
            given=given_values(job, importer),
        )
        check_rows(job, importer)
    job.status = State.CHECKED
    job.save(update_fields=["status"])


def reading_of(job: ImportJob) -> Reading:
    """How the cells of this file are read."""
    return Reading(month_first=job.options.get("dates") == "month")


def check_rows(job: ImportJob, importer: Importer, rows: Sequence[int] | None = None, *, keys: bool = True) -> None:
    """Check all rows, or those mended, that their cells are already parsed; then count.

    `keys` says whether rows may clash otherwise than before.
    """
    _forget_findings(job, rows, keys=keys)
    if keys:
        for key in importer.keys:
            _mark_repeated(job, importer, key)
    where = sql.SQL("s.state <> 3") + (sql.SQL(" AND s.row = ANY (%(rows)s)") if rows is not None else sql.SQL(""))
    staging.make_batch(job.pk, importer, where, {"rows": list(rows or ())})
    importer.check(Batch(job.pk, job.options))
    staging.drop_batch()
    settle_states(job)


def _forget_findings(job: ImportJob, rows: Sequence[int] | None, *, keys: bool) -> None:
    problems = RowProblem.objects.filter(job_number=job.pk)
    checked = problems.filter(source=Source.CHECK)
    (checked if rows is None else checked.filter(row__in=rows)).delete()
    if keys:
        problems.filter(source=Source.FILE).delete()


def _mark_repeated(job: ImportJob, importer: Importer, key: Key) -> None:
    names = [column.name for column in importer.columns]
    places = [names.index(name) + 1 for name in key.columns]
    cells = [sql.SQL("lower(s.cells[{}])").format(sql.Literal(place)) for place in places]
    filled = sql.SQL(" AND ").join(
        sql.SQL("s.cells[{0}] <> '' AND (s.bad IS NULL OR {0} <> ALL (s.bad))").format(sql.Literal(place))
        for place in places
    )
    statement = sql.SQL(
        "INSERT INTO exchange_rowproblem "
        '(organization_id, job_number, row, "column", source, severity, code, message, drop) '
        "SELECT %(organization)s, %(job)s, found.row, %(column)s, %(source)s, %(severity)s, %(code)s, "
        "replace(%(message)s, '%%(row)s', found.first::text), true FROM ("
        "  SELECT s.row, min(s.row) OVER (PARTITION BY {cells}) AS first FROM exchange_stagedrow s"
        "  WHERE s.organization_id = %(organization)s AND s.job_number = %(job)s AND s.state <> 3 AND {filled}"
        ") found WHERE found.row <> found.first"
    ).format(cells=sql.SQL(", ").join(cells), filled=filled)
    with connection.cursor() as cursor:
        cursor.execute(
            statement.as_string(cursor.connection),
            {
                "organization": job.organization_id,
                "job": job.pk,
                "column": key.columns[0],
                "source": Source.FILE,
                "severity": RowState.ERROR,
                "code": f"same_{'_'.join(key.columns)}"[:60],
                "message": same_sentence(str(key.label)),
            },
        )


# Only rows whose state changes are written.
_STATES = """
UPDATE exchange_stagedrow s SET state = coalesce(p.worst, 0)
FROM exchange_stagedrow r LEFT JOIN (
  SELECT row, max(severity) AS worst FROM exchange_rowproblem
  WHERE organization_id = %(organization)s AND job_number = %(job)s GROUP BY row
) p ON p.row = r.row
WHERE r.organization_id = %(organization)s AND r.job_number = %(job)s
  AND s.id = r.id AND r.state <> 3 AND r.state <> coalesce(p.worst, 0)
"""


def settle_states(job: ImportJob) -> None:
    """Bring the rows' states and the job's counts up to the problems there are."""
    with connection.cursor() as cursor:
        cursor.execute(_STATES, {"organization": job.organization_id, "job": job.pk})
        cursor.execute(
            "SELECT state, count(*) FROM exchange_stagedrow "
            "WHERE organization_id = %s AND job_number = %s GROUP BY state",
            [job.organization_id, job.pk],
        )
        counts = dict(cursor.fetchall())
    job.ready = counts.get(RowState.READY, 0)
    job.warnings = counts.get(RowState.WARNING, 0)
    job.errors = counts.get(RowState.ERROR, 0)
    job.dropped = counts.get(RowState.DROPPED, 0)
    # What was said of an earlier try is no longer true.
    job.message = ""
    job.save(update_fields=["ready", "warnings", "errors", "dropped", "message"])
