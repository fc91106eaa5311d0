"""Batches are taken out of sale wherever they lie, and given back."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F
from django.utils.translation import gettext as _

from apps.inventory.models import Batch, BatchState
from apps.inventory.operations.ledger import batches_of, lock_products, told_when_busy
from apps.inventory.operations.refusals import NotHeld, ReasonMissing


def hold(*, batch_ids: Iterable[int], reason: str) -> int:
    """Put batches on hold: nothing of them is sold until they are released. Returns how many were not on hold before.

    Raises:
        ReasonMissing, GoodsUnknown, StockBusy.
    """
    return _set_state(batch_ids, BatchState.HELD, reason, {BatchState.OK})


def recall(*, batch_ids: Iterable[int], reason: str) -> int:
    """Recall batches: nothing of them is sold any more, and who had them is to be told (`queries.trace`).

    Returns how many were not recalled before.

    Raises:
        ReasonMissing, GoodsUnknown, StockBusy.
    """
    return _set_state(batch_ids, BatchState.RECALLED, reason, {BatchState.OK, BatchState.HELD})


def release_hold(*, batch_ids: Iterable[int], reason: str) -> int:
    """Let batches be sold again that were on hold or recalled; returns how many.

    Raises:
        NotHeld: none of them was.
        ReasonMissing, GoodsUnknown, StockBusy.
    """
    changed = _set_state(batch_ids, BatchState.OK, reason, {BatchState.HELD, BatchState.RECALLED})
    if not changed:
        raise NotHeld(_("None of these batches is on hold."))
    return changed


def _set_state(batch_ids: Iterable[int], state: BatchState, reason: str, only: set[BatchState]) -> int:
    reason = reason.strip()
    if not reason:
        raise ReasonMissing(_("Say why: the reason stands with the batch and in its history."), field="reason")
    batches = batches_of(batch_ids)
    products = {batch.product_id for batch in batches.values()}
    with told_when_busy(products):
        lock_products(products)
        # Stock and its totals follow by trigger.
        return Batch.objects.filter(pk__in=batches, state__in=only).update(
            state=state, state_reason=reason[:200], version=F("version") + 1
        )
