"""Which object an altered event is about, and which of its fields was probably altered."""

from __future__ import annotations

from typing import Any

from django.db import models

from apps.core.audit.events import HistoryEvent
from apps.core.audit.history import tracked_model


def object_name(event_model: type[HistoryEvent], event_id: int | None, instance: models.Model | None = None) -> str:
    """Kind, key and name of the object, such as "branch 3, Pune"; as the event has it unless the object is given."""
    model = tracked_model(event_model)
    if instance is None:
        if event_id is None:
            return str(model._meta.verbose_name)
        event = event_model._base_manager.filter(pk=event_id).first()
        if event is None:
            return str(model._meta.verbose_name)
        held = {field.attname for field in event._meta.local_fields}
        instance = model(
            **{
                field.attname: getattr(event, field.attname)
                for field in model._meta.local_fields
                if field.attname in held
            }
        )
    return f"{model._meta.verbose_name} {instance.pk}, {instance}"


def fields_that_do_not_fit(event_model: type[HistoryEvent], event_id: int) -> list[str]:
    """Fields in which the event contradicts the events of the same object before and after it, or the live row.

    Between two events that agree on a field, one that differs was altered. The latest event must equal the live row,
    the event of a deletion must equal the one before it. Empty when the neighbours allow no conclusion.
    """
    model = tracked_model(event_model)
    names = [
        field.attname
        for field in event_model._meta.local_fields
        if not field.name.startswith("pgh_") and field.name in {own.name for own in model._meta.local_fields}
    ]
    labels = {field.attname: str(field.verbose_name) for field in model._meta.local_fields}
    key = model._meta.pk.attname
    rows = event_model._base_manager
    event = rows.filter(pk=event_id).first()
    if event is None:
        return []
    same = rows.filter(**{key: getattr(event, key)})
    before = same.filter(pk__lt=event_id).order_by("-pk").first()
    after: models.Model | None = same.filter(pk__gt=event_id).order_by("pk").first()
    if event.pgh_label == "delete":
        return [labels[name] for name in names if before and _differ(event, before, name)]
    if after is None:
        live = model._base_manager.filter(pk=getattr(event, key)).first()
        return [labels[name] for name in names if live and _differ(event, live, name)]
    if getattr(after, "pgh_label", "") == "delete":
        return [labels[name] for name in names if _differ(event, after, name)]
    return [
        labels[name]
        for name in names
        if before and _differ(event, before, name) and _differ(event, after, name) and not _differ(before, after, name)
    ]


def _differ(one: Any, other: Any, name: str) -> bool:
    return bool(getattr(one, name) != getattr(other, name))
