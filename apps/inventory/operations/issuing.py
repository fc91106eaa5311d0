"""Goods leave: first expired, first out, or as somebody picked them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.inventory.models import Batch, BatchState, Move, MoveKind, MoveReason, Place, Stock
from apps.inventory.operations.ledger import (
    AT_THE_COUNTER,
    Actor,
    Change,
    Document,
    batches_of,
    lock_products,
    moved_before,
    post_moves,
    product_names,
    told_when_busy,
    usable_places,
)
from apps.inventory.operations.picking import check_quantities, offered, refuse_shortages
from apps.inventory.operations.refusals import BatchNotSaleable, ReasonMissing, Short, StockShortage
from apps.inventory.operations.reserving import free_reservations, reserved_products
from apps.inventory.rules.expiry import is_expired
from apps.inventory.rules.fefo import Demand, Pick, Plan, plan_fefo


@dataclass(frozen=True, slots=True)
class Issued:
    """What left for a line: one row for each batch and place. MRP, rate, expiry and cost are the batch's own."""

    line: int
    product_id: int
    batch_id: int
    place_id: int
    number: str
    expiry: dt.date
    quantity: int
    mrp: Decimal
    ptr: Decimal
    cost: Decimal


@dataclass(frozen=True)
class Issue:
    """What left under a document. `created` is False when it had left before, in an earlier try."""

    picks: tuple[Issued, ...]
    created: bool


@dataclass(frozen=True, slots=True)
class Picked:
    """So much of a batch that somebody took from a place, for a line of the document."""

    batch_id: int
    place_id: int
    quantity: int
    line: int = 0


def issue_fefo(
    *,
    demands: Sequence[Demand],
    branch_id: int,
    on: dt.date,
    document: Document,
    actor: Actor | None = None,
    place_ids: Sequence[int] | None = None,
    release: Document | None = None,
) -> Issue:
    """Take what is demanded from the branch's stock, soonest expiry first. All lines leave, or none.

    Args:
        place_ids: take from these places only.
        release: what is held for this document is freed first and may be taken.

    Raises:
        StockShortage: naming each line that cannot be filled, with what is free for it.
        StockBusy: others are at the same products for longer than a person should wait.
    """
    check_quantities([demand.quantity for demand in demands])
    products = {demand.product_id for demand in demands}
    with told_when_busy(products):
        if release is not None:
            lock_products(products | reserved_products(release), patience=AT_THE_COUNTER)
            free_reservations(release)
        lots = offered(demands, branch_id=branch_id, on=on, place_ids=place_ids)
        plan = plan_fefo(demands, lots, on=on)
        done = not plan.shortages and post_moves(_changes(plan), document=document, on=on, actor=actor, once=True)
        if not done:
            # Perhaps a retry: its goods left at the first try, so they may be short now.
            if before := moved_before(document, [MoveKind.ISSUE]):
                return _issued_before(before)
            refuse_shortages(plan)
    return Issue(tuple(map(_issued, plan.picks)), created=True)


def issue_picked(
    *,
    picks: Sequence[Picked],
    on: dt.date,
    document: Document,
    actor: Actor | None = None,
    kind: MoveKind = MoveKind.ISSUE,
    release: Document | None = None,
    override: str = "",
    reason: MoveReason = MoveReason.NONE,
) -> Issue:
    """Take exactly these batches from these places. All of it leaves, or nothing.

    Args:
        kind: `ISSUE` to a customer, or `RETURN` to a supplier, which takes expired and held goods from anywhere.
        release: what is held for this document is freed first and may be taken. Goods held for it leave without a
            word on their order.
        override: why goods leave before others that expire sooner.

    Raises:
        BatchNotSaleable: a batch is on hold, recalled or expired, or lies where nothing is sold from.
        ReasonMissing: something that expires sooner is free in the same branch, and no `override` was given.
        StockShortage, StockBusy, PlaceFrozen, GoodsUnknown.
    """
    check_quantities([pick.quantity for pick in picks])
    batches = batches_of(pick.batch_id for pick in picks)
    products = {batch.product_id for batch in batches.values()}
    with told_when_busy(products):
        lock_products(products | (reserved_products(release) if release else set()), patience=AT_THE_COUNTER)
        if before := moved_before(document, [kind]):
            return _issued_before(before)
        if release is not None:
            free_reservations(release)
        # Once more: while we waited for the lock, somebody may have put a batch on hold.
        batches = batches_of(batches)
        places = usable_places(pick.place_id for pick in picks)
        if kind == MoveKind.ISSUE:
            _refuse_unsaleable(picks, batches, places, on)
            if not override and release is None:
                _refuse_out_of_order(picks, batches, places, on)
        _refuse_missing(picks, batches)
        changes = [
            Change(
                pick.batch_id,
                pick.place_id,
                batches[pick.batch_id].product_id,
                -pick.quantity,
                batches[pick.batch_id].cost,
                kind,
                pick.line,
                reason,
                override,
            )
            for pick in _joined(picks)
        ]
        post_moves(changes, document=document, on=on, actor=actor)
    return Issue(
        tuple(
            _issued_of(batches[pick.batch_id], pick.place_id, pick.quantity, pick.line, batches[pick.batch_id].cost)
            for pick in _joined(picks)
        ),
        created=True,
    )


def _changes(plan: Plan) -> list[Change]:
    return [
        Change(
            pick.lot.batch_id,
            pick.lot.place_id,
            pick.lot.product_id,
            -pick.quantity,
            pick.lot.cost,
            MoveKind.ISSUE,
            pick.line,
        )
        for pick in plan.picks
    ]


def _issued(pick: Pick) -> Issued:
    lot = pick.lot
    return Issued(
        pick.line, lot.product_id, lot.batch_id, lot.place_id, lot.number, lot.expiry, pick.quantity, lot.mrp, lot.ptr,
        lot.cost,
    )  # fmt: skip


def _issued_of(batch: Batch, place_id: int, quantity: int, line: int, cost: Decimal) -> Issued:
    return Issued(
        line, batch.product_id, batch.pk, place_id, batch.number, batch.expiry, quantity, batch.mrp, batch.ptr, cost
    )  # fmt: skip


def _issued_before(moves: Sequence[Move]) -> Issue:
    return Issue(
        tuple(_issued_of(move.batch, move.place_id, -move.quantity, move.line, move.cost) for move in moves),
        created=False,
    )


def _joined(picks: Sequence[Picked]) -> list[Picked]:
    """Scanning the same box twice makes one pick of both."""
    sums: dict[tuple[int, int, int], int] = {}
    for pick in picks:
        key = pick.batch_id, pick.place_id, pick.line
        sums[key] = sums.get(key, 0) + pick.quantity
    return [Picked(batch, place, quantity, line) for (batch, place, line), quantity in sums.items()]


def _refuse_unsaleable(
    picks: Sequence[Picked], batches: dict[int, Batch], places: dict[int, Place], on: dt.date
) -> None:
    for pick in picks:
        batch, place = batches[pick.batch_id], places[pick.place_id]
        if batch.state != BatchState.OK:
            raise BatchNotSaleable(
                _("Batch %(batch)s is %(state)s: %(reason)s. Take another batch.")
                % {
                    "batch": batch,
                    "state": BatchState(batch.state).label.lower(),
                    "reason": batch.state_reason or _("no reason given"),
                }
            )
        if is_expired(batch.expiry, on):
            raise BatchNotSaleable(
                _("Batch %(batch)s expired in %(month)s. Take another batch.")
                % {"batch": batch, "month": f"{batch.expiry:%m/%Y}"}
            )
        if not place.saleable:
            raise BatchNotSaleable(
                _("Batch %(batch)s lies in %(place)s, where nothing is sold from. Take another batch.")
                % {"batch": batch, "place": place}
            )


def _refuse_out_of_order(
    picks: Sequence[Picked], batches: dict[int, Batch], places: dict[int, Place], on: dt.date
) -> None:
    taken: dict[tuple[int, int], int] = {}
    for pick in picks:
        taken[pick.batch_id, pick.place_id] = taken.get((pick.batch_id, pick.place_id), 0) + pick.quantity
    latest: dict[int, dt.date] = {}
    for pick in picks:
        batch = batches[pick.batch_id]
        latest[batch.product_id] = max(latest.get(batch.product_id, batch.expiry), batch.expiry)
    branches = {place.branch_id for place in places.values()}
    rows = Stock.objects.filter(
        product__in=latest,
        in_stock=True,
        saleable=True,
        expiry__gte=on,
        place__branch__in=branches,
        place__frozen=False,
    ).select_related("batch")
    for row in rows.order_by("expiry", "id"):
        if row.expiry < latest[row.product_id] and row.free > taken.get((row.batch_id, row.place_id), 0):
            raise ReasonMissing(
                _("Batch %(batch)s expires sooner, in %(month)s. Take it first, or say why not.")
                % {"batch": row.batch, "month": f"{row.expiry:%m/%Y}"},
                field="override",
            )


def _refuse_missing(picks: Sequence[Picked], batches: dict[int, Batch]) -> None:
    """Refuse what is not free in the very place."""
    free = {
        (row.batch_id, row.place_id): row.free
        for row in Stock.objects.filter(batch__in=batches, place__in={pick.place_id for pick in picks})
    }
    short: list[Short] = []
    for pick in picks:
        key = pick.batch_id, pick.place_id
        left = free.get(key, 0)
        if left < pick.quantity:
            batch = batches[pick.batch_id]
            short.append(Short(pick.line, batch.product_id, "", pick.quantity, left))
        free[key] = left - pick.quantity
    if short:
        names = product_names(one.product_id for one in short)
        raise StockShortage(
            [Short(one.line, one.product_id, names[one.product_id], one.wanted, max(one.free, 0)) for one in short]
        )
