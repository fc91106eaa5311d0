"""Goods go from place to place: at once within a godown, through transit between branches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from apps.inventory.models import Batch, MoveKind, MoveReason, Place, PlaceKind, Stock
from apps.inventory.operations.books import post_stock_value
from apps.inventory.operations.ledger import (
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
from apps.inventory.operations.picking import check_quantities
from apps.inventory.operations.refusals import PlaceUnsuited, Short, StockShortage, TaxInvoiceNeeded
from apps.inventory.operations.standing import standing_place
from apps.inventory.rules.registration import registered_apart
from apps.organizations.models import Branch

# What arrives is a deed of its own under the same number, so that it can be retried by itself.
ARRIVAL = ".arrival"
_KINDS = (MoveKind.TRANSFER_OUT, MoveKind.TRANSFER_IN)


@dataclass(frozen=True, slots=True)
class TransferLine:
    """So much of a batch, from one place to another."""

    batch_id: int
    from_place_id: int
    to_place_id: int
    quantity: int
    line: int = 0


@dataclass(frozen=True, slots=True)
class ArrivalLine:
    """So much of a batch that arrived and was put into a place. `line` is that of the transfer."""

    batch_id: int
    to_place_id: int
    quantity: int
    line: int = 0


def transfer(
    *,
    lines: Sequence[TransferLine],
    on: dt.date,
    document: Document,
    actor: Actor | None = None,
    in_transit: bool | None = None,
    reason: MoveReason = MoveReason.NONE,
    note: str = "",
) -> bool:
    """Move goods to other places. All lines go, or none; what is held for somebody stays.

    Args:
        in_transit: the goods lie in the receiving branch's transit place until `accept_transfer`. Unless told
            otherwise that is so when the places belong to different branches.

    Returns:
        Whether it was done now; False when the document was sent in an earlier try.

    Raises:
        PlaceUnsuited: from a place to itself, or to an archived one.
        TaxInvoiceNeeded: from a branch to one that is registered apart.
        StockShortage, PlaceFrozen, GoodsUnknown, QuantityRefused, StockBusy.
    """
    check_quantities([line.quantity for line in lines])
    if any(line.from_place_id == line.to_place_id for line in lines):
        raise PlaceUnsuited(_("The goods lie there already. Choose another place."), field="to_place")
    batches = batches_of(line.batch_id for line in lines)
    products = {batch.product_id for batch in batches.values()}
    with told_when_busy(products):
        lock_products(products)
        if moved_before(document, _KINDS):
            return False
        batches = batches_of(batches)
        places = usable_places({key for line in lines for key in (line.from_place_id, line.to_place_id)})
        refuse_supply([(places[line.from_place_id], places[line.to_place_id]) for line in lines])
        refuse_not_free([(line.batch_id, line.from_place_id, line.quantity, line.line) for line in lines], batches)
        changes: list[Change] = []
        for line in lines:
            start, end = places[line.from_place_id], places[line.to_place_id]
            through = start.branch_id != end.branch_id if in_transit is None else in_transit
            target = standing_place(branch_id=end.branch_id, kind=PlaceKind.TRANSIT) if through else end
            changes += _both(batches[line.batch_id], start, target, line.quantity, line.line)
        post_moves(_summed(changes, reason, note), document=document, on=on, actor=actor)
        post_stock_value(document=document, on=on)
    return True


def accept_transfer(
    *,
    lines: Sequence[ArrivalLine],
    on: dt.date,
    document: Document,
    branch_id: int,
    actor: Actor | None = None,
    note: str = "",
) -> bool:
    """Put goods that a transfer sent into places of the branch that they went to.

    What did not arrive stays in transit until it is adjusted. One document is accepted once.

    Returns:
        Whether it was done now; False when it was accepted in an earlier try.

    Raises:
        StockShortage: more is to arrive than was sent.
        PlaceUnsuited, PlaceFrozen, GoodsUnknown, QuantityRefused, StockBusy.
    """
    check_quantities([line.quantity for line in lines])
    arrival = Document(document.kind + ARRIVAL, document.id, document.number, document.party_id)
    batches = batches_of(line.batch_id for line in lines)
    products = {batch.product_id for batch in batches.values()}
    with told_when_busy(products):
        lock_products(products)
        if moved_before(arrival, _KINDS):
            return False
        batches = batches_of(batches)
        places = usable_places(line.to_place_id for line in lines)
        if any(place.branch_id != branch_id for place in places.values()):
            raise PlaceUnsuited(_("Choose a place of the branch that the goods were sent to."), field="to_place")
        transit = standing_place(branch_id=branch_id, kind=PlaceKind.TRANSIT)
        _refuse_not_sent(lines, batches, document, transit)
        changes = [
            change
            for line in lines
            for change in _both(batches[line.batch_id], transit, places[line.to_place_id], line.quantity, line.line)
        ]
        post_moves(_summed(changes, MoveReason.NONE, note), document=arrival, on=on, actor=actor)
        post_stock_value(document=arrival, on=on)
    return True


def refuse_supply(ways: Sequence[tuple[Place, Place]]) -> None:
    """Refuse what needs a tax invoice: a challan covers goods of one registration only.

    Raises:
        TaxInvoiceNeeded: naming the branches, and how the goods go instead.
    """
    pairs = {(start.branch_id, end.branch_id) for start, end in ways if start.branch_id != end.branch_id}
    if not pairs:
        return
    branches = Branch.objects.in_bulk({key for pair in pairs for key in pair})
    for start, end in sorted(pairs):
        one, other = branches[start], branches[end]
        if registered_apart((one.gstin, one.state_code), (other.gstin, other.state_code)):
            raise TaxInvoiceNeeded(
                _(
                    "%(one)s and %(other)s have registrations of their own, so goods between them are a supply with "
                    "tax (CGST Act, Schedule I). Bill them from %(one)s to %(other)s as a customer, and receive them "
                    "there as a purchase."
                )
                % {"one": one, "other": other},
                field="to_place",
            )


def refuse_not_free(wanted: Sequence[tuple[int, int, int, int]], batches: dict[int, Batch]) -> None:
    """Refuse what is not free in the very place. `wanted` has batch, place, quantity and line.

    Raises:
        StockShortage: naming each line with what is free for it.
    """
    rows = Stock.objects.filter(batch__in=batches, place__in={place for _batch, place, _quantity, _line in wanted})
    free = {(row.batch_id, row.place_id): row.free for row in rows}
    short: list[Short] = []
    for batch, place, quantity, line in wanted:
        left = free.get((batch, place), 0)
        if left < quantity:
            short.append(Short(line, batches[batch].product_id, "", quantity, max(left, 0)))
        free[batch, place] = left - quantity
    _refuse(short)


def _refuse_not_sent(
    lines: Sequence[ArrivalLine], batches: dict[int, Batch], document: Document, transit: Place
) -> None:
    sent: dict[int, int] = {}
    for move in moved_before(document, _KINDS):
        if move.place_id == transit.pk:
            sent[move.batch_id] = sent.get(move.batch_id, 0) + move.quantity
    short: list[Short] = []
    for line in lines:
        left = sent.get(line.batch_id, 0)
        if left < line.quantity:
            short.append(Short(line.line, batches[line.batch_id].product_id, "", line.quantity, max(left, 0)))
        sent[line.batch_id] = left - line.quantity
    _refuse(short)
    refuse_not_free([(line.batch_id, transit.pk, line.quantity, line.line) for line in lines], batches)


def _refuse(short: Sequence[Short]) -> None:
    if short:
        names = product_names(one.product_id for one in short)
        raise StockShortage(
            [Short(one.line, one.product_id, names[one.product_id], one.wanted, one.free) for one in short]
        )


def _both(batch: Batch, start: Place, end: Place, quantity: int, line: int) -> tuple[Change, Change]:
    def change(place: Place, signed: int, kind: MoveKind) -> Change:
        return Change(batch.pk, place.pk, batch.product_id, signed, batch.cost, kind, line)

    return change(start, -quantity, MoveKind.TRANSFER_OUT), change(end, quantity, MoveKind.TRANSFER_IN)


def _summed(changes: Sequence[Change], reason: MoveReason, note: str) -> list[Change]:
    """Lines without a number of their own may name a batch twice: one move then takes both."""
    sums: dict[tuple[int, int, int, MoveKind], Change] = {}
    for change in changes:
        key = change.batch_id, change.place_id, change.line, change.kind
        quantity = change.quantity + (sums[key].quantity if key in sums else 0)
        sums[key] = replace(change, quantity=quantity, reason=reason, note=note)
    return list(sums.values())
