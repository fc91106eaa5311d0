"""Paging by key: every page of a list costs the same, however deep, and rows that come or go shift nothing.

A page starts after, or ends before, the sort values of one row. NULL counts as the largest value in either direction,
which is PostgreSQL's own order, so that one index serves both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OrderBy, Q
from django.db.models.expressions import Combinable
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.db.models.functions import Lower

from apps.core.ui.pages.saving import names_in
from apps.core.ui.tables.table import field_of

_SIGNER = signing.Signer(salt="ui.cursor")


@dataclass(frozen=True)
class Term:
    """One part of an order."""

    expression: Combinable
    descending: bool
    nullable: bool
    path: str = ""


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: the sort values of the row before it, or after it when going back.

    `position` is the number of rows before the page as far as the reader has counted; it is only shown. `note` is what
    the page wants to find again on the next one: its count, so that it is not counted anew.
    """

    values: tuple[Any, ...]
    back: bool
    position: int
    note: Any = None


@dataclass(frozen=True)
class Slice:
    """The rows of a page as tuples, and the cursors of the pages beside it, None at an end."""

    rows: list[tuple[Any, ...]]
    start: int
    before: Cursor | None
    after: Cursor | None


def term_of(model: type[models.Model], part: Any, *, folds: bool = True) -> Term:
    """A term from what `ordering` or `order_by` says: "name", "-name", Lower("name"), F("name").desc()."""
    if isinstance(part, str):
        path = part.lstrip("-")
        path = model._meta.pk.name if path == "pk" else path
        field, nullable = field_of(model, path)
        text = folds and isinstance(field, models.CharField | models.TextField) and not field.choices
        return Term(Lower(path) if text else F(path), part.startswith("-"), nullable, path)
    descending = isinstance(part, OrderBy) and part.descending
    inner = part.expression if isinstance(part, OrderBy) else part
    names = names_in(inner)
    nullable = not names or any(field_of(model, name)[1] for name in names)
    return Term(inner, bool(descending), nullable, names[0] if names else "")


class Keyset:
    """An order that names every row, and the pages in it.

    With `late` the rows of a page are found first, by the tables that filter and sort them, and only those few are
    joined to the tables that merely show something. Without it PostgreSQL joins every row that it is about to sort.
    """

    def __init__(self, model: type[models.Model], terms: Sequence[Term], *, late: bool = False) -> None:
        self.late = late
        key = model._meta.pk.name
        unique = next((number for number, term in enumerate(terms) if term.path == key), None)
        kept = list(terms if unique is None else terms[: unique + 1])
        if unique is None:
            kept.append(Term(F(key), kept[-1].descending if kept else False, nullable=False, path=key))
        self.terms = kept
        self.names = [f"sort_key_{number}" for number in range(len(kept))]

    # ---- cursors in an address ----

    def encode(self, cursor: Cursor, spec: str, note: Any = None) -> str:
        """A cursor as it stands in an address. Signed, so that what comes back fits the columns."""
        values = [_plain(value) for value in cursor.values]
        return _SIGNER.sign_object([spec, cursor.position, values, note], compress=True)

    def decode(self, text: str, spec: str, *, back: bool) -> Cursor | None:
        """The cursor of an address; None when it was made for another order or by somebody else."""
        try:
            made_for, position, values, note = _SIGNER.unsign_object(text)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        if made_for != spec or len(values) != len(self.terms):
            return None
        return Cursor(tuple(values), back, int(position), note)

    # ---- pages ----

    def ordered(self, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The whole list in this order."""
        return self._sorted(self._annotated(queryset), back=False)

    def fetch(self, queryset: models.QuerySet[Any], paths: Sequence[str], size: int, cursor: Cursor | None) -> Slice:
        """One page of `size` rows, each a tuple of the paths.

        Going back past the first row gives the first page, whole.
        """
        if cursor is None:
            return self.sliced(list(self.first(queryset, paths, size)), size)
        wanted = [*paths, *self.names]
        base = self._annotated(queryset)
        rows: list[tuple[Any, ...]] = []
        for segment in self._segments(base, cursor):
            rows += self._picked(segment, wanted, size + 1 - len(rows), back=cursor.back)
            if len(rows) > size:
                break
        if cursor.back and len(rows) <= size:
            return self.fetch(queryset, paths, size, None)
        return self.sliced(rows, size, cursor)

    def first(
        self, queryset: models.QuerySet[Any], paths: Sequence[str], size: int
    ) -> models.QuerySet[Any, tuple[Any, ...]]:
        """The query of the first page, for `sliced`."""
        wanted = [*paths, *self.names]
        return self._picked(self._sorted(self._annotated(queryset), back=False), wanted, size + 1, back=False)

    def _picked(
        self, segment: models.QuerySet[Any], wanted: Sequence[str], most: int, *, back: bool
    ) -> models.QuerySet[Any, tuple[Any, ...]]:
        if not self.late:
            return segment.values_list(*wanted)[:most]
        keys = segment.values("pk")[:most]
        shown = self._annotated(segment.model._default_manager.filter(pk__in=keys))
        return self._sorted(shown, back=back).values_list(*wanted)

    def sliced(self, rows: list[tuple[Any, ...]], size: int, cursor: Cursor | None = None) -> Slice:
        """A page of the rows that were read for it: one more than it has, if there are so many."""
        width = len(self.names)
        more = len(rows) > size
        rows = rows[:size]
        if cursor is not None and cursor.back:
            rows.reverse()
            start = max(cursor.position - len(rows), 0)
        else:
            start = cursor.position if cursor else 0
        has_before = (more if cursor.back else True) if cursor else False
        has_after = True if cursor is not None and cursor.back else more
        first = Cursor(rows[0][-width:], True, start) if rows and has_before else None
        last = Cursor(rows[-1][-width:], False, start + len(rows)) if rows and has_after else None
        return Slice([row[:-width] for row in rows], start, first, last)

    def _annotated(self, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        keys = {name: term.expression for name, term in zip(self.names, self.terms, strict=True)}
        annotated: models.QuerySet[Any] = queryset.order_by().annotate(**keys)
        return annotated

    def _sorted(self, queryset: models.QuerySet[Any], *, back: bool) -> models.QuerySet[Any]:
        return queryset.order_by(
            *[
                F(name).desc() if term.descending != back else F(name).asc()
                for name, term in zip(self.names, self.terms, strict=True)
            ]
        )

    def _segments(self, base: models.QuerySet[Any], cursor: Cursor) -> list[models.QuerySet[Any]]:
        """Queries that, one after the other, give the rows on the far side of the cursor in order.

        More than one only where NULLs begin or end: a row comparison, which an index can answer, skips them.
        """
        queryset = self._sorted(base, back=cursor.back)
        values = self._typed(queryset, cursor.values)
        downwards = [term.descending != cursor.back for term in self.terms]
        head, rest = self.terms[0], self.terms[1:]
        if len(set(downwards)) > 1 or any(term.nullable for term in rest):
            return [queryset.filter(self._beyond(values, downwards))]
        down = downwards[0]
        null = Q(**{f"{self.names[0]}__isnull": True})
        if values[0] is None:
            tail = [queryset.filter(null, _compare(self.names[1:], values[1:], down=down))]
            return [*tail, queryset.exclude(null)] if down else tail
        following = queryset.filter(_compare(self.names, values, down=down))
        if "__" in head.path and values[0] is not None:
            # No index can answer a comparison of rows over two tables; its first part alone it can.
            following = following.filter(**{f"{self.names[0]}__{'lte' if down else 'gte'}": values[0]})
        return [following, queryset.filter(null)] if head.nullable and not down else [following]

    def _typed(self, queryset: models.QuerySet[Any], values: Sequence[Any]) -> list[Any]:
        annotations = queryset.query.annotations
        typed: list[Any] = []
        for name, value in zip(self.names, values, strict=True):
            try:
                typed.append(value if value is None else annotations[name].output_field.to_python(value))
            except ValidationError:  # the column has changed its type since the address was made
                typed.append(None)
        return typed

    def _beyond(self, values: Sequence[Any], downwards: Sequence[bool]) -> Q:
        """The same in words: equal in the first terms and beyond in the next, for orders no row comparison can say."""
        found = Q(pk__in=[])
        equal = Q()
        for name, term, value, down in zip(self.names, self.terms, values, downwards, strict=True):
            null = Q(**{f"{name}__isnull": True})
            if value is None:
                step = ~null if down else Q(pk__in=[])
                same = null
            else:
                step = Q(**{f"{name}__lt" if down else f"{name}__gt": value})
                if term.nullable and not down:
                    step |= null
                same = Q(**{name: value})
            found |= equal & step
            equal &= same
        return found


def _compare(names: Sequence[str], values: Sequence[Any], *, down: bool) -> TupleGreaterThan | TupleLessThan:
    lookup = TupleLessThan if down else TupleGreaterThan
    return lookup(Tuple(*[F(name) for name in names]), tuple(values))


def _plain(value: Any) -> Any:
    """A value as JSON keeps it; `to_python` of the column's field reads it back whole, microseconds included."""
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
