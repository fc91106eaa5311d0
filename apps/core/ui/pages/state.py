"""The state of a list, which is its address: search, filters, order, page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django_filters.widgets import SuffixedMultiWidget

# Parameters of the machinery; filters cannot be called so.
SEARCH, SORT, ROWS, AFTER, BEFORE = "q", "sort", "rows", "after", "before"
PAGING = (AFTER, BEFORE)


@dataclass(frozen=True, eq=False)
class FilterKeys:
    """The parameters of a filterset: those of each filter, and those whose "unknown" means that nothing was chosen.

    There is one for each filterset, so that two are the same only when they are one.
    """

    of: Mapping[str, list[str]]
    three_way: frozenset[str] = frozenset()

    @classmethod
    def read(cls, fields: Mapping[str, forms.Field]) -> FilterKeys:
        """What the form fields of a filterset read from an address."""
        three_way = {name for name, field in fields.items() if isinstance(field.widget, forms.NullBooleanSelect)}
        return cls({name: keys_of(name, field) for name, field in fields.items()}, frozenset(three_way))


def keys_of(name: str, field: forms.Field) -> list[str]:
    """The parameters that a filter's form field reads: several for a range."""
    widget = field.widget
    if isinstance(widget, SuffixedMultiWidget):
        return [widget.suffixed(name, suffix) for suffix in widget.suffixes]
    if isinstance(widget, forms.MultiWidget):
        # Filled in by MultiWidget itself; the stubs do not know it.
        names: list[str] = widget.widgets_names  # type: ignore[attr-defined]
        return [f"{name}{suffix}" for suffix in names]
    return [name]


class ListState:
    """What an address says about a list, without what it does not know."""

    def __init__(self, path: str, given: QueryDict, keys: FilterKeys, *, defaults: str = "", size: int = 50) -> None:
        self.path = path
        self.size = size
        self.keys = keys.of
        known = {key for keys in self.keys.values() for key in keys}
        self.given = {key: given.getlist(key) for key in given if key in known or key in (SEARCH, SORT, ROWS, *PAGING)}
        for key in keys.three_way & self.given.keys():
            self.given[key] = ["" if value == "unknown" else value for value in self.given[key]]
        # A default holds until the reader says something about that filter, if only "any".
        fallback = QueryDict(defaults)
        self.defaults = {key: fallback.getlist(key) for key in fallback if key in known}
        self.search = (given.get(SEARCH) or "").replace("\x00", "").strip()[:200]

    def data(self) -> QueryDict:
        """What the filters work on: the address, and the defaults where it says nothing."""
        data = QueryDict(mutable=True)
        for key, values in {**self.defaults, **self.given}.items():
            data.setlist(key, values)
        return data

    def value(self, name: str) -> str:
        return (self.given.get(name) or [""])[-1]

    def rows(self, sizes: Iterable[int]) -> int:
        """Rows of a page, as far as the number is on offer."""
        wanted = self.value(ROWS)
        return int(wanted) if wanted.isdecimal() and int(wanted) in sizes else self.size

    def pairs(self, changes: Mapping[str, Any] | None = None, *, paging: bool = False) -> list[tuple[str, str]]:
        """The state as parameters, in one order for one state. A change of None drops the parameter."""
        state = {key: values for key, values in self.given.items() if paging or key not in PAGING}
        for key, value in (changes or {}).items():
            state[key] = (
                [] if value is None else [str(one) for one in value] if isinstance(value, list) else [str(value)]
            )
        return [
            (key, value)
            for key, values in sorted(state.items())
            for value in values
            # What holds anyway needs no saying, so that one state has one address; an empty filter says something only
            # where there is a default to switch off.
            if values != self.defaults.get(key) and (value != "" or key in self.defaults)
        ]

    def query(self, changes: Mapping[str, Any] | None = None, *, paging: bool = False) -> str:
        return urlencode(self.pairs(changes, paging=paging))

    def url(self, changes: Mapping[str, Any] | None = None, *, paging: bool = False) -> str:
        """The address of the list in this state, changed; a change starts again at the first page."""
        query = self.query(changes, paging=paging)
        return f"{self.path}?{query}" if query else self.path

    def without_filter(self, name: str) -> str:
        """The address without a filter."""
        return self.url({key: "" if key in self.defaults else None for key in self.keys[name]})

    def without_filters(self) -> str:
        changes = {key: "" if key in self.defaults else None for keys in self.keys.values() for key in keys}
        return self.url(changes)

    @property
    def filtered(self) -> bool:
        """Whether the address itself says more than the whole list would."""
        return bool(self.search) or any(self.value(key) for keys in self.keys.values() for key in keys)
