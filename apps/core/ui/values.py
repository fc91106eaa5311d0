"""How values of models and forms are shown outside tables: on details, in chips, in a conflict."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core.ui import formats


def shown(value: Any) -> str:
    """A value as text, by its type: dates as dates, numbers grouped, nothing as a dash."""
    if value is None or value in ("", [], ()):
        return formats.EMPTY
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dt.datetime):
        return formats.moment(value)
    if isinstance(value, dt.date):
        return formats.day(value)
    if isinstance(value, Decimal):
        return formats.num(value, max(-int(value.as_tuple().exponent), 0))
    if isinstance(value, int):
        return formats.num(value)
    if isinstance(value, slice):
        return _range(value)
    if isinstance(value, list | tuple | set | models.QuerySet):
        return ", ".join(shown(one) for one in value)
    return str(value)


def _range(value: slice) -> str:
    first, last = _end(value.start), _end(value.stop)
    if value.start is None:
        return _("up to %(last)s") % {"last": last}
    if value.stop is None:
        return _("from %(first)s") % {"first": first}
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def _end(value: Any) -> str:
    """One end of a range. A range of days comes as moments: midnight, and the last microsecond of a day."""
    if isinstance(value, dt.datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        if local.time() in (dt.time.min, dt.time.max):
            return formats.day(local.date())
    return shown(value)


def field_shown(field: forms.Field, value: Any) -> str:
    """A form field's value as its reader chose it: the choice's label, not its key."""
    if value is None or value == "":
        return formats.EMPTY
    if isinstance(field, forms.ModelMultipleChoiceField):
        keys = [getattr(one, "pk", one) for one in value]
        chosen = [] if field.queryset is None else field.queryset.filter(pk__in=keys)
        return ", ".join(field.label_from_instance(one) for one in chosen) or formats.EMPTY
    if isinstance(field, forms.ModelChoiceField):
        if isinstance(value, models.Model):
            return str(field.label_from_instance(value))
        rows = field.queryset
        found = None if rows is None else rows.filter(**{field.to_field_name or "pk": value}).first()
        return str(field.label_from_instance(found)) if found is not None else formats.EMPTY
    choices = getattr(field, "choices", None)
    if choices is not None:
        labels = _flat(choices)
        many = value if isinstance(value, list | tuple | set) else [value]
        return ", ".join(labels.get(str(one), shown(one)) for one in many) or formats.EMPTY
    return shown(value)


def _flat(choices: Any) -> dict[str, str]:
    labels: dict[str, str] = {}
    for value, label in choices:
        if isinstance(label, list | tuple):
            labels |= _flat(label)
        else:
            labels[str(value)] = str(label)
    return labels


def attribute(instance: models.Model, name: str) -> tuple[str, str | SafeString]:
    """Label and shown value of a model's field or property."""
    field = next((one for one in instance._meta.get_fields() if one.name == name), None)
    if isinstance(field, models.Field):
        label = capfirst(str(field.verbose_name))
        value = getattr(instance, name)
        if field.choices:
            return label, str(dict(field.flatchoices).get(value, shown(value)))
        if isinstance(field, models.TextField) and value:
            return label, lines(value)
        if isinstance(field, models.DecimalField) and value is not None:
            return label, formats.num(value, field.decimal_places)
        return label, shown(value)
    value = getattr(instance, name)
    described = getattr(type(instance), name, None)
    label = getattr(getattr(described, "fget", described), "short_description", name.replace("_", " "))
    return capfirst(str(label)), shown(value() if callable(value) else value)


def lines(text: str) -> SafeString:
    """Text with its line breaks."""
    safe = [conditional_escape(line) for line in str(text).splitlines()]
    return format_html("{}", SafeString("<br>".join(safe)))
