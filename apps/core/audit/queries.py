"""Reading the history: of one record, in words; and whose histories there are."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core.audit.history import history_model, tracked_model

EMPTY = "–"
_NEVER_SHOWN = {"organization", "version"}


class Action(StrEnum):
    """What happened to the record."""

    CREATED = "insert"
    CHANGED = "update"
    DELETED = "delete"

    @property
    def label(self) -> str:
        return {Action.CREATED: _("Created"), Action.CHANGED: _("Changed"), Action.DELETED: _("Deleted")}[self]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after, as people read it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One event of a record. `seal` is the number of the seal that holds it, None while it waits for one."""

    event_table: str
    event_id: int
    when: dt.datetime
    who: str
    source: str
    request_id: str
    action: Action
    fields: tuple[FieldChange, ...]
    seal: int | None


def in_words(value: Any) -> str:
    """A value as people read it: Yes and No, dates with their month's name, a dash for nothing."""
    if value is None or value in ("", [], {}):
        return EMPTY
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dt.datetime):
        return date_format(timezone.localtime(value) if timezone.is_aware(value) else value, "j M Y, H:i")
    if isinstance(value, dt.date):
        return date_format(value, "j M Y")
    if isinstance(value, list | tuple):
        return ", ".join(in_words(item) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, int | Decimal):
        return f"{value:,}".replace("-", "−")
    return str(value)


def history_of(
    instance: models.Model, *, limit: int = 50, before: int | None = None, write: Callable[[Any], str] = in_words
) -> list[Change]:
    """The latest changes of a record, newest first, read inside its tenant.

    `before`: only events below this number, for the next page. `write` turns a plain value into text; choices and
    references are words already, and so is what the model's `history_words` names: `{field: value -> text}`. An update
    of technical fields alone is left out, so there may be fewer than `limit`.

    Raises:
        LookupError: the record's model is not audited.
    """
    event_model = history_model(type(instance))
    events = event_model._default_manager.filter(**{tracked_model(event_model)._meta.pk.attname: instance.pk})
    if before is not None:
        events = events.filter(pk__lt=before)
    # One more than shown: the oldest change needs the event before it to compare with.
    rows: list[dict[str, Any]] = list(events.order_by("-pk").values()[: limit + 1])
    shown = [field for field in _recorded(type(instance), event_model) if _is_shown(field)]
    words = _Words(shown, rows, write)
    seals = _seals({row["pgh_txid"] for row in rows})
    changes: list[Change] = []
    for row, older in zip(rows[:limit], [*rows[1:], None][:limit], strict=False):
        action = Action(row["pgh_label"])
        fields = _changed_fields(shown, row, older, action, words)
        if action is Action.CHANGED and not fields:
            continue
        context = row["pgh_context"] or {}
        changes.append(
            Change(
                event_table=event_model._meta.db_table,
                event_id=row["pgh_id"],
                when=row["pgh_created_at"],
                who=context.get("name") or _("the system"),
                source=context.get("source", ""),
                request_id=context.get("request_id", ""),
                action=action,
                fields=fields,
                seal=seals.get(row["pgh_txid"]),
            )
        )
    return changes


def _recorded(model: type[models.Model], event_model: type[models.Model]) -> list[models.Field]:
    held = {field.name for field in event_model._meta.local_fields}
    return [field for field in model._meta.local_fields if field.name in held]


def _is_shown(field: models.Field) -> bool:
    return not (field.primary_key or field.name in _NEVER_SHOWN or getattr(field, "auto_now_add", False))


def _changed_fields(
    shown: Iterable[models.Field],
    row: Mapping[str, Any],
    older: Mapping[str, Any] | None,
    action: Action,
    words: _Words,
) -> tuple[FieldChange, ...]:
    if action is Action.DELETED:
        return ()
    if action is Action.CREATED or older is None:
        filled = ((field, words.of(field, row[field.attname])) for field in shown)
        return tuple(FieldChange(_label(field), EMPTY, after) for field, after in filled if after != EMPTY)
    return tuple(
        FieldChange(_label(field), words.of(field, older[field.attname]), words.of(field, row[field.attname]))
        for field in shown
        if older[field.attname] != row[field.attname]
    )


def _label(field: models.Field) -> str:
    return capfirst(str(field.verbose_name))


class _Words:
    """Values as words; the records that references name are read once per model, not once per value."""

    def __init__(
        self, fields: Iterable[models.Field], rows: Iterable[Mapping[str, Any]], write: Callable[[Any], str]
    ) -> None:
        self._write = write
        wanted: dict[type[models.Model], set[Any]] = {}
        for field in fields:
            if isinstance(field, models.ForeignKey):
                keys = {row[field.attname] for row in rows} - {None}
                wanted.setdefault(field.remote_field.model, set()).update(keys)
        self._names = {model: _names(model, keys) for model, keys in wanted.items()}

    def of(self, field: models.Field, value: Any) -> str:
        if value is None:
            return EMPTY
        if says := getattr(field.model, "history_words", {}).get(field.name):
            return str(says(value)) or EMPTY
        if isinstance(field, models.ForeignKey):
            return self._names[field.remote_field.model].get(value) or _("no. %(key)s, deleted") % {"key": value}
        if isinstance(field, ArrayField):
            return ", ".join(self.of(field.base_field, item) for item in value) or EMPTY
        if isinstance(field, models.JSONField):
            return _("kept") if value else EMPTY
        choices = {key: str(label) for key, label in field.flatchoices}
        return choices.get(value) or self._write(value)


def _names(model: type[models.Model], keys: set[Any]) -> dict[Any, str]:
    # What a record is called often depends on what it refers to: a member is called as the person is.
    near = [
        field.name
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and not field.null and field.name != "organization"
    ]
    found = model._default_manager.filter(pk__in=keys)
    return {record.pk: str(record) for record in (found.select_related(*near) if near else found)}


def _seals(transactions: set[int]) -> dict[int, int]:
    """The number of the seal that holds the events of each transaction; those that wait are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.txid, (SELECT s.number FROM audit_seal s WHERE s.organization_id = app_org() "
            "AND s.horizon > t.txid ORDER BY s.horizon LIMIT 1) FROM unnest(%s::bigint[]) AS t(txid)",
            [sorted(transactions)],
        )
        return {transaction: number for transaction, number in cursor.fetchall() if number is not None}


def every_organization() -> list[int]:
    """The keys of all organizations, for commands that walk them; row-level security shows their rows to none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_organizations()")
        return [row[0] for row in cursor.fetchall()]


def seal_lag() -> float:
    """Age in seconds of the oldest change that no seal holds yet, over all organizations; 0 when all are sealed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_seal_lag()")
        return max(float(cursor.fetchone()[0]), 0.0)
