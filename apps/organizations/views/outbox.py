"""What the organization has told nobody yet: facts that wait in the outbox, and those that were given up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.outbox import facts
from apps.core.outbox.models import OutboxMessage
from apps.core.ui.links import Link, page_url
from apps.core.ui.pages import ActionPage, Card, DetailPage, Empty, ListPage, View
from apps.core.ui.tables import Badge
from apps.organizations.filters import OutboxFilter
from apps.organizations.tables import OutboxTable

RIGHT = "organizations.outbox.view"
_TONES = {"waiting": "info", "done": "ok", "dead": "bad"}


class OutboxList(ListPage[OutboxMessage]):
    """Deliveries, the open ones first asked for."""

    model = OutboxMessage
    right = RIGHT
    title = gettext_lazy("Deliveries")
    table_class = OutboxTable
    filterset_class = OutboxFilter
    views = (
        View(gettext_lazy("Given up"), "state=dead", counted=True),
        View(gettext_lazy("Waiting"), "state=waiting", counted=True),
    )
    empty = Empty(
        gettext_lazy("Nothing was sent yet"),
        gettext_lazy("E-mails and other news of what happened here are listed with whether they arrived."),
    )


class OutboxDetail(DetailPage[OutboxMessage]):
    """One delivery, with what went wrong."""

    model = OutboxMessage
    right = RIGHT
    cards = (
        Card(gettext_lazy("What it is about"), ("topic", "handler", "created_at")),
        Card(gettext_lazy("How it stands"), ("attempts", "due_at", "done_at", "last_error")),
    )

    def badges(self) -> Sequence[Badge]:
        return [Badge(self.instance.get_state_display(), _TONES[self.instance.state])]

    def actions(self) -> Sequence[Link | None]:
        url = page_url(self.request, self.instance, "retry")
        return [Link(_("Try again"), url, "refresh")] if url else []


class OutboxRetry(ActionPage[OutboxMessage]):
    """Another try by hand."""

    model = OutboxMessage
    right = "organizations.outbox.retry"
    title = gettext_lazy("Try again")

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return isinstance(instance, OutboxMessage) and instance.state != OutboxMessage.State.DONE

    def get_queryset(self) -> models.QuerySet[OutboxMessage]:
        return super().get_queryset().exclude(state=OutboxMessage.State.DONE)

    def question(self) -> str:
        return _("It is sent once more at once. Nobody gets it twice: it did not get through before.")

    def perform(self, form: Any) -> None:  # noqa: ARG002
        facts.retry(key=self.instance.pk)

    def success_text(self) -> str:
        return _("On its way again")
