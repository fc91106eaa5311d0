"""Which organization the running code works for.

The organization is held twice: in a context variable, which scopes querysets, and in the PostgreSQL setting
`app.organization_id` of the current transaction, which row-level security reads. Either alone would isolate; both
together survive a forgotten filter as well as a forgotten policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone

T = TypeVar("T")

_organization_id: ContextVar[int | None] = ContextVar("organization_id", default=None)


class TenantRequired(RuntimeError):
    """Tenant data was touched outside `tenant(...)`: a bug in the caller, never a refusal to show to a person."""


def current_organization_id() -> int:
    """Primary key of the organization that the running code works for.

    Raises:
        TenantRequired: no organization has been entered.
    """
    value = _organization_id.get()
    if value is None:
        raise TenantRequired("No organization entered: wrap the call in tenant(organization_id).")
    return value


def active_organization_id() -> int | None:
    """Like `current_organization_id`, but None outside a tenant; for logs and code that serves both."""
    return _organization_id.get()


ORGANIZATION = "app.organization_id"
PERSON = "app.user_id"


def set_local(settings: Mapping[str, object]) -> None:
    """Set PostgreSQL settings for the rest of the current transaction, in one statement; None empties one."""
    with connection.cursor() as cursor:
        cursor.execute(*_setting(settings))


def _setting(settings: Mapping[str, object], asked: str = "") -> tuple[str, list[str]]:
    calls = ", ".join(["set_config(%s, %s, true)"] * len(settings))
    values = [part for name, value in settings.items() for part in (name, "" if value is None else str(value))]
    return f"SELECT {asked}{calls}", values


def _enter(organization_id: int, settings: Mapping[str, object]) -> str | None:
    """Set the organization and the other settings; returns its time zone. One that is being made has none yet."""
    statement, values = _setting({ORGANIZATION: organization_id, **settings}, "tenant_time_zone(%s), ")
    with connection.cursor() as cursor:
        cursor.execute(statement, [organization_id, *values])
        found: str | None = cursor.fetchone()[0]
    return found


@contextmanager
def tenant(
    organization_id: int, *, settings: Mapping[str, object] | None = None, time_zone: str = ""
) -> Iterator[None]:
    """Run the block in one transaction that sees and writes only this organization's rows, in its time zone.

    Blocks nest. PostgreSQL keeps a local setting to the end of the outermost transaction, so an inner block puts the
    value before it back by hand; after an exception, or where the block asked for a rollback, the rollback does it.
    `settings` are set with it, to spare a statement, and stay until the outermost transaction ends. Who knows the
    organization's `time_zone` already says so.
    """
    before = _organization_id.get()
    token = _organization_id.set(organization_id)
    inner = connection.in_atomic_block
    try:
        with transaction.atomic():
            if time_zone:
                set_local({ORGANIZATION: organization_id, **(settings or {})})
                zone: str | None = time_zone
            else:
                zone = _enter(organization_id, settings or {})
            with timezone.override(ZoneInfo(zone) if zone else timezone.get_current_timezone()):
                yield
            if inner and not transaction.get_rollback():
                set_local({ORGANIZATION: before})
    finally:
        _organization_id.reset(token)


@contextmanager
def as_person(user_id: int) -> Iterator[None]:
    """Run the block in one transaction that also sees the person's own memberships, in whichever organization."""
    inner = connection.in_atomic_block
    with transaction.atomic():
        set_local({PERSON: user_id})
        yield
        if inner and not transaction.get_rollback():
            set_local({PERSON: None})


def on_commit(callback: Callable[[], object]) -> None:
    """Call back after the commit, inside the organization that is current now.

    Django runs commit hooks when the transaction, and with it the tenant, is gone.
    """
    organization_id = current_organization_id()

    def in_tenant() -> None:
        with tenant(organization_id):
            callback()

    transaction.on_commit(in_tenant)


def streamed(parts: Iterable[T]) -> Iterator[T]:
    """The parts, made inside the organization that is current now, in one transaction that ends with the last of them.

    A streaming response is read when the view, its transaction and with them the tenant are gone.
    """
    organization_id = current_organization_id()

    def in_tenant() -> Iterator[T]:
        with tenant(organization_id):
            yield from parts

    return in_tenant()
