"""The exact text of an event, whose SHA-256 a seal holds, computed where the rows are.

The text is PostgreSQL's `jsonb` of the recorded columns: keys in its own fixed order, numbers with their scale. Some
types are written the way the session asks for, so the session is set to one way first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from psycopg import sql

_ONE_WAY = {"TimeZone": "UTC", "IntervalStyle": "postgres", "DateStyle": "ISO, YMD", "bytea_output": "hex"}

_COLUMNS = """
SELECT c.relname::text, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname = ANY(%s)
GROUP BY c.relname
"""


@contextmanager
def one_way_of_writing(cursor: Any) -> Iterator[None]:
    """Inside a transaction: the session's settings make no difference to the text."""
    with local_settings(cursor, _ONE_WAY):
        yield


@contextmanager
def local_settings(cursor: Any, values: dict[str, str]) -> Iterator[None]:
    """Settings of PostgreSQL for a block inside a transaction; after an exception its rollback restores them."""
    current = sql.SQL(", ").join(sql.SQL("current_setting({})").format(name) for name in values)
    cursor.execute(sql.SQL("SELECT {}").format(current))
    before = dict(zip(values, cursor.fetchone(), strict=True))
    _set(cursor, values)
    yield
    _set(cursor, before)


def _set(cursor: Any, values: dict[str, str]) -> None:
    calls = (sql.SQL("set_config({}, {}, true)").format(name, value) for name, value in values.items())
    cursor.execute(sql.SQL("SELECT {}").format(sql.SQL(", ").join(calls)))


def table_columns(cursor: Any, tables: Iterable[str]) -> dict[str, list[str]]:
    """The columns of each of the tables, in the order of the table; a table that is not there is left out."""
    cursor.execute(_COLUMNS, [list(tables)])
    return dict(cursor.fetchall())


def event_texts(table: str, columns: Sequence[str], where: sql.Composable) -> sql.Composed:
    """A query for `pgh_id` and `content`, the text of each event that meets the condition."""
    return sql.SQL(
        "SELECT e.pgh_id, to_jsonb(e)::text AS content FROM (SELECT {columns} FROM {table} WHERE {where}) e"
    ).format(
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        table=sql.Identifier(table),
        where=where,
    )


def event_hashes(table: str, columns: Sequence[str], where: sql.Composable) -> sql.Composed:
    """A query for `pgh_id` and `hash`, the SHA-256 of that text in UTF-8."""
    return sql.SQL("SELECT t.pgh_id, sha256(convert_to(t.content, 'UTF8')) AS hash FROM ({}) t").format(
        event_texts(table, columns, where)
    )
