"""Filtersets: made small for what an address filters by, and their fields as people read them."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext as _
from django_filters.widgets import DateRangeWidget, RangeWidget

from apps.core.ui.formats import EMPTY

_SMALL: dict[tuple[type[django_filters.FilterSet], frozenset[str]], type[django_filters.FilterSet]] = {}


def with_filters(kind: type[django_filters.FilterSet], names: frozenset[str]) -> type[django_filters.FilterSet]:
    """The filterset with these filters alone.

    django-filter copies every filter with its choices for each request, which costs more than a page's rows; most
    addresses use one filter or none. A filterset with a form, a start or a filtering of its own is left whole: it may
    look at several filters together.
    """
    own = (
        kind.filter_queryset is not django_filters.FilterSet.filter_queryset
        or kind.__init__ is not django_filters.FilterSet.__init__
        or kind._meta.form is not forms.Form
    )
    if own or names >= kind.base_filters.keys():
        return kind
    if (kind, names) not in _SMALL:
        small: Any = type(kind.__name__, (kind,), {})
        small.base_filters = {name: one for name, one in kind.base_filters.items() if name in names}
        _SMALL[kind, names] = small
    return _SMALL[kind, names]


def fit_filter(field: forms.Field) -> None:
    """Make a field of a filterset one that can be left empty: a dash for "unknown", a name for both ends of a range."""
    field.required = False
    widget = field.widget
    if isinstance(widget, forms.NullBooleanSelect):
        widget.choices = [("unknown", EMPTY), ("true", _("Yes")), ("false", _("No"))]
    if isinstance(widget, RangeWidget | DateRangeWidget):
        for part, label in zip(widget.widgets, (_("From"), _("To")), strict=True):
            part.attrs["aria-label"] = f"{field.label}: {label}"
            if isinstance(part, forms.DateInput):
                part.input_type = "date"
                part.format = "%Y-%m-%d"
