"""Period locks."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal
from apps.finance.models import PeriodLock
from apps.finance.operations.posting import hold_periods_shut
from apps.organizations.models import Branch


class LockRefused(Refusal):
    """A lock cannot be set like that."""


def lock_period(
    *, module: str, locked_to: dt.date, reason: str, branch: Branch | None = None, hard: bool = False
) -> PeriodLock:
    """Shut a part of the books up to a day, or move the lock it has. Entries under way are waited for.

    Raises:
        LockRefused: the day lies ahead, or there is no reason.
    """
    if not reason.strip():
        raise LockRefused(_("Say why, for whoever is refused."), field="reason")
    if locked_to > timezone.localdate():
        raise LockRefused(_("That day is still to come. Lock up to today or an earlier day."), field="locked_to")
    with transaction.atomic():
        hold_periods_shut()
        lock, made = PeriodLock.objects.get_or_create(
            module=module,
            branch=branch,
            defaults={"locked_to": locked_to, "hard": hard, "reason": reason.strip()},
        )
        if not made:
            lock.locked_to, lock.hard, lock.reason = locked_to, hard, reason.strip()
            lock.version += 1
            lock.save(update_fields=["locked_to", "hard", "reason", "version"])
    found: PeriodLock = lock
    return found


def unlock_period(*, lock: PeriodLock) -> None:
    """Take a lock away. The history keeps that it was there."""
    lock.delete()
