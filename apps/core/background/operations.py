"""Writes of the background work's own records."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

# One statement, so that of several workers whose clocks strike at the same moment only one gets the row.
_CLAIM = """
INSERT INTO background_periodicrun (task, ran_at) VALUES (%(task)s, %(moment)s)
ON CONFLICT (task) DO UPDATE SET ran_at = excluded.ran_at
WHERE date_trunc('minute', background_periodicrun.ran_at) < date_trunc('minute', excluded.ran_at)
"""


def claim_run(*, task: str, moment: datetime) -> bool:
    """Take the run of a periodic task in this minute; False when another worker has it."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"task": task, "moment": moment})
        return bool(cursor.rowcount)
