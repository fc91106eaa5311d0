"""What every face of a list shares, on screen, in a file or under a bulk action: its rows in its order."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, ClassVar

import django_filters
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core import search
from apps.core.tenancy.context import current_organization_id
from apps.core.ui import queries
from apps.core.ui.formats import num
from apps.core.ui.links import Link, row_links
from apps.core.ui.pages.base import M, ModelPage, Text
from apps.core.ui.pages.filters import with_filters
from apps.core.ui.pages.keyset import Keyset, Term, term_of
from apps.core.ui.pages.state import SORT, FilterKeys, ListState
from apps.core.ui.tables.table import Renderer, Table, compiled
from apps.core.written import count_once

# Above this a count costs more than it tells: "10,000+".
MOST_COUNTED = 10_000

_KEYS: dict[type[django_filters.FilterSet] | None, FilterKeys] = {}


@dataclass(frozen=True)
class Empty:
    """What a list says while it has no rows at all. The way in is the create page unless `action` says otherwise."""

    title: Text
    text: Text = ""
    action: Link | None = None
    icon: str = ""


@dataclass(frozen=True)
class View:
    """A built-in tab of a list: a query string under a name; `counted` shows how many rows it has."""

    label: Text
    query: str
    counted: bool = False


@dataclass(frozen=True)
class Stat:
    """A number above a list that filters it."""

    label: Text
    count: Text
    query: str
    detail: Text = ""
    swatch: str = ""


@dataclass(frozen=True)
class Count:
    """How many rows a list has, counted up to a bound."""

    number: int
    more: bool = False

    def __str__(self) -> str:
        return f"{num(self.number)}+" if self.more else num(self.number)


def counted(queryset: models.QuerySet[Any]) -> Count:
    """The number of rows, at the cost of at most `MOST_COUNTED`; of a search at that of fewer."""
    return Count(*search.count(queryset, MOST_COUNTED))


@lru_cache(maxsize=2048)
def _canonical(keys: FilterKeys, defaults: str, query: str) -> str:
    """Every list asks it for every tab it has."""
    return ListState("", QueryDict(query), keys, defaults=defaults).query()


class ListBase(ModelPage[M]):
    """Rows of a model: which ones, in which order, with which columns."""

    table_class: ClassVar[type[Table]]
    filterset_class: ClassVar[type[django_filters.FilterSet] | None] = None
    search_fields: ClassVar[Sequence[str]] = ()
    ordering: ClassVar[Sequence[Any]] = ()
    default_filters: ClassVar[str] = ""
    late_join: ClassVar[bool] = False
    """Whether the rows of a page are found before the tables they only show are joined: for lists over many tables."""
    same_for_all: ClassVar[bool] = False
    """Whether nothing but organization, address and day decides which rows there are and what they say: neither the
    member nor the moment. Their SQL is then written once."""
    group_by: ClassVar[tuple[str, Text] | None] = None
    """A column by which rows of one kind come to lie together, and the words on the switch for it."""
    page_size: ClassVar[int] = 50
    page_sizes: ClassVar[Sequence[int]] = (25, 50, 100, 200)

    def get_title(self) -> str:
        return str(self.title) or self.list_title

    @property
    def page_key(self) -> str:
        """What the list is called in saved views and column choices: the name of its route."""
        match = self.request.resolver_match
        return match.view_name if match else type(self).__name__

    # ---- which rows ----

    @cached_property
    def state(self) -> ListState:
        return self.state_of(self.request.GET)

    def state_of(self, given: QueryDict) -> ListState:
        """The state that an address, or the query string a form sent along, describes."""
        return ListState(
            self.request.path, given, self._filter_keys(), defaults=self.default_filters, size=self.page_size
        )

    def canonical(self, query: str) -> str:
        """The one way to write a query string: without the page, and without what says nothing."""
        return _canonical(self._filter_keys(), self.default_filters, query)

    def _filter_keys(self) -> FilterKeys:
        filters = self.filterset_class
        if filters not in _KEYS:
            fields = {name: one.field for name, one in filters.base_filters.items()} if filters else {}
            _KEYS[filters] = FilterKeys.read(fields)
        return _KEYS[filters]

    def filterset_of(self, state: ListState) -> django_filters.FilterSet | None:
        if self.filterset_class is None:
            return None
        data = state.data()
        used = frozenset(name for name, keys in state.keys.items() if any(key in data for key in keys))
        kind = with_filters(self.filterset_class, used)
        return kind(data=data, queryset=self.get_queryset(), request=self.request)

    @cached_property
    def filterset(self) -> django_filters.FilterSet | None:
        return self.filterset_of(self.state)

    def rows_of(self, state: ListState, filterset: django_filters.FilterSet | None) -> models.QuerySet[M]:
        """The rows a state describes. A filter that makes no sense finds nothing: more than was asked for would be
        worse under a bulk action."""
        queryset: models.QuerySet[M] = self.get_queryset()
        if filterset is not None:
            if not filterset.is_valid():
                return queryset.none()
            queryset = filterset.qs
        return self.search(queryset, state.search) if state.search else queryset

    @cached_property
    def rows(self) -> models.QuerySet[M]:
        return self.rows_of(self.state, self.filterset)

    def key_of(self, state: ListState, *more: Hashable) -> Hashable | None:
        """Everything that the SQL of a state depends on; None where it must be written anew.

        A search looks into the database before it is written.
        """
        if not self.same_for_all or state.search:
            return None
        page = f"{type(self).__module__}.{type(self).__qualname__}"
        return (page, current_organization_id(), timezone.localdate(), state.query(), *more)

    def count_of(self, state: ListState, make: Callable[[], models.QuerySet[M]]) -> Count:
        """How many rows a state has; `make` gives them where that has to be asked anew."""
        key = self.key_of(state)
        if key is None:
            return counted(make())
        number = count_once(key, lambda: make().order_by().values_list("pk")[: MOST_COUNTED + 1])
        return Count(min(number, MOST_COUNTED), number > MOST_COUNTED)

    @property
    def searches(self) -> bool:
        """Whether the list has a search box."""
        return bool(self.search_fields) or type(self).search is not ListBase.search

    def search(self, queryset: models.QuerySet[M], text: str) -> models.QuerySet[M]:
        """Rows in which every word occurs in some field. Large tables search through an index instead."""
        for word in text.split()[:8]:
            found = Q()
            for field in self.search_fields:
                found |= Q(**{f"{field}__icontains": word})
            queryset = queryset.filter(found)
        return queryset

    # ---- in which order ----

    @cached_property
    def sort(self) -> str:
        """The column the reader sorts by, with a minus for falling; empty for the list's own order."""
        wanted = self.state.value(SORT)
        column = self.renderer.all.get(wanted.removeprefix("-"))
        return wanted if column is not None and column.order_by else ""

    def terms_of(self, sort: str) -> list[Term]:
        if not sort:
            return [term_of(self.model, part) for part in self.ordering or self.model._meta.ordering or ()]
        column = self.renderer.all[sort.removeprefix("-")]
        terms = [term_of(self.model, part, folds=column.column.folds_case) for part in column.order_by]
        if not sort.startswith("-"):
            return terms
        return [Term(term.expression, not term.descending, term.nullable, term.path) for term in terms]

    @cached_property
    def keyset(self) -> Keyset:
        return Keyset(self.model, self.terms_of(self.sort), late=self.late_join)

    # ---- with which columns ----

    @cached_property
    def kept(self) -> queries.Kept:
        """Columns and views that the person keeps for this list."""
        return queries.kept_of(user_id=self.request.member.user_id, page=self.page_key)

    @cached_property
    def renderer(self) -> Renderer:
        return Renderer(
            self.table_class,
            self.model,
            self._known(self.kept.columns),
            row_url=self.row_url_maker(),
            selectable=self.selectable,
        )

    def _known(self, names: list[str] | None) -> list[str] | None:
        """Chosen columns that still exist; the first one, which names the record, is always there."""
        if not names:
            return None
        first, *others = compiled(self.table_class, self.model)
        return [first, *[name for name in others if name in names]]

    @property
    def selectable(self) -> bool:
        return False

    def row_url_maker(self) -> Callable[[Any], str | None] | None:
        """The address that a row leads to."""
        make = row_links(self.request, self.model)
        return None if make is None else lambda record: make(record.pk)

    # ---- words ----

    def things(self, count: int) -> str:
        """What so many records are called: 1 branch, 12 branches."""
        options = self.model._meta
        return str(options.verbose_name if count == 1 else options.verbose_name_plural)

    def counted_things(self, count: Count) -> str:
        return _("%(count)s %(things)s") % {"count": count, "things": self.things(count.number)}
