"""Adjustment documents: goods written off or on, and goods destroyed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.members import Member
from apps.inventory.models import AdjustmentItem, Batch, MoveReason, StockAdjustment, WriteKind, WriteState
from apps.inventory.operations.adjusting import Adjustment, adjust
from apps.inventory.operations.ledger import Document
from apps.inventory.operations.refusals import QuantityRefused, StockRefused

DOCUMENT = "inventory.adjustment"


class AdjustmentClosed(StockRefused):
    """The adjustment is posted or cancelled."""


def _locked(pk: int) -> StockAdjustment:
    found: StockAdjustment = StockAdjustment.objects.select_for_update(of=("self",)).select_related("place").get(pk=pk)
    if found.state != WriteState.DRAFT:
        raise AdjustmentClosed(
            _("%(adjustment)s is %(state)s already.")
            % {"adjustment": found, "state": found.get_state_display().lower()}
        )
    return found


@transaction.atomic
def put_on_adjustment(*, pk: int, batch: Batch, quantity: int) -> None:
    """Say how many more (positive) or fewer of a batch there are; 0 takes the line off.

    Raises:
        AdjustmentClosed.
        QuantityRefused: goods cannot be destroyed that are not there.
    """
    document = _locked(pk)
    if document.kind == WriteKind.DESTRUCTION and quantity > 0:
        raise QuantityRefused(_("Destroyed goods go off the books: type a minus before the number."), field="quantity")
    if quantity == 0:
        AdjustmentItem.objects.filter(adjustment=document, batch=batch).delete()
    else:
        AdjustmentItem.objects.update_or_create(adjustment=document, batch=batch, defaults={"quantity": quantity})


@transaction.atomic
def post_adjustment(*, pk: int, on: dt.date, actor: Member) -> StockAdjustment:
    """Write the moves.

    Raises:
        AdjustmentClosed, QuantityRefused and what else `adjust` refuses: nothing was written.
    """
    document = _locked(pk)
    lines = [
        Adjustment(item.batch_id, document.place_id, item.quantity, MoveReason(document.reason), document.note, item.pk)
        for item in document.items.all()
    ]
    if not lines:
        raise QuantityRefused(_("There is nothing on this document yet. Scan or search what it is about."))
    adjust(lines=lines, on=on, document=Document(DOCUMENT, document.pk, str(document)), actor=actor)
    StockAdjustment.objects.filter(pk=document.pk).update(
        state=WriteState.POSTED, posted_at=timezone.now(), posted_by_id=actor.id, version=F("version") + 1
    )
    document.refresh_from_db()
    return document


@transaction.atomic
def cancel_adjustment(*, pk: int) -> None:
    """Give up an adjustment that was not posted.

    Raises:
        AdjustmentClosed: it was.
    """
    document = _locked(pk)
    StockAdjustment.objects.filter(pk=document.pk).update(state=WriteState.CANCELLED, version=F("version") + 1)
