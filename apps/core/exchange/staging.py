"""The rows in hand, as statements: from the file into `exchange_stagedrow`, and from there into the table of a batch.

COPY straight into a table with row-level security is refused, so it goes into a temporary table first. Such tables live
to the end of the transaction, and are dropped early so that a second step of the same transaction can make its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from apps.core.exchange.declaration import Column, Importer
from apps.core.exchange.models import RowState, Source
from apps.core.exchange.rules.cells import ERROR_VALUES, Reading
from apps.core.exchange.rules.faults import CellFault
from apps.core.exchange.rules.numbers import grouped
from apps.core.exchange.wording import cell_sentence, wide_sentence
from apps.core.refusals import Refusal
from apps.core.tenancy.context import current_organization_id

# A refused text can be as long as a cell; so much of it is kept to be shown and mended.
_KEPT = 2_000
_CACHED = 20_000
# More are no slips of the pen but a column matched wrongly, and nobody would go through them.
MAX_FINDINGS = 200_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one cell."""

    column: str
    code: str
    message: str
    fix: str | None


class CellParser:
    """Parses the cells of one column, remembering what it has seen: a State or a date comes up thousands of times."""

    def __init__(self, column: Column, reading: Reading) -> None:
        self.column = column
        self.reading = reading
        self.seen: dict[str, str | Finding] = {}

    def __call__(self, raw: str) -> str | Finding:
        """The canonical value of a stripped cell, or what is wrong with it."""
        found = self.seen.get(raw)
        if found is None:
            if len(self.seen) >= _CACHED:
                self.seen.clear()
            found = self.seen[raw] = self._parse(raw)
        return found

    def _parse(self, raw: str) -> str | Finding:
        column = self.column
        try:
            if not raw:
                value = column.default
            elif raw in ERROR_VALUES:
                raise CellFault("error_value")
            else:
                value = column.kind.parse(raw, self.reading)
            if not value and column.required:
                raise CellFault("empty")
        except CellFault as fault:
            if fault.fix is None and raw and column.fix is not None:
                fault.fix = column.fix(raw)
            return Finding(column.name, fault.code, cell_sentence(fault, column), fault.fix)
        return value


def parse_rows(
    importer: Importer,
    mapping: Sequence[str],
    reading: Reading,
    rows: Iterable[tuple[int, list[str]]],
    found: Callable[[int, Finding], None],
    *,
    given: Mapping[str, str],
) -> Iterator[tuple[int, list[str], list[int]]]:
    """Per row of the file: its number, its cells in the importer's order, and the places (from 1) of the bad ones.

    `found` is told what is wrong. `given` has, in canonical form, the values of columns that the file lacks.
    """
    places = [(mapping.index(column.name) if column.name in mapping else -1) for column in importer.columns]
    parsers = [
        CellParser(
            replace(column, default=given[column.name]) if place < 0 and column.name in given else column, reading
        )
        for column, place in zip(importer.columns, places, strict=True)
    ]
    plan = list(enumerate(zip(places, parsers, strict=True), 1))
    width = len(mapping)
    for number, cells in rows:
        values: list[str] = []
        bad: list[int] = []
        count = len(cells)
        for place, (index, parse) in plan:
            raw = cells[index].strip() if 0 <= index < count else ""
            value = parse.seen.get(raw)
            if value is None:
                value = parse(raw)
            if isinstance(value, str):
                values.append(value)
            else:
                values.append(raw[:_KEPT])
                bad.append(place)
                found(number, value)
        if count > width and any(map(str.strip, cells[width:])):
            found(number, Finding("", "wide", wide_sentence(), None))
        yield number, values, bad


def stage(
    *,
    job_number: int,
    importer: Importer,
    mapping: Sequence[str],
    reading: Reading,
    rows: Iterable[tuple[int, list[str]]],
    progress: Callable[[int], None],
    given: Mapping[str, str] | None = None,
) -> int:
    """Parse the rows of the file and keep them; returns how many there are."""
    findings: list[tuple[int, Finding]] = []

    def found(row: int, finding: Finding) -> None:
        findings.append((row, finding))
        if len(findings) > MAX_FINDINGS:
            raise Refusal(
                _("More than %(count)s cells cannot be read; the first is in row %(row)s: %(message)s Match again.")
                % {"count": grouped(MAX_FINDINGS), "row": findings[0][0], "message": findings[0][1].message}
            )

    columns = sql.SQL(", ").join(sql.SQL("{} text").format(_cell(place)) for place in range(len(importer.columns)))
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "CREATE TEMPORARY TABLE import_staging (row integer, bad smallint[], {}) ON COMMIT DROP;"
            ).format(columns).as_string(cursor.connection)
        )  # fmt: skip
        with cursor.copy("COPY import_staging FROM STDIN") as copy:
            for text in _copy_text(parse_rows(importer, mapping, reading, rows, found, given=given or {})):
                copy.write(text)
                count += _PER_WRITE
                progress(count)
        cells = sql.SQL(", ").join(map(_cell, range(len(importer.columns))))
        cursor.execute(
            sql.SQL(
                "INSERT INTO exchange_stagedrow (organization_id, job_number, row, cells, bad, state, edited) "
                "SELECT %s, %s, row, ARRAY[{}], bad, 0, false FROM import_staging"
            ).format(cells).as_string(cursor.connection),
            [current_organization_id(), job_number],
        )  # fmt: skip
        count = int(cursor.rowcount)
        cursor.execute("DROP TABLE import_staging")
    keep_findings(job_number, findings)
    return count


def _cell(place: int) -> sql.Identifier:
    return sql.Identifier(f"c{place}")


_PER_WRITE = 1_000


def _copy_text(rows: Iterator[tuple[int, list[str], list[int]]]) -> Iterator[str]:
    """Rows in PostgreSQL's COPY text format, a thousand at a time."""
    lines: list[str] = []
    for number, values, bad in rows:
        line = "\t".join(values)
        if "\\" in line or "\n" in line or "\r" in line or line.count("\t") >= len(values):
            line = "\t".join(map(_escaped, values))
        places = "{" + ",".join(map(str, bad)) + "}" if bad else "\\N"
        lines.append(f"{number}\t{places}\t{line}\n")
        if len(lines) == _PER_WRITE:
            yield "".join(lines)
            lines.clear()
    if lines:
        yield "".join(lines)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


def keep_findings(job_number: int, findings: Iterable[tuple[int, Finding]]) -> None:
    """Store what is wrong with cells."""
    findings = list(findings)
    if not findings:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE import_findings "
            '(row integer, "column" text, code text, message text, fix text) ON COMMIT DROP'
        )
        with cursor.copy("COPY import_findings FROM STDIN") as copy:
            for row, found in findings:
                copy.write_row((row, found.column, found.code, found.message, found.fix))
        cursor.execute(
            "INSERT INTO exchange_rowproblem "
            '(organization_id, job_number, row, "column", source, severity, code, message, fix, drop) '
            'SELECT %s, %s, row, "column", %s, %s, code, message, fix, false FROM import_findings',
            [current_organization_id(), job_number, Source.CELL, RowState.ERROR],
        )
        cursor.execute("DROP TABLE import_findings")


def make_batch(
    job_number: int, importer: Importer, where: sql.Composable, params: dict[str, Any], *, limit: int | None = None
) -> int:
    """Fill `import_batch` with the rows of `exchange_stagedrow s` that the condition picks; returns how many."""
    definitions = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(column.kind.sql_type))
        for column in importer.columns
    )
    values = sql.SQL(", ").join(
        sql.SQL("CASE WHEN s.bad IS NULL OR {place} <> ALL (s.bad) THEN {value} END").format(
            place=sql.Literal(place), value=_typed(column, place)
        )
        for place, column in enumerate(importer.columns, 1)
    )
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in importer.columns)
    with connection.cursor() as cursor:
        link = cursor.connection
        cursor.execute(
            sql.SQL(
                "DROP TABLE IF EXISTS import_batch; CREATE TEMPORARY TABLE import_batch "
                "(row integer PRIMARY KEY, {}, record_id bigint, record_new boolean) ON COMMIT DROP"
            ).format(definitions).as_string(link)
        )  # fmt: skip
        cursor.execute(
            sql.SQL(
                "INSERT INTO import_batch (row, {}) SELECT s.row, {} FROM exchange_stagedrow s "
                "WHERE s.organization_id = %(organization)s AND s.job_number = %(job)s AND {} "
                "ORDER BY s.row LIMIT %(limit)s"
            ).format(names, values, where).as_string(link),
            {"organization": current_organization_id(), "job": job_number, "limit": limit, **params},
        )  # fmt: skip
        count = int(cursor.rowcount)
        # Without figures about it the planner takes a fresh table for an almost empty one. One column tells its size.
        cursor.execute("ANALYZE import_batch (row)")
    return count


def _typed(column: Column, place: int) -> sql.Composable:
    cell = sql.SQL("s.cells[{}]").format(sql.Literal(place))
    if column.kind.sql_type == "text":
        return cell
    return sql.SQL("nullif({}, '')::{}").format(cell, sql.SQL(column.kind.sql_type))


def expect_many() -> None:
    """Keep the planner from joining row by row for the rest of the transaction.

    It takes a table that grew in this very transaction for small, and under row-level security most text comparisons
    cannot use an index, so that each step of such a join would read the whole table.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")


def be_patient() -> None:
    """Wait longer than a page may, for the rest of the transaction: for others' locks, and while a file is read."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '2min'; SET LOCAL idle_in_transaction_session_timeout = 0")


def drop_batch() -> None:
    """Remove the table of the batch before the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS import_batch")
