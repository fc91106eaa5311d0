"""What the background work says about itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils import timezone

from apps.core.background.models import PeriodicRun

HEARTBEAT: Final = "apps.core.background.tasks.heartbeat"
# Two beats may be missed: a worker that restarts for an update misses one.
LATE_AFTER: Final = timedelta(minutes=3)


def worker_heartbeat() -> timedelta | None:
    """How long ago a worker last showed that it works; None when none ever did."""
    ran_at = PeriodicRun.objects.filter(task=HEARTBEAT).values_list("ran_at", flat=True).first()
    return None if ran_at is None else max(timezone.now() - ran_at, timedelta(0))


def worker_is_late() -> bool:
    """Whether what people leave to the background is not being done."""
    age = worker_heartbeat()
    return age is None or age > LATE_AFTER
