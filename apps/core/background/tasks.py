"""How every app leaves work to the background.

    @tenant_task(retries=3, retry_delay=60)
    def remind_buyer(organization_id: int, order_id: int) -> None:
        operations.remind_buyer(order_id=order_id)

    remind_buyer(request.organization.id, order.pk)      # waits for the commit, then a worker does it

    @every_minute
    def sweep() -> None:
        for_each_organization(operations.sweep, source="sweep")

The queue is at-most-once: a worker that is killed loses the task it holds. What must happen is an outbox row written in
the same transaction (`apps.core.outbox`); a task is for what a person can ask for again.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any, Concatenate, Generic, ParamSpec, overload

import structlog
from django.db import transaction
from django.utils import timezone
from huey import crontab
from huey.contrib import djhuey

from apps.core.audit.history import set_audit_context
from apps.core.background.operations import claim_run
from apps.core.background.queries import HEARTBEAT
from apps.core.tenancy.context import tenant
from apps.core.tenancy.queries import organization_ids

logger = logging.getLogger(__name__)

P = ParamSpec("P")


class BackgroundTask(Generic[P]):
    """A function that a worker runs. Calling it leaves the work in the queue once the current transaction is committed.

    Arguments are pickled: pass keys and plain values, never model instances.
    """

    def __init__(self, function: Callable[P, object], **options: Any) -> None:
        self.function = function
        self.name = f"{function.__module__}.{function.__qualname__}"
        functools.update_wrapper(self, function)
        self._queued = djhuey.db_task(name=self.name, **options)(self._work)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        task = self._queued.s(*args, **kwargs)
        transaction.on_commit(lambda: self._queued.huey.enqueue(task))

    def call_local(self, *args: P.args, **kwargs: P.kwargs) -> object:
        """Do the work here and now, as a worker would, and return its result."""
        return self._work(*args, **kwargs)

    def _work(self, *args: P.args, **kwargs: P.kwargs) -> object:
        with structlog.contextvars.bound_contextvars(task=self.name):
            return self.function(*args, **kwargs)


@overload
def task(function: Callable[P, object], /) -> BackgroundTask[P]: ...
@overload
def task(
    *, retries: int = ..., retry_delay: int = ..., priority: int | None = ...
) -> Callable[[Callable[P, object]], BackgroundTask[P]]: ...


def task(function: Any = None, /, **options: Any) -> Any:
    """Decorator of work that enters its tenant itself or needs none."""

    def decorate(work: Callable[..., object]) -> BackgroundTask[Any]:
        return BackgroundTask(work, **options)

    return decorate if function is None else decorate(function)


@overload
def tenant_task(function: Callable[Concatenate[int, P], object], /) -> BackgroundTask[Concatenate[int, P]]: ...
@overload
def tenant_task(
    *, retries: int = ..., retry_delay: int = ..., priority: int | None = ...
) -> Callable[[Callable[Concatenate[int, P], object]], BackgroundTask[Concatenate[int, P]]]: ...


def tenant_task(function: Any = None, /, **options: Any) -> Any:
    """Decorator of work for one organization, whose key is the first argument.

    It runs in one transaction inside `tenant(organization_id)`, and its changes are recorded as made by the task. An
    exception takes all of it back; `retries` says how often it is tried again, `retry_delay` after how many seconds.
    """

    def decorate(work: Callable[..., object]) -> BackgroundTask[Any]:
        @functools.wraps(work)
        def inside(organization_id: int, *args: Any, **kwargs: Any) -> object:
            with tenant(organization_id):
                set_audit_context(source=f"task {work.__name__}")
                return work(organization_id, *args, **kwargs)

        return BackgroundTask(inside, **options)

    return decorate if function is None else decorate(function)


def periodic(schedule: Callable[..., bool]) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Decorator of work that comes up by the clock, such as `@periodic(crontab(minute="0", hour="2"))`, in UTC.

    With several workers each run is done once: they claim it in the database.
    """

    def decorate(work: Callable[[], object]) -> Callable[[], object]:
        name = f"{work.__module__}.{work.__qualname__}"

        @functools.wraps(work)
        def run() -> object:
            if not claim_run(task=name, moment=timezone.now()):
                return None
            with structlog.contextvars.bound_contextvars(task=name):
                return work()

        djhuey.db_periodic_task(schedule, name=name)(run)
        return work

    return decorate


def every_minute(work: Callable[[], object]) -> Callable[[], object]:
    """Decorator of work that comes up every minute."""
    return periodic(crontab(minute="*"))(work)


def for_each_organization(operation: Callable[[int], object], *, source: str) -> None:
    """Call the operation with each active organization's key, inside that organization and a transaction of its own.

    One that fails is logged and does not keep the others from their turn. `source` names the work in the history.

    Raises:
        ExceptionGroup: at the end, with what went wrong.
    """
    failures: list[Exception] = []
    for organization_id in organization_ids():
        try:
            with tenant(organization_id):
                set_audit_context(source=f"task {source}")
                operation(organization_id)
        except Exception as error:
            logger.exception("%s failed for organization %s", source, organization_id)
            failures.append(error)
    if failures:
        raise ExceptionGroup(f"{source} failed for {len(failures)} organizations", failures)


@every_minute
def heartbeat() -> None:
    """Show that a worker works: the claim of this run is the beat that `worker_heartbeat` reads."""


def first_heartbeat() -> None:
    """A worker that starts shows it at once."""
    claim_run(task=HEARTBEAT, moment=timezone.now())


djhuey.on_startup(name="heartbeat")(first_heartbeat)
