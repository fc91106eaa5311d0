"""The rows an importer checks and takes: a table of its columns with their real types, for set-based statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from psycopg import sql

from apps.core.exchange.models import RowState, Source
from apps.core.tenancy.context import current_organization_id

ERROR, WARNING = RowState.ERROR, RowState.WARNING


@dataclass(frozen=True)
class Taken:
    """What became of the rows of a batch. Rows that could not be taken are reported by `Batch.mark` and not counted."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Problem:
    """One finding of a check that is made in Python."""

    row: int
    column: str
    code: str
    message: str
    fix: str | None = None
    severity: RowState = ERROR
    drop: bool = False


@dataclass(frozen=True)
class Batch:
    """Rows of one import in the temporary table `import_batch`.

    The table has `row` (the row's number in the file), one column per declared column with its real type, NULL where
    the cell is blank ('' for text) or could not be understood, and `record_id` and `record_new` for `take` to fill in.
    """

    job_number: int
    options: Mapping[str, str] = field(default_factory=dict)
    taking: bool = False

    table = "import_batch"

    @property
    def organization_id(self) -> int:
        return current_organization_id()

    def execute(self, statement: str | sql.Composable, params: Mapping[str, Any] | None = None) -> int:
        """Run one statement; returns how many rows it touched. `%(organization)s` and `%(job)s` are always given."""
        with connection.cursor() as cursor:
            cursor.execute(_text(statement, cursor), self._params(params))
            return int(cursor.rowcount)

    def fetch(self, statement: str | sql.Composable, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Run a query and return its rows."""
        with connection.cursor() as cursor:
            cursor.execute(_text(statement, cursor), self._params(params))
            return list(cursor.fetchall())

    def _params(self, params: Mapping[str, Any] | None) -> dict[str, Any]:
        return {"organization": self.organization_id, "job": self.job_number, **(params or {})}

    def mark(
        self,
        select: str,
        *,
        column: str,
        code: str,
        message: str | Promise = "",
        severity: RowState = ERROR,
        drop: bool = False,
        params: Mapping[str, Any] | None = None,
    ) -> int:
        """Report a problem for every row that a query finds; returns how many.

        The query gives `row`, and may give `message` and `fix` as text; else `message` is said of all of them. It reads
        from `import_batch b`:

            batch.mark(
                "SELECT b.row, '5' AS fix FROM import_batch b WHERE b.gst = 12",
                column="gst", code="gst_ended", message=_("12% ended on 22 Sep 2025. Medicines are 5%."),
            )
        """
        return self.execute(
            # The query is the importer's own text; what a file or person gave travels in its parameters.
            "INSERT INTO exchange_rowproblem "  # noqa: S608
            '(organization_id, job_number, row, "column", source, severity, code, message, fix, drop) '
            "SELECT %(organization)s, %(job)s, found.row, %(mark_column)s, %(mark_source)s, %(mark_severity)s, "
            "%(mark_code)s, coalesce(to_jsonb(found) ->> 'message', %(mark_message)s), to_jsonb(found) ->> 'fix', "
            f"%(mark_drop)s FROM ({select}) found",
            {
                **(params or {}),
                "mark_column": column,
                "mark_source": Source.CHECK,
                "mark_severity": severity,
                "mark_code": code,
                "mark_message": str(message),
                "mark_drop": drop,
            },
        )

    def report(self, problems: Iterable[Problem]) -> None:
        """Report problems found in Python, such as by asking a rule for every distinct value."""
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO exchange_rowproblem "
                '(organization_id, job_number, row, "column", source, severity, code, message, fix, drop) '
                "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [
                    (
                        self.organization_id, self.job_number, found.row, found.column, Source.CHECK, found.severity,
                        found.code, found.message, found.fix, found.drop,
                    )
                    for found in problems
                ],
            )  # fmt: skip


def _text(statement: str | sql.Composable, cursor: Any) -> str:
    return statement if isinstance(statement, str) else statement.as_string(cursor.connection)
