"""Model objects from SQL that is written out, for the few reads that every request makes.

Building a query from models and loading its rows costs several times what PostgreSQL needs to answer it.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import connection, models


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
