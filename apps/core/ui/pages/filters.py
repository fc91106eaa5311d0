"""Filter fields as people read them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django_filters.widgets import DateRangeWidget, RangeWidget

from apps.core.ui.formats import EMPTY


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
