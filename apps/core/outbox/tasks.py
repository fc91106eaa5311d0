"""Dispatching in the background: at once after the commit, and a sweep for what a crash left lying."""

from __future__ import annotations

from apps.core.background.tasks import every_minute, task
from apps.core.outbox import operations, queries


@task
def dispatch_message(organization_id: int, key: int) -> bool:
    """Hand one message to its handler."""
    return operations.dispatch(organization_id=organization_id, key=key)


@every_minute
def sweep() -> int:
    """Hand over every message that is due; returns how many handlers ran to their end."""
    return sum(
        operations.dispatch(organization_id=organization, key=key) for organization, key in queries.due_messages()
    )
