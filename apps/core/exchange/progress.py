"""How far a long step is, told on a connection of its own: nobody sees what the step writes before it commits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.utils import timezone
from psycopg.errors import LockNotAvailable

_EVERY_SECONDS = 0.5

_UPSERT = """
INSERT INTO exchange_importprogress (organization_id, job_number, phase, done, total, started_at, stop)
VALUES (%(organization)s, %(job)s, %(phase)s, %(done)s, %(total)s, %(now)s, false)
ON CONFLICT (organization_id, job_number) DO UPDATE SET done = excluded.done, total = excluded.total
RETURNING stop
"""
_BEGIN = """
INSERT INTO exchange_importprogress (organization_id, job_number, phase, done, total, started_at, stop)
VALUES (%(organization)s, %(job)s, %(phase)s, 0, %(total)s, %(now)s, false)
ON CONFLICT (organization_id, job_number) DO UPDATE
SET phase = excluded.phase, done = 0, total = excluded.total, started_at = excluded.started_at
"""


class Stopped(Exception):
    """Somebody asked to stop; nothing of the step remains."""


class Progress:
    """Told how far the work is; tells whether it should stop."""

    def begin(self, phase: str, total: int) -> None:
        """A step begins."""

    def report(self, done: int) -> None:
        """Raises `Stopped`."""


class LiveProgress(Progress):
    """Progress that others see at once."""

    def __init__(self, side: Any, organization_id: int, job_number: int) -> None:
        self.side = side
        self.facts: dict[str, Any] = {"organization": organization_id, "job": job_number}
        self.last = 0.0

    def begin(self, phase: str, total: int) -> None:
        self.facts |= {"phase": phase, "total": total, "now": timezone.now()}
        self._run(_BEGIN, self.facts)
        self.last = time.monotonic()

    def report(self, done: int) -> None:
        if time.monotonic() - self.last < _EVERY_SECONDS:
            return
        self.last = time.monotonic()
        row = self._run(_UPSERT, {**self.facts, "done": min(done, self.facts["total"] or done)})
        if row is not None and row[0]:
            raise Stopped

    def _run(self, statement: str, params: dict[str, Any]) -> Any:
        try:
            with self.side.connection.transaction(), self.side.connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('app.organization_id', %s, true), set_config('lock_timeout', '200ms', true)",
                    [str(params["organization"])],
                )
                cursor.execute(statement, params)
                return cursor.fetchone() if cursor.description else None
        except LockNotAvailable:
            # Somebody asks to stop at this moment: the next report will see it. Telling must never hold up the work.
            return None


@contextmanager
def live_progress(organization_id: int, job_number: int) -> Iterator[Progress]:
    """Progress of one piece of background work."""
    side = connection.copy()
    try:
        side.ensure_connection()
        yield LiveProgress(side, organization_id, job_number)
    finally:
        side.close()
