"""Which organization the running code works for.

The organization is held twice: in a context variable, which scopes querysets, and in the PostgreSQL setting
`app.organization_id` of the current transaction, which row-level security reads. Either alone would isolate; both
together survive a forgotten filter as well as a forgotten policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from django.db import connection, transaction

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


def _set_organization(organization_id: int | None) -> None:
    _set_local("app.organization_id", organization_id)


def _set_local(name: str, value: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, "" if value is None else str(value)])


@contextmanager
def tenant(organization_id: int) -> Iterator[None]:
    """Run the block in one transaction that sees and writes only this organization's rows.

    Blocks nest. PostgreSQL keeps a local setting to the end of the outermost transaction, so the value before the block
    is put back by hand; after an exception, or where the block asked for a rollback, the rollback does it.
    """
    before = _organization_id.get()
    token = _organization_id.set(organization_id)
    try:
        with transaction.atomic():
            _set_organization(organization_id)
            yield
            if not transaction.get_rollback():
                _set_organization(before)
    finally:
        _organization_id.reset(token)


@contextmanager
def as_person(user_id: int) -> Iterator[None]:
    """Run the block in one transaction that also sees the person's own memberships, in whichever organization."""
    with transaction.atomic():
        _set_local("app.user_id", user_id)
        yield
        if not transaction.get_rollback():
            _set_local("app.user_id", None)


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
