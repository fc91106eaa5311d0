"""Writing facts down. This is what other apps' operations call."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.core.outbox.models import OutboxMessage
from apps.core.outbox.registry import handlers_of
from apps.core.outbox.tasks import dispatch_message
from apps.core.tenancy.context import current_organization_id

logger = logging.getLogger(__name__)


def emit(*, topic: str, payload: dict[str, Any]) -> list[OutboxMessage]:
    """Write the fact down for each of its handlers, in the caller's transaction.

    After the commit the messages are dispatched; should the process die before, the next sweep finds them.
    """
    messages = OutboxMessage.objects.bulk_create(
        OutboxMessage(topic=topic, handler=name, payload=payload) for name in handlers_of(topic)
    )
    for message in messages:
        _dispatch_after_commit(message.pk)
    return messages


def retry(*, key: int) -> None:
    """Give a message of the current organization that was given up, or waits for its next attempt, a fresh start.

    Raises:
        OutboxMessage.DoesNotExist: there is no such message, or it is done.
    """
    message = OutboxMessage.objects.select_for_update().exclude(state=OutboxMessage.State.DONE).get(pk=key)
    message.state = OutboxMessage.State.WAITING
    message.attempts = 0
    message.due_at = timezone.now()
    message.save(update_fields=["state", "attempts", "due_at"])
    _dispatch_after_commit(key)


def _dispatch_after_commit(key: int) -> None:
    organization_id = current_organization_id()

    def hand_over() -> None:
        try:
            dispatch_message(organization_id, key)
        except Exception:
            # The queue may be down; the fact is safe in its row and the sweep brings it along.
            logger.exception("Outbox message %s was not queued; the sweep will take it.", key)

    transaction.on_commit(hand_over)
