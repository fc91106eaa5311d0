"""SQL that is written out by hand, or once a process, for what is read again and again.

Building a query from models and loading its rows costs several times what PostgreSQL needs to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property, lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models

Make = Callable[[], models.QuerySet[Any, Any]]


class Written:
    """A query whose columns are the fields of models.

    The text has a `{name}` for each model, in the order in which they are given. It is replaced by the model's columns;
    `{name:prefix}` writes them after a prefix that differs from the name: `{role:(s.role)}`.
    """

    def __init__(self, text: str, **models_of: type[models.Model]) -> None:
        self._text = text
        self._models = models_of

    @cached_property
    def _sql(self) -> str:
        return self._text.format(**{name: _Columns(name, model) for name, model in self._models.items()})

    def fetch(self, *values: Any) -> list[tuple[Any, ...]]:
        """A tuple of objects for each row; None where an outer join found nothing."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql, values)
            rows = cursor.fetchall()
        return [self._objects(row) for row in rows]

    def _objects(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        found: list[models.Model | None] = []
        start = 0
        for model in self._models.values():
            names = [field.attname for field in model._meta.concrete_fields]
            values = row[start : start + len(names)]
            start += len(names)
            found.append(None if values[0] is None else model.from_db(connection.alias, names, values))
        return tuple(found)


class _Columns:
    """The columns of a model as they stand in a select list."""

    def __init__(self, name: str, model: type[models.Model]) -> None:
        self.name = name
        self.model = model

    def __format__(self, prefix: str) -> str:
        return ", ".join(f'{prefix or self.name}."{field.column}"' for field in self.model._meta.concrete_fields)


def rows_once(key: Hashable, make: Make) -> list[tuple[Any, ...]]:
    """Rows of a `values_list` query, which is written at the first call with this key and only run at the others.

    The key holds whatever the query depends on, the organization and every value in it included. A query that finds
    nothing whatever the tables hold is not kept.
    """
    try:
        return _run("{}", key, make)
    except EmptyResultSet:
        return []


def count_once(key: Hashable, make: Make) -> int:
    """The number of its rows, in the same way."""
    try:
        return int(_run("SELECT COUNT(*) FROM ({}) counted", key, make)[0][0])
    except EmptyResultSet:
        return 0


def _run(frame: str, key: Hashable, make: Make) -> list[tuple[Any, ...]]:
    place = _place(frame, key)
    if not place:
        place.append(_written(make()))
    sql, values = place[0]
    with connection.cursor() as cursor:
        cursor.execute(frame.format(sql), values)
        return list(cursor.fetchall())


@lru_cache(maxsize=4096)
def _place(frame: str, key: Hashable) -> list[tuple[str, tuple[Any, ...]]]:  # noqa: ARG001 - they name the place
    return []


def _written(queryset: models.QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    compiler = queryset.query.get_compiler(connection=connection)
    sql, values = compiler.as_sql()
    if compiler.get_converters([column for column, _sql, _alias in compiler.select]):
        raise TypeError(f"Python makes some of these values: {sql}")
    return sql, tuple(values)
