"""What a model declares to be audited, and who is at work: the context that every event of a transaction carries."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast, overload

import pghistory
import pghistory.core
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models
from django.db.models import F

from apps.core.audit.events import HistoryEvent
from apps.core.tenancy.context import set_local

ModelClass = TypeVar("ModelClass", bound=type[models.Model])

_CONTEXT = "pghistory.context_metadata"


@overload
def audited(model: ModelClass) -> ModelClass: ...
@overload
def audited(*, exclude: Sequence[str]) -> Callable[[ModelClass], ModelClass]: ...


def audited(model: Any = None, *, exclude: Sequence[str] = ()) -> Any:
    """Class decorator: every insert, update and delete of the model's rows leaves an event in `<table>event`.

    The triggers are statement-level, so that a bulk write costs one more statement and not one per row; an update that
    changes no recorded column leaves no event. `exclude` names fields that are not recorded: secrets, and counters that
    are no business facts. Fields that only say when a row was saved are never recorded; the event has the time.

    Raises:
        ImproperlyConfigured: the model belongs to no organization.
    """

    def decorate(model: type[models.Model]) -> type[models.Model]:
        _track(model, exclude)
        return model

    return decorate if model is None else decorate(model)


def _track(model: type[models.Model], exclude: Sequence[str]) -> None:
    options = model._meta
    stamps = [field.name for field in options.local_fields if getattr(field, "auto_now", False)]
    attributes: dict[str, Any] = {}
    if options.label_lower == settings.TENANT_MODEL.lower():
        # The organization's own row names its organization by its key.
        organization = "organization_id"
        attributes[organization] = models.GeneratedField(
            expression=cast(Any, F("id")), output_field=models.BigIntegerField(), db_persist=True
        )
    elif any(field.name == "organization" for field in options.local_fields):
        organization = "organization"
        # Without the default of the row's own field: a migration that adds this column is in no organization.
        attributes[organization] = models.ForeignKey(
            settings.TENANT_MODEL,
            on_delete=models.DO_NOTHING,
            db_constraint=False,
            db_index=False,
            editable=False,
            related_name="+",
        )
    else:
        raise ImproperlyConfigured(f"{options.label} has no organization, so its history would belong to nobody.")
    pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        level=pghistory.Statement,
        base_model=HistoryEvent,
        model_name=f"{options.object_name}Event",
        exclude=[*exclude, *stamps],
        # The row's own key is among the recorded columns; a second copy of it would only cost another index.
        obj_field=None,
        # Written into the event itself: pghistory's shared context table knows no organization.
        context_field=pghistory.ContextJSONField(null=True),
        context_id_field=cast(Any, None),
        attrs=attributes,
        meta={
            "default_permissions": (),
            "indexes": [
                models.Index(fields=[organization, "pgh_txid"]),
                models.Index(fields=[organization, options.pk.name, "pgh_id"]),
            ],
        },
    )(model)


def history_model(model: type[models.Model]) -> type[HistoryEvent]:
    """The model of the events of an audited model. Raises LookupError when the model is not audited."""
    for event_model in history_models():
        if tracked_model(event_model) is model:
            return event_model
    raise LookupError(f"{model._meta.label} is not audited")


def tracked_model(event_model: type[HistoryEvent]) -> type[models.Model]:
    """The model whose rows the events are about."""
    return cast(type[models.Model], event_model.pgh_tracked_model)


def history_models() -> list[type[HistoryEvent]]:
    """The event model of every audited model, in the order of their tables' names."""
    found = [model for model in pghistory.core.event_models() if issubclass(model, HistoryEvent)]
    return sorted(found, key=lambda model: model._meta.db_table)


def set_audit_context(*, user_id: int | None = None, name: str = "", request_id: str = "", source: str = "") -> None:
    """Say for the rest of the current transaction who changes what, and what made them: a page, a task or a command.

    The triggers read the setting; setting it once costs one statement a transaction instead of one a write. It ends
    with the transaction. `name` is kept as it is now, so that the history reads the same after the person is renamed.
    """
    set_local(audit_settings(user_id=user_id, name=name, request_id=request_id, source=source))


def audit_settings(
    *, user_id: int | None = None, name: str = "", request_id: str = "", source: str = ""
) -> dict[str, object]:
    """The same as settings for `tenant(…, settings=…)`, where it costs no statement of its own."""
    return {_CONTEXT: _text({"user_id": user_id, "name": name, "request_id": request_id, "source": source})}


@contextmanager
def audit_context(
    *, user_id: int | None = None, name: str = "", request_id: str = "", source: str = ""
) -> Iterator[None]:
    """`set_audit_context` for a block inside a transaction; afterwards the context before it holds again.

    After an exception the rollback to the savepoint around the block restores it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [_CONTEXT])
        before = cursor.fetchone()[0] or ""
    set_audit_context(user_id=user_id, name=name, request_id=request_id, source=source)
    yield
    set_local({_CONTEXT: before})


def _text(facts: dict[str, Any]) -> str:
    return json.dumps({name: value for name, value in facts.items() if value not in (None, "")}, ensure_ascii=False)
