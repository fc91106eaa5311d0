"""Stock is corrected: by a reason, or by what a count found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from apps.core.tenancy.context import current_organization_id
from apps.inventory.models import Batch, Move, MoveKind, MoveReason, Place
from apps.inventory.operations.books import post_stock_value
from apps.inventory.operations.ledger import (
    Actor,
    Change,
    Document,
    batches_of,
    lock_products,
    moved_before,
    post_moves,
    told_when_busy,
    usable_places,
)
from apps.inventory.operations.refusals import QuantityRefused, ReasonMissing, StockRefused
from apps.inventory.operations.transferring import refuse_not_free


@dataclass(frozen=True, slots=True)
class Adjustment:
    """So much more, or less, of a batch in a place, and why."""

    batch_id: int
    place_id: int
    quantity: int
    reason: MoveReason
    note: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """What somebody counted of a batch in a place.

    Attributes:
        counted_at: when; goods that moved since are taken into account. None: now.
    """

    batch_id: int
    place_id: int
    quantity: int
    counted_at: dt.datetime | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Variance:
    """What a count found against the books as they were when it was counted."""

    line: int
    batch_id: int
    place_id: int
    book: int
    counted: int

    @property
    def difference(self) -> int:
        """More found (positive), or less."""
        return self.counted - self.book


class CountRefused(StockRefused):
    """What was counted contradicts what happened since."""


def adjust(*, lines: Sequence[Adjustment], on: dt.date, document: Document, actor: Actor | None = None) -> bool:
    """Write stock off, or on. All lines are written, or none; what is held for somebody cannot be written off.

    Returns:
        Whether it was done now; False when the document was written in an earlier try.

    Raises:
        ReasonMissing: a line has no reason, or "other" without a note.
        StockShortage, QuantityRefused, PlaceFrozen, PlaceUnsuited, GoodsUnknown, StockBusy.
        PostingRefused: the books are shut on the day.
    """
    if not lines or any(line.quantity == 0 for line in lines):
        raise QuantityRefused(_("Type how many more or fewer there are; 0 changes nothing."), field="quantity")
    for line in lines:
        if not line.reason or (line.reason == MoveReason.OTHER and not line.note.strip()):
            raise ReasonMissing(_("Choose a reason; for “Other” write a note."), field="reason")
    batches = batches_of(line.batch_id for line in lines)
    products = {batch.product_id for batch in batches.values()}
    with told_when_busy(products):
        lock_products(products)
        if moved_before(document, [MoveKind.ADJUSTMENT]):
            return False
        batches = batches_of(batches)
        usable_places(line.place_id for line in lines)
        refuse_not_free(
            [(line.batch_id, line.place_id, -line.quantity, line.line) for line in lines if line.quantity < 0], batches
        )
        changes = [
            Change(
                line.batch_id,
                line.place_id,
                batches[line.batch_id].product_id,
                line.quantity,
                batches[line.batch_id].cost,
                MoveKind.ADJUSTMENT,
                line.line,
                line.reason,
                line.note,
            )
            for line in lines
        ]
        post_moves(changes, document=document, on=on, actor=actor)
        post_stock_value(document=document, on=on)
    return True


def count(
    *, lines: Sequence[Counted], on: dt.date, document: Document, actor: Actor | None = None
) -> tuple[Variance, ...]:
    """Bring the books to what was counted. Each batch and place may be named once.

    A line with `counted_at` is compared with the books as they were at that moment, so that goods may move while a
    count goes on. Batches that were not counted are left alone. It works in a frozen place too.

    Returns:
        What was found for every line, whether it differs or not; of an earlier try, what that wrote.

    Raises:
        CountRefused: goods that were not found have left or are held for somebody since.
        QuantityRefused, PlaceUnsuited, GoodsUnknown, StockBusy.
        PostingRefused: the books are shut on the day.
    """
    if not lines or min(line.quantity for line in lines) < 0:
        raise QuantityRefused(_("Type what you counted: 0 or more."), field="quantity")
    if len({(line.batch_id, line.place_id) for line in lines}) < len(lines):
        raise QuantityRefused(_("A batch is counted twice in one place. Add the two up."), field="batch")
    batches = batches_of(line.batch_id for line in lines)
    products = {batch.product_id for batch in batches.values()}
    with told_when_busy(products):
        lock_products(products)
        if before := moved_before(document, [MoveKind.COUNT]):
            return _found_before(before)
        batches = batches_of(batches)
        places = usable_places({line.place_id for line in lines}, while_frozen=True)
        found = _variances(lines, batches, places)
        changes = [
            Change(
                one.batch_id,
                one.place_id,
                batches[one.batch_id].product_id,
                one.difference,
                batches[one.batch_id].cost,
                MoveKind.COUNT,
                one.line,
                MoveReason.COUNT,
            )
            for one in found
            if one.difference
        ]
        if changes:
            post_moves(changes, document=document, on=on, actor=actor)
            post_stock_value(document=document, on=on)
    return found


# On hand now, less what moved since: the books at the moment of counting.
_BOOKS = """
SELECT coalesce(s.on_hand, 0)
       - coalesce((SELECT sum(m.quantity) FROM inventory_move m
                   WHERE m.organization_id = %(organization)s AND m.batch_id = c.batch AND m.place_id = c.place
                     AND m.moment > c.moment), 0)::int AS book,
       coalesce(s.on_hand, 0) AS on_hand, coalesce(s.reserved, 0) AS reserved
FROM unnest(%(batches)s::bigint[], %(places)s::bigint[], %(moments)s::timestamptz[])
     WITH ORDINALITY AS c (batch, place, moment, position)
LEFT JOIN inventory_stock s
  ON s.organization_id = %(organization)s AND s.batch_id = c.batch AND s.place_id = c.place
ORDER BY c.position
"""


def _variances(lines: Sequence[Counted], batches: dict[int, Batch], places: dict[int, Place]) -> tuple[Variance, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            _BOOKS,
            {
                "organization": current_organization_id(),
                "batches": [line.batch_id for line in lines],
                "places": [line.place_id for line in lines],
                "moments": [line.counted_at for line in lines],
            },
        )
        rows = cursor.fetchall()
    found: list[Variance] = []
    for line, (book, on_hand, reserved) in zip(lines, rows, strict=True):
        one = Variance(line.line, line.batch_id, line.place_id, book, line.quantity)
        if on_hand + one.difference < reserved:
            raise CountRefused(
                _(
                    "Batch %(batch)s in %(place)s: %(counted)d counted and %(book)d in the books, but of the %(now)d "
                    "there now %(reserved)d are held. Count again, or let go of what is held."
                )
                % {
                    "batch": batches[line.batch_id],
                    "place": places[line.place_id],
                    "counted": line.quantity,
                    "book": book,
                    "now": on_hand,
                    "reserved": reserved,
                }
            )
        found.append(one)
    return tuple(found)


def _found_before(moves: Sequence[Move]) -> tuple[Variance, ...]:
    return tuple(Variance(move.line, move.batch_id, move.place_id, 0, move.quantity) for move in moves)
