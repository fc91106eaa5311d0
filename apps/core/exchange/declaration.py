"""What an app declares to be importable: its columns, its checks, and how the rows are taken.

`docs/exchange.md` walks through an example. An app puts its importers into `imports.py` and registers them in
`AppConfig.ready()`.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.exchange.batch import Batch, Taken
from apps.core.exchange.rules.cells import Kind, Month, Text
from apps.core.exchange.rules.tables import normal_heading

_NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")
# Columns that the table of a batch has anyway.
_RESERVED = frozenset({"row", "record_id", "record_new"})
Words = str | Promise


@dataclass(frozen=True)
class Column:
    """A column that an importer understands.

    `synonyms` are other headings it goes by. `like` is the unmistakable form of its values, for finding the column
    whatever its heading. `default` is taken, in canonical form, where the cell is blank or the column missing. `fix`
    suggests a better text for a cell that its kind refused. `wanted`: most rows need it though it may be blank;
    where the file lacks it, one value for all rows is asked for.
    """

    name: str
    label: Words
    kind: Kind = field(default_factory=Text)
    required: bool = False
    wanted: bool = False
    synonyms: Sequence[str] = ()
    help: Words = ""
    example: str = ""
    default: str = ""
    like: re.Pattern[str] | None = None
    fix: Callable[[str], str | None] | None = None

    @cached_property
    def names(self) -> frozenset[str]:
        """Its normalized names."""
        return frozenset(map(normal_heading, (self.name, str(self.label), *self.synonyms)))

    def looks_right(self, raw: str) -> bool:
        """Whether a cell has this column's unmistakable form."""
        return self.like is not None and self.like.fullmatch(raw) is not None


@dataclass(frozen=True)
class Option:
    """Something to choose with the file, such as what happens to records that exist. The first is the default."""

    name: str
    label: Words
    choices: Sequence[tuple[str, Words]]


@dataclass(frozen=True)
class Key:
    """Columns that together may occur once in a file; blank ones never clash. `label` reads "Same … as row 311"."""

    columns: tuple[str, ...]
    label: Words


DATE_ORDER = Option(
    "dates",
    _("Dates in the file"),
    [("day", _("Day first, 31/12/2026")), ("month", _("Month first, 12/31/2026"))],
)


class Importer(ABC):
    """One kind of file that can be imported."""

    name: ClassVar[str]
    label: ClassVar[Words]
    description: ClassVar[Words] = ""
    # "Import customers and suppliers"
    title: ClassVar[Words]
    right: ClassVar[str]
    columns: ClassVar[Sequence[Column]]
    keys: ClassVar[Sequence[Key]] = ()
    options: ClassVar[Sequence[Option]] = ()
    created_label: ClassVar[Words] = _("New")
    updated_label: ClassVar[Words] = _("Updated")
    order: ClassVar[int] = 50

    def check(self, batch: Batch) -> None:  # noqa: B027 (many have nothing to check)
        """Report what is wrong with the rows of the batch, set-based: see `Batch.mark`.

        It is called with all rows, and again with those that somebody mended; so it looks at each row and at the
        database, never at other rows of the file (that is what `keys` are for).
        """

    @abstractmethod
    def take(self, batch: Batch) -> Taken:
        """Write the rows of the batch. Called for some thousands of rows at a time, all in one transaction."""

    @abstractmethod
    def undo(self, job_number: int) -> None:
        """Take back everything that `take` did.

        Raises:
            Refusal: naming what depends on the rows.
        """

    def list_url(self, request: HttpRequest) -> str | None:  # noqa: ARG002
        """Where the imported records are seen."""
        return None

    @cached_property
    def known_headings(self) -> frozenset[str]:
        """Every normalized heading it understands."""
        return frozenset().union(*(column.names for column in self.columns))

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """Its columns by name."""
        return {column.name: column for column in self.columns}

    def all_options(self) -> list[Option]:
        """What is asked with the file: the order of dates where it matters, then the importer's own."""
        # Months are written month first by everybody.
        has_dates = any(
            column.kind.sql_type == "date" and not isinstance(column.kind, Month) for column in self.columns
        )
        return [*([DATE_ORDER] if has_dates else []), *self.options]


_registered: dict[str, Importer] = {}


def register(*importers: Importer) -> None:
    """Make importers known; from `AppConfig.ready()`.

    Raises:
        ImproperlyConfigured: a name is taken, or a declaration cannot work.
    """
    for importer in importers:
        if importer.name in _registered:
            raise ImproperlyConfigured(f"Two importers are called {importer.name}.")
        _check(importer)
        _registered[importer.name] = importer


def _check(importer: Importer) -> None:
    names = [column.name for column in importer.columns]
    if bad := [name for name in names if not _NAME.fullmatch(name) or name in _RESERVED]:
        raise ImproperlyConfigured(f"Column names that cannot be: {', '.join(bad)}.")
    if len(set(names)) < len(names):
        raise ImproperlyConfigured(f"The importer {importer.name} names a column twice.")
    if missing := {name for key in importer.keys for name in key.columns} - set(names):
        raise ImproperlyConfigured(f"Keys of {importer.name} name no column: {', '.join(sorted(missing))}.")


def unregister(name: str) -> None:
    """Forget an importer; for tests."""
    _registered.pop(name, None)


def importers() -> list[Importer]:
    """Every importer, as listed on the page."""
    return sorted(_registered.values(), key=lambda importer: (importer.order, str(importer.label)))


def importer_named(name: str) -> Importer:
    """Raises KeyError when there is none, as after an app was removed."""
    return _registered[name]
