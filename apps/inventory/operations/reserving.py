"""Goods are held for a document, and let go again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.inventory.models import Reservation
from apps.inventory.operations.ledger import Document, lock_products, told_when_busy
from apps.inventory.operations.picking import check_quantities, offered, refuse_shortages
from apps.inventory.operations.refusals import NotHeld
from apps.inventory.rules.fefo import Demand, plan_fefo


@dataclass(frozen=True, slots=True)
class Hold:
    """So much of a batch in a place that is held for a document."""

    product_id: int
    batch_id: int
    place_id: int
    quantity: int


def reserve(
    *,
    demands: Sequence[Demand],
    branch_id: int,
    on: dt.date,
    document: Document,
    place_ids: Sequence[int] | None = None,
) -> tuple[Hold, ...]:
    """Hold what is demanded from the branch's stock, soonest expiry first. All lines are held, or none.

    A document that holds something already is left with it: release first to hold something else.

    Raises:
        StockShortage: naming each line that cannot be filled, with what is free for it.
        StockBusy: others are at the same products for longer than a person should wait.
    """
    check_quantities([demand.quantity for demand in demands])
    with told_when_busy({demand.product_id for demand in demands}):
        lots = offered(demands, branch_id=branch_id, on=on, place_ids=place_ids)
        if before := holds_of(document):
            return before
        plan = plan_fefo(demands, lots, on=on)
        refuse_shortages(plan)
        sums: dict[tuple[int, int, int], int] = {}
        for pick in plan.picks:
            key = pick.lot.product_id, pick.lot.batch_id, pick.lot.place_id
            sums[key] = sums.get(key, 0) + pick.quantity
        now = timezone.now()
        Reservation.objects.bulk_create(
            Reservation(
                document_kind=document.kind,
                document_id=document.id,
                document_number=document.number,
                product_id=product,
                batch_id=batch,
                place_id=place,
                quantity=quantity,
                moment=now,
            )
            for (product, batch, place), quantity in sums.items()
        )
    return tuple(Hold(*key, quantity) for key, quantity in sums.items())


def holds_of(document: Document) -> tuple[Hold, ...]:
    """What is held for the document."""
    return tuple(
        Hold(*row) for row in _of(document).order_by("id").values_list("product_id", "batch_id", "place_id", "quantity")
    )


def release(*, document: Document, holds: Sequence[Hold] | None = None) -> None:
    """Let go of what is held for the document: all of it, or so much of some batches.

    Raises:
        NotHeld: nothing is held for it, or less than is to be let go.
        StockBusy: others are at the same products for longer than a person should wait.
    """
    products = reserved_products(document)
    with told_when_busy(products):
        lock_products(products)
        if holds is None:
            if not free_reservations(document):
                raise NotHeld(_("Nothing is held for %(document)s.") % {"document": document.number or document.kind})
            return
        check_quantities([hold.quantity for hold in holds])
        for hold in holds:
            rows = _of(document).filter(batch=hold.batch_id, place=hold.place_id)
            # Less is held for it by this much; a row of nothing is no row.
            done = rows.filter(quantity=hold.quantity).delete()[0] or rows.filter(quantity__gt=hold.quantity).update(
                quantity=F("quantity") - hold.quantity
            )
            if not done:
                held = rows.values_list("quantity", flat=True).first() or 0
                raise NotHeld(
                    _("Only %(held)d are held for %(document)s, so %(wanted)d cannot be let go.")
                    % {"held": held, "document": document.number or document.kind, "wanted": hold.quantity}
                )


def reserved_products(document: Document) -> set[int]:
    """Products of which something is held for the document."""
    return set(_of(document).values_list("product_id", flat=True))


def free_reservations(document: Document) -> int:
    """Let go of everything held for the document; returns how many holds there were. The products are locked."""
    return _of(document).delete()[0]


def _of(document: Document) -> QuerySet[Reservation]:
    return Reservation.objects.filter(document_kind=document.kind, document_id=document.id)
