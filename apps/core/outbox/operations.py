"""Handing facts to their handlers."""

from __future__ import annotations

import logging
import traceback

from django.db import transaction
from django.utils import timezone

from apps.core.audit.history import set_audit_context
from apps.core.outbox.models import OutboxMessage
from apps.core.outbox.registry import Fact, handler_called
from apps.core.outbox.rules import wait_after
from apps.core.tenancy.context import tenant

logger = logging.getLogger(__name__)


def dispatch(*, organization_id: int, key: int) -> bool:
    """Run the message's handler and mark it done, in one transaction; returns whether it was run to its end.

    A message that another worker holds, or that is done, given up or not yet due, is left alone. When the handler
    raises, all it wrote is taken back and the next attempt is set, later each time.
    """
    with tenant(organization_id):
        set_audit_context(source="outbox")
        message = OutboxMessage.objects.select_for_update(skip_locked=True).filter(pk=key).first()
        if message is None or message.state != OutboxMessage.State.WAITING or message.due_at > timezone.now():
            return False
        try:
            with transaction.atomic():
                handler_called(message.handler)(Fact(key=message.pk, topic=message.topic, payload=message.payload))
        except Exception as error:
            _put_off(message, error)
            return False
        message.state = OutboxMessage.State.DONE
        message.done_at = timezone.now()
        message.attempts += 1
        message.save(update_fields=["state", "done_at", "attempts"])
        return True


def _put_off(message: OutboxMessage, error: Exception) -> None:
    message.attempts += 1
    message.last_error = "".join(traceback.format_exception_only(error)).strip()[:2000]
    wait = wait_after(message.attempts)
    if wait is None:
        message.state = OutboxMessage.State.DEAD
        logger.error("Outbox message %s (%s) given up: %s", message.pk, message, message.last_error)
    else:
        message.due_at = timezone.now() + wait
        logger.warning("Outbox message %s (%s) failed, next try in %s", message.pk, message, wait, exc_info=error)
    message.save(update_fields=["state", "attempts", "due_at", "last_error"])
