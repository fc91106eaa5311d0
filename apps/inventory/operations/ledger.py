"""What every operation on stock stands on: the document, the locks, and the moves.

Whoever changes quantities locks the totals of all products concerned, in the order of their keys, before anything is
looked at. So two of them never wait for each other crosswise, and what one read stays true until it has written. Moves
are then inserted; triggers make stock and totals of them (migration `0003_ledger_triggers`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Protocol

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from apps.core.tenancy.context import current_organization_id
from apps.inventory.models import Batch, Move, MoveKind, MoveReason, Place, Product, ProductStock
from apps.inventory.operations.refusals import GoodsUnknown, PlaceFrozen, PlaceUnsuited, Short, StockBusy

# Somebody at the counter learns sooner that others are at the same goods; work in the godown waits for its turn.
AT_THE_COUNTER: Final = 150
IN_THE_GODOWN: Final = 3_000


class Actor(Protocol):
    """Who does it: a membership, or a request's member."""

    id: int


@dataclass(frozen=True, slots=True)
class Document:
    """What moves the goods. The same document moves a batch in a place once for each of its lines and kinds.

    Attributes:
        kind: such as `sales.bill`; kept with the moves, so it never changes.
        id: the document's primary key.
        number: what people call it.
        party_id: whom the goods come from or go to.
    """

    kind: str
    id: int
    number: str = ""
    party_id: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One move to be made. `quantity` is signed; `cost` is per unit."""

    batch_id: int
    place_id: int
    product_id: int
    quantity: int
    cost: Decimal
    kind: MoveKind
    line: int = 0
    reason: MoveReason = MoveReason.NONE
    note: str = ""


_LOCK = "SELECT inventory_lock(%s::bigint[], %s)"


def lock_products(product_ids: Iterable[int], *, patience: int = IN_THE_GODOWN) -> None:
    """Keep everybody else from changing the stock of the products until the transaction ends.

    Call it once, before anything is read, with all products that the transaction will touch.

    Args:
        patience: milliseconds to wait for somebody who holds one of them.

    Raises:
        OperationalError: that was not long enough; see `told_when_busy`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [sorted(set(product_ids)), patience])


def hold_still() -> None:
    """Keep everybody from moving goods until the transaction ends, waiting for those under way.

    For freezing, archiving or changing a place: afterwards whoever comes sees the place as it became.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT inventory_hold_still()")


@contextmanager
def told_when_busy(product_ids: Collection[int]) -> Iterator[None]:
    """One transaction; when a lock was not to be had in time, say so with what is free.

    Raises:
        StockBusy: nothing was changed.
    """
    try:
        with transaction.atomic():
            yield
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        raise StockBusy(_free_of(product_ids)) from None


def _free_of(product_ids: Collection[int]) -> list[Short]:
    rows = ProductStock.objects.filter(product__in=product_ids).select_related("product").order_by("product_id")
    return [Short(0, row.product_id, str(row.product), 0, row.free) for row in rows]


_MOVED = """
SELECT EXISTS (
  SELECT FROM inventory_move WHERE organization_id = %s AND document_kind = %s AND document_id = %s AND kind = ANY (%s)
)
"""


def moved_before(document: Document, kinds: Sequence[MoveKind]) -> list[Move]:
    """What the document moved already, in order: a retry finds it and changes nothing. Ask after the lock."""
    with connection.cursor() as cursor:
        # Mostly there is nothing, and asking for whole rows with their batches costs ten times as much.
        cursor.execute(_MOVED, [current_organization_id(), document.kind, document.id, [kind.value for kind in kinds]])
        if not cursor.fetchone()[0]:
            return []
    found = Move.objects.filter(document_kind=document.kind, document_id=document.id, kind__in=kinds)
    return list(found.select_related("batch").order_by("id"))


_INSERT = """
INSERT INTO inventory_move
  (organization_id, batch_id, place_id, product_id, kind, quantity, cost, document_kind, document_id, document_number,
   line, party_id, reason, note, person_id, moment, on_date)
SELECT %(organization)s, m.batch, m.place, m.product, m.kind, m.quantity, m.cost, %(document_kind)s, %(document_id)s,
       %(number)s, m.line, %(party)s, m.reason, m.note, %(person)s, %(moment)s, %(on)s
FROM unnest(%(batches)s::bigint[], %(places)s::bigint[], %(products)s::bigint[], %(kinds)s::varchar[],
            %(quantities)s::int[], %(costs)s::numeric[], %(lines)s::int[], %(reasons)s::varchar[], %(notes)s::varchar[])
     WITH ORDINALITY AS m (batch, place, product, kind, quantity, cost, line, reason, note, position)
WHERE %(again)s OR NOT EXISTS (
  SELECT FROM inventory_move o
  WHERE o.organization_id = %(organization)s AND o.document_kind = %(document_kind)s
    AND o.document_id = %(document_id)s AND o.kind = ANY (%(kinds)s::varchar[])
)
ORDER BY m.position
"""


def post_moves(
    changes: Sequence[Change],
    *,
    document: Document,
    on: dt.date,
    actor: Actor | None,
    once: bool = False,
) -> bool:
    """Write the moves, and with them stock and totals. The products are locked already.

    Args:
        once: write nothing where the document has moves of these kinds; saves the question before, while others wait.

    Returns:
        Whether anything was written.
    """
    values: dict[str, Any] = {
        "organization": current_organization_id(),
        "document_kind": document.kind,
        "document_id": document.id,
        "number": document.number,
        "party": document.party_id,
        "person": actor.id if actor else None,
        "moment": timezone.now(),
        "on": on,
        "again": not once,
        "batches": [change.batch_id for change in changes],
        "places": [change.place_id for change in changes],
        "products": [change.product_id for change in changes],
        "kinds": [change.kind.value for change in changes],
        "quantities": [change.quantity for change in changes],
        "costs": [change.cost for change in changes],
        "lines": [change.line for change in changes],
        "reasons": [change.reason.value for change in changes],
        "notes": [change.note for change in changes],
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        return bool(cursor.rowcount)


def batches_of(batch_ids: Iterable[int]) -> dict[int, Batch]:
    """The batches by key.

    Raises:
        GoodsUnknown: one is not there.
    """
    wanted = set(batch_ids)
    found = {batch.pk: batch for batch in Batch.objects.filter(pk__in=wanted)}
    if len(found) < len(wanted):
        raise GoodsUnknown(_("A batch is not there any more. Open the list again."))
    return found


def usable_places(place_ids: Iterable[int], *, while_frozen: bool = False) -> dict[int, Place]:
    """The places by key, all of them fit for goods to move in or out. Ask after the lock.

    Raises:
        GoodsUnknown, PlaceUnsuited, PlaceFrozen: naming the place.
    """
    wanted = set(place_ids)
    found = {place.pk: place for place in Place.objects.filter(pk__in=wanted)}
    if len(found) < len(wanted):
        raise GoodsUnknown(_("A place is not there any more. Choose another."))
    for place in found.values():
        if not place.active:
            raise PlaceUnsuited(_("%(place)s is archived. Choose another place.") % {"place": place})
        if place.frozen and not while_frozen:
            raise PlaceFrozen(
                _("%(place)s is frozen for a count. Wait until the count ends, or choose another place.")
                % {"place": place}
            )
    return found


def product_names(product_ids: Iterable[int]) -> dict[int, str]:
    """Names by key, for refusals."""
    return {product.pk: str(product) for product in Product.objects.filter(pk__in=set(product_ids))}
