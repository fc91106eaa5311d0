"""Putting a batch on hold, releasing it, recalling it; alone or many at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.http import Member
from apps.core.ui import formats
from apps.core.ui.pages import ActionPage, BulkResult
from apps.inventory.forms.batches import HoldForm, RecallForm
from apps.inventory.models import Batch, BatchState, Stock
from apps.inventory.operations import holding
from apps.inventory.queries import trace
from apps.inventory.views.batches import BatchPage

HOLD, RECALL = "inventory.batch.hold", "inventory.batch.recall"


class _BatchAction(BatchPage, ActionPage[Batch]):
    right = HOLD
    form_class = HoldForm

    @cached_property
    def lot(self) -> list[int]:
        """The batch, and those of the same number under another MRP."""
        return trace.lot(self.instance.pk)

    def in_stock(self) -> str:
        """How much of the batch lies here, in words."""
        found = Stock.objects.filter(batch=self.instance, in_stock=True)
        number = found.aggregate(all=models.Sum("on_hand"))["all"] or 0
        return ngettext("%(count)s unit is in stock.", "%(count)s units are in stock.", number) % {
            "count": formats.num(number)
        }


class BatchHold(_BatchAction):
    title = gettext_lazy("Put on hold")
    submit_label = gettext_lazy("Put on hold")

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") == BatchState.OK

    def question(self) -> str:
        return _("Nothing of %(batch)s is sold until it is released.") % {"batch": self.name}

    def points(self) -> Sequence[str]:
        return [self.in_stock(), _("What bills hold of it already stays held.")]

    def perform(self, form: Any) -> None:
        holding.hold(batch_ids=[self.instance.pk], **form.cleaned_data)

    def success_text(self) -> str:
        return _("%(batch)s is on hold") % {"batch": self.name}


class BatchRelease(_BatchAction):
    title = gettext_lazy("Release")
    submit_label = gettext_lazy("Release")

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", BatchState.OK) != BatchState.OK

    def question(self) -> str:
        return _("%(batch)s is sold again from now on.") % {"batch": self.name}

    def points(self) -> Sequence[str]:
        why = self.instance.state_reason
        return [self.in_stock(), *([_("It was taken out of sale for: %(reason)s") % {"reason": why}] if why else [])]

    def perform(self, form: Any) -> None:
        holding.release_hold(batch_ids=[self.instance.pk], **form.cleaned_data)

    def success_text(self) -> str:
        return _("%(batch)s is for sale again") % {"batch": self.name}


class BatchRecall(_BatchAction):
    """Afterwards the people to call stand on the screen."""

    title = gettext_lazy("Recall")
    right = RECALL
    form_class = RecallForm
    submit_label = gettext_lazy("Recall and list who got it")
    tone = "del"

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") != BatchState.RECALLED

    def question(self) -> str:
        return _("Recall %(batch)s: nothing of it is sold any more, and everybody who got it is listed.") % {
            "batch": self.name
        }

    def points(self) -> Sequence[str]:
        parties = len(trace.trades(self.lot, trace.Side.SOLD))
        others = len(self.lot) - 1
        told = ngettext("%(count)s party got some of it.", "%(count)s parties got some of it.", parties)
        same = ngettext(
            "%(count)s batch of the same number with another MRP is recalled with it.",
            "%(count)s batches of the same number with another MRP are recalled with it.",
            others,
        )
        return [
            self.in_stock(),
            told % {"count": formats.num(parties)},
            *([same % {"count": formats.num(others)}] if others else []),
        ]

    def perform(self, form: Any) -> None:
        holding.recall(batch_ids=self.lot, **form.cleaned_data)

    def success_text(self) -> str:
        return _("%(batch)s is recalled. These parties got it") % {"batch": self.name}

    def success_url(self) -> str:
        return self.url("inventory:batch_parties", pk=self.instance.pk)


def hold_rows(*, rows: models.QuerySet[Stock], actor: Member, reason: str) -> BulkResult:  # noqa: ARG001
    """Put the batches of these rows of stock on hold."""
    keys = list(rows.order_by().values_list("batch_id", flat=True).distinct())
    return BulkResult(holding.hold(batch_ids=keys, reason=reason))
