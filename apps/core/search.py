"""Text search that stays fast under row-level security.

LIKE, ILIKE, trigram and full-text operators are not leakproof: PostgreSQL uses their indexes only after the policy was
checked row by row, that is, not at all. Two ways remain. A prefix can use `^@`, which is leakproof. Anything else goes
through a `SECURITY DEFINER` function of the tables' owner, which names the organization itself and gives back keys.
"""

from __future__ import annotations

import re
from typing import Any

from django.db import connection, migrations, models
from django.db.models.lookups import Lookup

# Up to here the keys of all matches are fetched and sorted. Above it the list's own order is walked and filtered, which
# finds a page soon because so many rows match. A single plan explodes on the one kind of word or on the other.
FEW = 1000


def like_pattern(text: str) -> str:
    """A LIKE pattern that finds the text anywhere, with `%`, `_` and the escape sign taken literally."""
    escaped = re.sub(r"([\\%_])", r"\\\1", text.strip().lower())
    return f"%{escaped}%"


@models.CharField.register_lookup
@models.TextField.register_lookup
class Prefix(Lookup[Any]):
    """`field__prefix="ab"`: begins with the text, by the leakproof operator `^@`, which a btree index can serve."""

    lookup_name = "prefix"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} ^@ {right}", (*left_params, *right_params)


class Contains(Lookup[Any]):
    """`field__like="%ab%"`: LIKE as written, for a column that is stored in lower case already."""

    lookup_name = "like"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} LIKE {right}", (*left_params, *right_params)


models.TextField.register_lookup(Contains)


def search_function(name: str, table: str, column: str = "search_text") -> migrations.RunSQL:
    """Migration step that makes `name(pattern, most)`: keys of the current organization's rows whose column matches.

    `search_path` is pinned because the function runs with its owner's rights.
    """
    return migrations.RunSQL(
        f"""
        CREATE OR REPLACE FUNCTION {name}(pattern text, most int) RETURNS SETOF bigint
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
        $$ SELECT id FROM {table} WHERE organization_id = app_org() AND {column} LIKE pattern LIMIT most $$
        """,  # noqa: S608 names come from the migration itself
        f"DROP FUNCTION {name}(text, int)",
    )


def matching_keys(function: str, text: str, most: int = FEW + 1) -> list[int]:
    """Keys that a function made by `search_function` finds for the text, at most so many, in no order."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [like_pattern(text), most])
        return [row[0] for row in cursor.fetchall()]


def narrowed(queryset: models.QuerySet[Any], text: str, *, function: str, name_field: str) -> models.QuerySet[Any]:
    """The rows whose `search_text` contains the text; one or two letters must begin the name.

    Trigrams need three letters, and people who type one or two mean the beginning.

    Args:
        queryset: rows of the current organization.
        text: what was typed; blanks around it and capitals do not matter.
        function: made by `search_function` for the queryset's table.
        name_field: a field, or an alias of the queryset, that holds the name in lower case.
    """
    text = text.strip().lower()
    if not text:
        return queryset
    if len(text) < 3:
        return queryset.filter(**{f"{name_field}__prefix": text})
    keys = matching_keys(function, text)
    if len(keys) <= FEW:
        return queryset.filter(pk__in=keys)
    return queryset.filter(search_text__like=like_pattern(text))
