"""What waits in the outbox."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Lag:
    """How far the outbox is behind, over all organizations."""

    waiting: int
    dead: int
    oldest_due_seconds: float


def due_messages(most: int = 500) -> list[tuple[int, int]]:
    """Organization and key of the messages that are due, oldest first, over all organizations.

    The function runs as the tables' owner and gives back keys only.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT organization_id, id FROM outbox_due(%s)", [most])
        return [(organization_id, key) for organization_id, key in cursor.fetchall()]


def lag() -> Lag:
    """Counts over all organizations, for the readiness page and the operator."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT waiting, dead, oldest_due_seconds FROM outbox_lag()")
        waiting, dead, oldest = cursor.fetchone()
    return Lag(waiting, dead, float(oldest or 0))
