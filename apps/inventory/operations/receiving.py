"""Goods come in: from a supplier, back from a customer, or as the stock that was there when the books began."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from apps.core.tenancy.context import current_organization_id
from apps.inventory.models import MoveKind, Place, Product
from apps.inventory.operations.ledger import (
    Actor,
    Change,
    Document,
    lock_products,
    moved_before,
    post_moves,
    told_when_busy,
    usable_places,
)
from apps.inventory.operations.picking import check_quantities
from apps.inventory.operations.refusals import BatchDiffers, GoodsUnknown, QuantityRefused
from apps.inventory.rules.expiry import InvalidExpiry, check_receivable, month_end
from apps.organizations.operations.sentences import told


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """Goods of one batch that came into one place.

    Attributes:
        quantity: base units, paid and free together.
        cost: landed cost of each of them, so free goods bring it down.
        expiry: any day of the month; the batch gets the last.
    """

    product_id: int
    number: str
    expiry: dt.date
    mrp: Decimal
    quantity: int
    place_id: int
    cost: Decimal
    ptr: Decimal = Decimal(0)
    pts: Decimal = Decimal(0)
    manufactured: dt.date | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a line: the batch it went to, which a GRN keeps."""

    line: int
    batch_id: int
    place_id: int
    quantity: int


def receive(
    *,
    lines: Sequence[ReceiptLine],
    on: dt.date,
    document: Document,
    actor: Actor | None = None,
    kind: MoveKind = MoveKind.RECEIPT,
) -> tuple[Received, ...]:
    """Take goods into stock, making the batches that are new. All lines come in, or none.

    A batch that came before at another cost averages (DOMAIN.md, stock rule 6). A second call for the same document
    changes nothing and tells what came in.

    Args:
        kind: `RECEIPT`, `OPENING`, or `RETURN` for goods that come back from a customer.

    Raises:
        QuantityRefused, InvalidReceipt, BatchDiffers, GoodsUnknown, PlaceUnsuited, PlaceFrozen, StockBusy.
    """
    check_quantities([line.quantity for line in lines])
    products = {line.product_id for line in lines}
    _check_products(products)
    with told_when_busy(products):
        lock_products(products)
        if before := moved_before(document, [kind]):
            return tuple(Received(move.line, move.batch_id, move.place_id, move.quantity) for move in before)
        places = usable_places(line.place_id for line in lines)
        for line in lines:
            check_line(line, places[line.place_id], on)
        values = _columns(lines, on)
        with connection.cursor() as cursor:
            cursor.execute(_MAKE, values)
            cursor.execute(_KNOWN, values)
            known = cursor.fetchall()
            _check_expiries(lines, known)
            values["batches"] = [batch for batch, _number, _expiry in known]
            cursor.execute(_AVERAGE, values)
        sums: dict[tuple[int, int, int], list[Any]] = {}
        for line, (batch, _number, _expiry) in zip(lines, known, strict=True):
            one = sums.setdefault((line.line, batch, line.place_id), [line.product_id, 0, Decimal(0)])
            one[1] += line.quantity
            one[2] += line.quantity * line.cost
        post_moves(
            [
                Change(batch, place, product, quantity, round(value / quantity, 4), kind, number)
                for (number, batch, place), (product, quantity, value) in sums.items()
            ],
            document=document,
            on=on,
            actor=actor,
        )
    return tuple(
        Received(number, batch, place, quantity) for (number, batch, place), (_p, quantity, _v) in sums.items()
    )


class InvalidReceipt(QuantityRefused):
    """A line cannot be right: its expiry has passed or cannot be, its MRP is below its rate, or it has no number."""


def check_line(line: ReceiptLine, place: Place, on: dt.date) -> None:
    """Refuse what cannot be right.

    Raises:
        InvalidReceipt: naming the field.
    """
    if not line.number.strip():
        raise InvalidReceipt(_("Type the batch number printed on the pack."), field="number")
    if min(line.mrp, line.ptr, line.pts, line.cost) < 0:
        raise InvalidReceipt(_("MRP, rates and cost are 0 or more."), field="mrp")
    if line.mrp and line.ptr > line.mrp:
        raise InvalidReceipt(
            _("PTR %(ptr)s is above the MRP %(mrp)s, and nothing may be sold above its MRP. Check both.")
            % {"ptr": line.ptr, "mrp": line.mrp},
            field="ptr",
        )
    try:
        check_receivable(line.expiry, on=on)
    except InvalidExpiry as error:
        # What is not for sale may be past its month: goods that customers send back.
        if place.saleable or line.expiry >= on:
            raise InvalidReceipt(told(error), field="expiry") from None


def _check_products(products: set[int]) -> None:
    if Product.objects.filter(pk__in=products).count() < len(products):
        raise GoodsUnknown(_("A product is not there any more. Choose it again."), field="product")


_LINES = """
unnest(%(products)s::bigint[], %(numbers)s::varchar[], %(mrps)s::numeric[], %(expiries)s::date[], %(ptrs)s::numeric[],
       %(ptss)s::numeric[], %(costs)s::numeric[], %(made)s::date[], %(quantities)s::bigint[])
  WITH ORDINALITY AS l (product, number, mrp, expiry, ptr, pts, cost, made, quantity, position)
"""
_MAKE = f"""
INSERT INTO inventory_batch
  (organization_id, version, created_at, product_id, number, mrp, expiry, manufactured, mrp_from, ptr, pts, cost, state,
   state_reason, received_on)
SELECT DISTINCT ON (l.product, lower(l.number), l.mrp)
       %(organization)s, 1, now(), l.product, l.number, l.mrp, l.expiry, l.made, %(on)s, l.ptr, l.pts, l.cost, 'ok', '',
       %(on)s
FROM {_LINES} ORDER BY l.product, lower(l.number), l.mrp, l.position
ON CONFLICT DO NOTHING
"""  # noqa: S608 - our own text
_KNOWN = f"""
SELECT b.id, b.number, b.expiry FROM {_LINES}
JOIN inventory_batch b ON b.organization_id = %(organization)s AND b.product_id = l.product
  AND lower(b.number) = lower(l.number) AND b.mrp = l.mrp
ORDER BY l.position
"""  # noqa: S608 - our own text
# A batch is worth what all of it cost, what lay there before included.
_AVERAGE = """
UPDATE inventory_batch b SET cost = a.cost, received_on = least(b.received_on, %(on)s), version = b.version + 1
FROM (
  SELECT o.id, round((coalesce(s.on_hand, 0) * o.cost + l.value) / (coalesce(s.on_hand, 0) + l.quantity), 4) AS cost
  FROM (
    SELECT batch, sum(quantity) AS quantity, sum(quantity * cost) AS value
    FROM unnest(%(batches)s::bigint[], %(quantities)s::bigint[], %(costs)s::numeric[]) AS u (batch, quantity, cost)
    GROUP BY batch
  ) l
  JOIN inventory_batch o ON o.organization_id = %(organization)s AND o.id = l.batch
  LEFT JOIN (
    SELECT batch_id, sum(on_hand) AS on_hand FROM inventory_stock
    WHERE organization_id = %(organization)s AND batch_id = ANY (%(batches)s) GROUP BY batch_id
  ) s ON s.batch_id = l.batch
) a
WHERE b.organization_id = %(organization)s AND b.id = a.id AND (b.cost <> a.cost OR b.received_on > %(on)s)
"""


def _columns(lines: Sequence[ReceiptLine], on: dt.date) -> dict[str, Any]:
    return {
        "organization": current_organization_id(),
        "on": on,
        "products": [line.product_id for line in lines],
        "numbers": [line.number.strip() for line in lines],
        "mrps": [line.mrp for line in lines],
        "expiries": [month_end(line.expiry) for line in lines],
        "ptrs": [line.ptr for line in lines],
        "ptss": [line.pts for line in lines],
        "costs": [line.cost for line in lines],
        "made": [line.manufactured for line in lines],
        "quantities": [line.quantity for line in lines],
    }


def _check_expiries(lines: Sequence[ReceiptLine], known: Sequence[tuple[int, str, dt.date]]) -> None:
    for line, (_batch, number, expiry) in zip(lines, known, strict=True):
        if month_end(line.expiry) != expiry:
            raise BatchDiffers(
                _("Batch %(batch)s at this MRP expires in %(known)s, and this line says %(typed)s. Check the pack.")
                % {"batch": number, "known": f"{expiry:%m/%Y}", "typed": f"{line.expiry:%m/%Y}"},
                field="expiry",
            )
