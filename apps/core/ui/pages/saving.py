"""Saving what a form changed, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.core.refusals import Stale

__all__ = ["Stale", "changed_fields", "explain", "find_taken", "save_changes", "snapshot"]


def snapshot(instance: models.Model) -> dict[str, Any]:
    """Column values of a record, to compare with later."""
    return {field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields}


def changed_fields(instance: models.Model, before: dict[str, Any]) -> list[models.Field[Any, Any]]:
    """Fields whose value differs from the snapshot."""
    fields = [field for field in instance._meta.concrete_fields if not field.primary_key and not field.generated]
    return [field for field in fields if getattr(instance, field.attname) != before[field.attname]]


def save_changes(instance: models.Model, before: dict[str, Any]) -> bool:
    """Write what changed, if the row still has the version of the snapshot; False when nothing changed.

    Raises:
        Stale: somebody else saved meanwhile.
    """
    changed = changed_fields(instance, before)
    if not changed:
        return False
    stamps = [field for field in instance._meta.concrete_fields if getattr(field, "auto_now", False)]
    values: dict[str, Any] = {field.attname: field.pre_save(instance, add=False) for field in [*changed, *stamps]}
    rows = type(instance)._default_manager.filter(pk=instance.pk)
    if "version" in before:
        rows = rows.filter(version=before["version"])
        values["version"] = F("version") + 1
    with transaction.atomic():
        if not rows.update(**values):
            raise Stale
    if "version" in before:
        instance.version = before["version"] + 1  # type: ignore[attr-defined]
    return True


def explain(error: IntegrityError, form: forms.BaseForm, model: type[models.Model]) -> bool:
    """Turn the refusal of a declared constraint into a message beside the field; False for any other."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    constraint = next((one for one in _constraints(model) if one.name == name), None)
    if constraint is None:
        return False
    _blame(form, model, constraint)
    return True


def _blame(form: forms.BaseForm, model: type[models.Model], constraint: models.BaseConstraint) -> None:
    fields = [field for field in _fields_of(constraint) if field in form.fields]
    if constraint.violation_error_message != constraint.default_violation_error_message:
        message = str(constraint.get_violation_error_message())
    elif fields:
        labels = " + ".join(_within(str(form.fields[field].label or field)) for field in fields)
        message = _("Another %(thing)s has this %(field)s. Type a different one.") % {
            "thing": model._meta.verbose_name,
            "field": labels,
        }
    else:
        message = _("These values do not go together. Check them, then save again.")
    form.add_error(fields[-1] if fields else None, message)


def _within(label: str) -> str:
    """A label within a sentence; GSTIN keeps its capitals."""
    return label if label[:2].isupper() else f"{label[:1].lower()}{label[1:]}"


def _constraints(model: type[models.Model]) -> Iterator[models.BaseConstraint]:
    yield from model._meta.constraints
    for field in model._meta.local_fields:
        if field.unique and not field.primary_key:
            # PostgreSQL names the constraint of `unique=True` by itself.
            yield models.UniqueConstraint(fields=[field.name], name=f"{model._meta.db_table}_{field.column}_key")


def names_in(expression: Any) -> list[str]:
    """The fields that an expression reads. A bare F is no expression and does not flatten."""
    parts = expression.flatten() if hasattr(expression, "flatten") else [expression]
    return [str(part.name) for part in parts if isinstance(part, F)]  # type: ignore[attr-defined]


def _fields_of(constraint: models.BaseConstraint) -> list[str]:
    if isinstance(constraint, models.UniqueConstraint):
        if constraint.fields:
            return [name for name in constraint.fields if name != "organization"]
        return [name for one in constraint.expressions for name in names_in(one) if name != "organization"]
    return []


def find_taken(instance: models.Model, form: forms.BaseForm) -> None:
    """Say at once everything changed that another record has already.

    Django leaves out constraints that name a field the form does not have, and `organization` is never in one.
    """
    for constraint in instance._meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint):
            continue
        fields = [field for field in _fields_of(constraint) if field in form.fields]
        if not set(fields) & set(form.changed_data) or any(field in form.errors for field in fields):
            continue
        try:
            constraint.validate(type(instance), instance)
        except forms.ValidationError:
            _blame(form, type(instance), constraint)
