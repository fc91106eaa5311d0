"""Reads of imports for their pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from apps.core.exchange import storage
from apps.core.exchange.declaration import Column, Importer
from apps.core.exchange.models import ColumnMemory, ImportJob, ImportProgress, RowProblem, RowState, StagedRow
from apps.core.exchange.reading import FileTable, rows_of
from apps.core.exchange.rules.matching import Match, match_columns, shape_of
from apps.core.exchange.rules.states import WORKING, State
from apps.core.tenancy.context import current_organization_id

PAGE = 50
TABS: dict[str, tuple[RowState, ...]] = {
    "all": (RowState.READY, RowState.WARNING, RowState.ERROR),
    "ready": (RowState.READY,),
    "warnings": (RowState.WARNING,),
    "errors": (RowState.ERROR,),
}


def table_of(job: ImportJob) -> FileTable:
    """Where the table lies in the job's file, once it has been read."""
    if job.table is None:
        raise ValueError(f"Import {job.pk} has not been read.")
    return FileTable.from_json(job.table)


def file_rows(job: ImportJob) -> Iterator[tuple[int, list[str]]]:
    """The rows of the job's file, with their numbers."""
    organization_id = current_organization_id()
    return rows_of(
        table_of(job),
        storage.upload_path(organization_id, job.folder),
        storage.converted_path(organization_id, job.folder),
    )


def recent_jobs(importer_names: Sequence[str], limit: int = 10) -> list[ImportJob]:
    """The latest imports of these kinds."""
    return list(ImportJob.objects.filter(importer__in=importer_names).order_by("-id")[:limit])


def waits_for_work(person_id: int | None) -> bool:
    """Whether work goes on that the person waits for."""
    return bool(ImportJob.objects.filter(person_id=person_id, status__in=WORKING).exists())


def with_news(person_id: int | None) -> list[ImportJob]:
    """The person's imports of whose end they have not heard."""
    return list(ImportJob.objects.filter(person_id=person_id, news_at__isnull=False).order_by("-pk"))


def remembered(importer: Importer, table: FileTable) -> ColumnMemory | None:
    """How a file of this shape was matched before."""
    found: ColumnMemory | None = ColumnMemory.objects.filter(
        importer=importer.name, shape=shape_of(table.headings)
    ).first()
    return found


def guessed_mapping(importer: Importer, table: FileTable) -> list[Match]:
    """Where the columns of a file most likely go."""
    memory = remembered(importer, table)
    return match_columns(table.headings, table.sample, importer.columns, memory.mapping if memory else None)


@dataclass(frozen=True)
class Cell:
    """One cell as the page shows it."""

    column: Column
    text: str
    # "", "bad" or "warn"
    tone: str = ""


@dataclass(frozen=True)
class Row:
    """One row as the page shows it."""

    number: int
    state: RowState
    cells: list[Cell]
    problems: list[RowProblem]
    edited: bool


def rows_page(job: ImportJob, importer: Importer, tab: str, page: int, columns: Sequence[Column]) -> list[Row]:
    """One page of the rows in hand, with what is wrong with them."""
    start = (page - 1) * PAGE
    found = StagedRow.objects.filter(job_number=job.pk).order_by("row")
    if tab in {"errors", "warnings"}:
        # Found through their problems: among a million good rows a few bad ones are far between.
        severity = TABS[tab][0]
        numbers = RowProblem.objects.filter(job_number=job.pk).values("row").annotate(worst=Max("severity"))
        numbers = numbers.filter(worst=severity).order_by("row").values_list("row", flat=True)
        found = found.filter(row__in=list(numbers[start : start + PAGE]))
    else:
        found = found.filter(state__in=TABS[tab])[start : start + PAGE]
    return prepared_rows(job, importer, list(found), columns)


def one_row(job: ImportJob, importer: Importer, number: int, columns: Sequence[Column]) -> Row | None:
    """One row in hand."""
    rows = prepared_rows(job, importer, list(StagedRow.objects.filter(job_number=job.pk, row=number)), columns)
    return rows[0] if rows else None


def prepared_rows(
    job: ImportJob, importer: Importer, staged: Sequence[StagedRow], columns: Sequence[Column]
) -> list[Row]:
    """Staged rows as the page shows them."""
    problems: dict[int, list[RowProblem]] = defaultdict(list)
    numbers = [row.row for row in staged]
    for problem in RowProblem.objects.filter(job_number=job.pk, row__in=numbers).order_by("-severity", "id"):
        problems[problem.row].append(problem)
    places = {column.name: place for place, column in enumerate(importer.columns)}
    return [
        Row(
            row.row,
            RowState(row.state),
            [_shown(column, row, places[column.name], problems[row.row]) for column in columns],
            problems[row.row],
            row.edited,
        )
        for row in staged
    ]


def _shown(column: Column, row: StagedRow, place: int, problems: Sequence[RowProblem]) -> Cell:
    value = row.cells[place]
    worst = max((problem.severity for problem in problems if problem.column == column.name), default=0)
    tone = {RowState.ERROR: "bad", RowState.WARNING: "warn"}.get(RowState(worst), "")
    readable = value and (row.bad is None or place + 1 not in row.bad)
    return Cell(column, column.kind.show(value) if readable else value, tone)


def shown_columns(job: ImportJob, importer: Importer) -> list[Column]:
    """The columns worth showing: those of the file, those given for all rows, and those that must be there.

    A column that the file lacks and that rows turn out to need is among them: State, where there is no GSTIN.
    """
    needed = set(RowProblem.objects.filter(job_number=job.pk).order_by().values_list("column", flat=True).distinct())
    shown = {*job.mapping, *job.given, *needed}
    return [column for column in importer.columns if column.name in shown or column.required]


@dataclass(frozen=True)
class Group:
    """The same problem with the same remedy in several rows."""

    column: str
    code: str
    fix: str | None
    rows: int
    message: str


def same_problems(job: ImportJob, limit: int = 5) -> list[Group]:
    """What could be mended in many rows at once, the most frequent first."""
    found = (
        RowProblem.objects.filter(Q(fix__isnull=False) | Q(drop=True), job_number=job.pk)
        .values("column", "code", "fix")
        .annotate(rows=Count("row", distinct=True), message=Min("message"))
        .filter(rows__gt=1)
        .order_by("-rows", "column", "code", "fix")[:limit]
    )
    return [Group(row["column"], row["code"], row["fix"], row["rows"], row["message"]) for row in found]


@dataclass(frozen=True)
class Standing:
    """How far background work is."""

    done: int
    total: int
    percent: int
    seconds_left: int | None
    stopping: bool


def standing(job: ImportJob) -> Standing:
    """How far the import's step is; nothing done when nobody has begun."""
    row: ImportProgress | None = ImportProgress.objects.filter(job_number=job.pk).first()
    total = job.importable if job.state == State.IMPORTING else job.rows
    if row is None:
        return Standing(0, total, 0, None, stopping=False)
    total = row.total or total
    share = min(row.done / total, 1) if total else 0
    left: int | None = None
    if share > 0.02:
        spent = timezone.now() - row.started_at
        left = max(1, round(spent.total_seconds() * (1 - share) / share))
    return Standing(row.done, total, int(share * 100), left, row.stop)


def not_imported(job: ImportJob) -> int:
    """How many rows of the file are not in the books."""
    return job.errors + job.dropped


def errors_in_shape(job: ImportJob, importer: Importer) -> Iterator[list[str]]:
    """The rows with errors as they stood in the file, mended cells mended, each with its reasons in front."""
    reasons: dict[int, list[str]] = defaultdict(list)
    for number, message in (
        RowProblem.objects.filter(job_number=job.pk, severity=RowState.ERROR)
        .order_by("row", "id")
        .values_list("row", "message")
        .iterator(chunk_size=5_000)
    ):
        reasons[number].append(message)
    edited = _edited_cells(job, importer)
    width = len(table_of(job).headings)
    for number, cells in file_rows(job):
        if number not in reasons:
            continue
        padded = [*cells, *[""] * (width - len(cells))]
        for place, text in edited.get(number, {}).items():
            padded[place] = text
        yield [" ".join(reasons[number]), *padded]


def _edited_cells(job: ImportJob, importer: Importer) -> dict[int, dict[int, str]]:
    places = [
        (job.mapping.index(column.name), place, column)
        for place, column in enumerate(importer.columns)
        if column.name in job.mapping
    ]
    found: dict[int, dict[int, str]] = {}
    for row in StagedRow.objects.filter(job_number=job.pk, state=RowState.ERROR, edited=True):
        found[row.row] = {
            index: column.kind.show(row.cells[place])
            if row.cells[place] and (row.bad is None or place + 1 not in row.bad)
            else row.cells[place]
            for index, place, column in places
        }
    return found
