"""The rows in hand, as statements: from the file into `exchange_stagedrow`, and from there into the table of a batch.

COPY straight into a table with row-level security is refused, so it goes into a temporary table first. Such tables live
to the end of the transaction, and are dropped early so that a second step of the same transaction can make its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any, cast

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
_PER_WRITE = 1_000
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
        self.faulty = False

    def __call__(self, raw: str) -> str | Finding:
        """The canonical value of a stripped cell, or what is wrong with it."""
        found = self.seen.get(raw)
        if found is None:
            if len(self.seen) >= _CACHED:
                self.seen.clear()
            found = self.seen[raw] = self._parse(raw)
        return found

    def wrong(self, values: list[Any]) -> list[tuple[int, Finding]]:
        """Which of the values are none, by their place in the list."""
        if not self.faulty:
            return []
        return [(at, value) for at, value in enumerate(values) if isinstance(value, Finding)]

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
            self.faulty = True
            return Finding(column.name, fault.code, cell_sentence(fault, column), fault.fix)
        return value


Rows = Iterable[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Plan:
    """How the cells of a file become columns: per column of the importer its place in the file, or -1, and its parser.

    Cells are parsed a column of a thousand rows at a time, which costs a quarter less than row by row.
    """

    columns: list[tuple[int, CellParser]]
    width: int
    found: Callable[[int, Finding], None]

    @classmethod
    def of(
        cls,
        importer: Importer,
        mapping: Sequence[str],
        reading: Reading,
        *,
        given: Mapping[str, str],
        found: Callable[[int, Finding], None],
    ) -> Plan:
        """`given` has, in canonical form, the values of columns that the file lacks. `found` is told what is wrong."""
        columns = []
        for column in importer.columns:
            if column.name in mapping:
                columns.append((mapping.index(column.name), CellParser(column, reading)))
            else:
                filled = replace(column, default=given[column.name]) if column.name in given else column
                columns.append((-1, CellParser(filled, reading)))
        return cls(columns, len(mapping), found)

    def copy_text(self, rows: Rows) -> Iterator[tuple[int, str]]:
        """The rows for COPY, some at a time, with how many they are: number, places of bad cells (from 1), cells."""
        source = iter(rows)
        while block := list(itertools.islice(source, _PER_WRITE)):
            yield len(block), self._block(block)

    def _block(self, block: list[tuple[int, list[str]]]) -> str:
        cells = [row for _number, row in block]
        shortest = min(map(len, cells))
        bad: dict[int, list[int]] = {}
        findings: list[tuple[int, Finding]] = []
        columns: list[list[str]] = []
        for place, (index, parse) in enumerate(self.columns, 1):
            if index < 0:
                raws = [""] * len(cells)
            elif index < shortest:
                raws = [row[index].strip() for row in cells]
            else:
                raws = [row[index].strip() if index < len(row) else "" for row in cells]
            values = list(map(parse.seen.get, raws))
            if None in values:
                values = [parse(raw) if value is None else value for raw, value in zip(raws, values, strict=True)]
            for at, finding in parse.wrong(values):
                bad.setdefault(at, []).append(place)
                findings.append((block[at][0], finding))
                values[at] = raws[at][:_KEPT]
            columns.append(cast(list[str], values))
        if max(map(len, cells)) > self.width:
            for number, row in block:
                if any(map(str.strip, row[self.width :])):
                    findings.append((number, Finding("", "wide", wide_sentence(), None)))
        for number, finding in sorted(findings, key=itemgetter(0)):
            self.found(number, finding)
        numbers = [str(number) for number, _row in block]
        places = [""] * len(block)
        for at, those in bad.items():
            places[at] = "{" + ",".join(map(str, those)) + "}"
        return _joined([numbers, places, *columns])


def _joined(columns: list[list[str]]) -> str:
    """Columns in PostgreSQL's COPY text format. Texts that it writes otherwise are rare: a block is looked at once."""
    text = "\n".join(map("\t".join, zip(*columns, strict=True)))
    count = len(columns[0])
    plain = text.count("\t") == count * (len(columns) - 1) and text.count("\n") == count - 1
    if not plain or "\\" in text or "\r" in text:
        text = "\n".join(map("\t".join, zip(*[map(_escaped, column) for column in columns], strict=True)))
    return text + "\n"


def stage(
    *,
    job_number: int,
    importer: Importer,
    mapping: Sequence[str],
    reading: Reading,
    rows: Rows,
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
                "CREATE TEMPORARY TABLE import_staging (row integer, bad text, {}) ON COMMIT DROP;"
            ).format(columns).as_string(cursor.connection)
        )  # fmt: skip
        with cursor.copy("COPY import_staging FROM STDIN") as copy:
            plan = Plan.of(importer, mapping, reading, given=given or {}, found=found)
            for taken, text in plan.copy_text(rows):
                copy.write(text)
                count += taken
                progress(count)
        cells = sql.SQL(", ").join(map(_cell, range(len(importer.columns))))
        cursor.execute(
            sql.SQL(
                "INSERT INTO exchange_stagedrow (organization_id, job_number, row, cells, bad, state, edited) "
                "SELECT %s, %s, row, ARRAY[{}], nullif(bad, '')::smallint[], 0, false FROM import_staging"
            ).format(cells).as_string(cursor.connection),
            [current_organization_id(), job_number],
        )  # fmt: skip
        count = int(cursor.rowcount)
        cursor.execute("DROP TABLE import_staging")
    keep_findings(job_number, findings)
    return count


def _cell(place: int) -> sql.Identifier:
    return sql.Identifier(f"c{place}")


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
    # Every row is about to be told its record: room beside it spares the index.
    with connection.cursor() as cursor:
        link = cursor.connection
        cursor.execute(
            sql.SQL(
                "DROP TABLE IF EXISTS import_batch; CREATE TEMPORARY TABLE import_batch "
                "(row integer PRIMARY KEY, {}, record_id bigint, record_new boolean) WITH (fillfactor = 50) "
                "ON COMMIT DROP"
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
