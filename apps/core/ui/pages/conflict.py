"""Two people edit the same record: what each changed since the form was opened, and what to keep.

The form carries the version it was made from and, signed, the values it showed. When the record has moved on, the page
shows three columns: when you opened it, theirs, yours. Fields that one side left alone keep the other's value; where
both changed, the reader chooses. Everything typed travels along.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.http import QueryDict
from django.utils.text import capfirst

from apps.core.ui.values import field_shown

_SALT = "ui.opened"
VERSION, OPENED, CHOOSE = "version", "opened", "choose-"
THEIRS, YOURS = "theirs", "yours"


@dataclass(frozen=True)
class Row:
    """A field of which the two sides differ, as `parts/conflict_body.html` draws it."""

    label: str
    name: str
    opened: str
    theirs: str
    yours: str
    changed_by_them: bool
    changed_by_you: bool

    theirs_value = THEIRS
    yours_value = YOURS

    @property
    def clash(self) -> bool:
        return self.changed_by_them and self.changed_by_you


def values_of(form: forms.BaseForm) -> dict[str, Any]:
    """What the form shows before anybody types, as JSON keeps it."""
    prepared = {
        name: field.prepare_value(form.get_initial_for_field(field, name))
        for name, field in form.fields.items()
        if not isinstance(field, forms.FileField)
    }
    kept: dict[str, Any] = json.loads(json.dumps(prepared, cls=DjangoJSONEncoder, default=str))
    return kept


def sign(instance: models.Model, form: forms.BaseForm) -> str:
    """The values a form was opened with, sealed for this record."""
    return signing.dumps([instance._meta.label, instance.pk, values_of(form)], salt=_SALT, compress=True)


def opened_values(instance: models.Model, text: str) -> dict[str, Any] | None:
    """The values a form was opened with; None when it was made for another record or is not ours."""
    try:
        label, key, values = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return values if [label, key] == [instance._meta.label, instance.pk] else None


def choices_of(data: QueryDict) -> dict[str, str]:
    """Which side the reader chose for which field."""
    return {
        key.removeprefix(CHOOSE): value
        for key, value in data.items()
        if key.startswith(CHOOSE) and isinstance(value, str) and value in (THEIRS, YOURS)
    }


def keep_theirs(form: forms.BaseForm, names: set[str]) -> None:
    """Let these fields be what the record says now: a disabled field ignores what was posted for it."""
    for name in names & form.fields.keys():
        form.fields[name].disabled = True


def rows_of(form: forms.BaseForm, opened: dict[str, Any]) -> list[Row]:
    """The fields in which record and typed values differ, with who changed what since the form was opened."""
    return list(_rows(form, opened))


def _rows(form: forms.BaseForm, opened: dict[str, Any]) -> Iterator[Row]:
    now = values_of(form)
    for name, field in form.fields.items():
        if name not in now or field.disabled:
            continue
        data = form[name].data
        yours_same = not field.has_changed(form.get_initial_for_field(field, name), data)
        before = opened.get(name, now[name])
        by_you = field.has_changed(_python(field, before), data)
        by_them = before != now[name]
        if yours_same or not (by_you or by_them):
            # Both typed the same, or nobody typed anything.
            continue
        yours = form.cleaned_data.get(name, data) if hasattr(form, "cleaned_data") else data
        yield Row(
            label=capfirst(str(form[name].label)),
            name=f"{CHOOSE}{name}",
            opened=field_shown(field, _python(field, before)),
            theirs=field_shown(field, form.get_initial_for_field(field, name)),
            yours=field_shown(field, yours),
            changed_by_them=by_them,
            changed_by_you=by_you,
        )


def _python(field: forms.Field, value: Any) -> Any:
    """A value of JSON as the field knows it. Choices of records stay keys, which fields compare as such."""
    if value is None or isinstance(field, forms.ModelChoiceField):
        return value
    try:
        return field.to_python(value)
    except (ValidationError, TypeError, ValueError):
        return value


def kept(data: QueryDict, names: set[str]) -> list[tuple[str, str]]:
    """Everything else that was posted, to be posted again."""
    skipped = {VERSION, OPENED, "csrfmiddlewaretoken", *names}
    return [
        (key, value) for key in data if key not in skipped and not key.startswith(CHOOSE) for value in data.getlist(key)
    ]
