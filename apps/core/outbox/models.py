"""Facts on their way to whoever wants to know."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.outbox.registry import label_of
from apps.core.tenancy.models import TenantModel


class OutboxMessage(TenantModel):
    """One fact for one handler, written in the transaction that made it true.

    A handler of its own per row: when one of three fails, the other two are not run again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        DEAD = "dead", _("Given up")

    topic = models.CharField(_("what happened"), max_length=80)
    handler = models.CharField(_("handler"), max_length=120)
    payload = models.JSONField(_("facts"), default=dict)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("happened"), auto_now_add=True)
    done_at = models.DateTimeField(_("done"), null=True)

    class Meta:
        verbose_name = _("outbox message")
        verbose_name_plural = _("outbox messages")
        ordering = ["-id"]
        indexes = [
            models.Index("due_at", name="outbox_due", condition=Q(state="waiting")),
            models.Index("organization", "state", "id", name="outbox_by_state"),
        ]

    def __str__(self) -> str:
        return label_of(self.handler)
