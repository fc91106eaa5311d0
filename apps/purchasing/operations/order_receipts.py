"""What receipts bring of orders, and what goes back out when a receipt is cancelled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.tenancy.context import current_organization_id
from apps.purchasing.models import OrderLine, OrderSettings, PurchaseOrder
from apps.purchasing.operations.order_locks import (
    OrderClosed,
    OrderRefused,
    locked_lines,
    locked_orders,
    settle_due,
)
from apps.purchasing.rules.orders import TAKES, OrderState, most_received, state_after


class OverReceipt(OrderRefused):
    """More came of a line than was ordered and the tolerance allows. `line_id` is the order's line."""

    def __init__(self, message: str, line_id: int) -> None:
        super().__init__(message, field="quantity")
        self.line_id = line_id


@dataclass(frozen=True, slots=True)
class Taken:
    """So much came of an order's line, in base units; free goods beside it."""

    line_id: int
    quantity: int
    free: int = 0


def take_receipt(
    *,
    taken: Sequence[Taken],
    supplier_id: int,
    branch_id: int | None = None,
    on: dt.date | None = None,
    over_allowed: bool = False,
) -> None:
    """Count what a posted receipt brought of orders. Call it inside the receipt's transaction, after its own lock.

    Args:
        branch_id: where the goods were taken in; the order must be for it. None takes any.
        on: the day of the receipt; today if it is not said.
        over_allowed: somebody who may has allowed more than the tolerance.

    Raises:
        OrderClosed: an order expects nothing: it is a draft, cancelled or closed short.
        OrderRefused: an order is another supplier's, or for another branch.
        OverReceipt: a line would have more than was ordered and the tolerance allows.
    """
    sums = _summed(taken)
    if not sums:
        return
    with transaction.atomic():
        orders, lines = _locked(sums)
        for order in orders.values():
            _check_takes(order, supplier_id, branch_id)
        if not over_allowed:
            _check_quantities(lines, sums)
        _count(sums, sign=1)
        _settle(orders, on or timezone.localdate())


def give_back_receipt(*, taken: Sequence[Taken]) -> None:
    """Take back what a receipt counted, because it is cancelled. An order closed short stays closed.

    Raises:
        OrderRefused: less was received of a line than is taken back.
    """
    sums = _summed(taken)
    if not sums:
        return
    with transaction.atomic():
        orders, lines = _locked(sums)
        for line in lines:
            back = sums.get(line.pk)
            if back is not None and (line.received < back[0] or line.received_free < back[1]):
                raise OrderRefused(
                    _("%(order)s has received less than is taken back.") % {"order": orders[line.order_id]}
                )
        _count(sums, sign=-1)
        _settle(orders, timezone.localdate())


def _summed(taken: Sequence[Taken]) -> dict[int, tuple[int, int]]:
    """Quantity and free by line: two batches of one line are two lines of a receipt."""
    sums: dict[int, tuple[int, int]] = {}
    for one in taken:
        quantity, free = sums.get(one.line_id, (0, 0))
        sums[one.line_id] = quantity + one.quantity, free + one.free
    return sums


def _locked(sums: dict[int, tuple[int, int]]) -> tuple[dict[int, PurchaseOrder], list[OrderLine]]:
    named = dict(OrderLine.objects.filter(pk__in=sums).values_list("pk", "order_id"))
    if len(named) < len(sums):
        raise OrderRefused(_("A line of the order is not there any more. Open the receipt again."))
    orders = locked_orders(named.values())
    return orders, locked_lines(orders)


def _check_takes(order: PurchaseOrder, supplier_id: int, branch_id: int | None) -> None:
    if order.supplier_id != supplier_id:
        raise OrderRefused(
            _("%(order)s is an order to %(supplier)s.") % {"order": order, "supplier": order.supplier}, field="order"
        )
    if branch_id is not None and order.branch_id != branch_id:
        raise OrderRefused(_("%(order)s is for %(branch)s.") % {"order": order, "branch": order.branch}, field="order")
    if order.state not in TAKES:
        raise OrderClosed(
            _("%(order)s is %(state)s: nothing is expected of it. Receive the goods without an order.")
            % {"order": order, "state": order.get_state_display().lower()},
            field="order",
        )


def _check_quantities(lines: Sequence[OrderLine], sums: dict[int, tuple[int, int]]) -> None:
    tolerance = OrderSettings.objects.values_list("over_receipt_percent", flat=True).first() or Decimal(0)
    for line in lines:
        if line.pk not in sums:
            continue
        most = most_received(line.quantity, tolerance)
        if line.received + sums[line.pk][0] > most:
            raise OverReceipt(
                _("%(product)s: %(ordered)d ordered, %(received)d received before. Take in %(rest)d or less.")
                % {
                    "product": line.product,
                    "ordered": line.quantity,
                    "received": line.received,
                    "rest": max(most - line.received, 0),
                },
                line.pk,
            )


_COUNT = """
UPDATE purchasing_orderline l
SET received = l.received + %(sign)s * t.quantity, received_free = l.received_free + %(sign)s * t.free
FROM unnest(%(lines)s::bigint[], %(quantities)s::int[], %(free)s::int[]) AS t (id, quantity, free)
WHERE l.organization_id = %(organization)s AND l.id = t.id
"""


def _count(sums: dict[int, tuple[int, int]], *, sign: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            {
                "organization": current_organization_id(),
                "sign": sign,
                "lines": list(sums),
                "quantities": [quantity for quantity, _free in sums.values()],
                "free": [free for _quantity, free in sums.values()],
            },
        )


def _settle(orders: dict[int, PurchaseOrder], on: dt.date) -> None:
    """Where each order stands now, and since when."""
    received: dict[int, list[tuple[int, int]]] = {}
    for order_id, ordered, came in OrderLine.objects.filter(order__in=orders).values_list(
        "order_id", "quantity", "received"
    ):
        received.setdefault(order_id, []).append((ordered, came))
    for order in orders.values():
        if order.state not in TAKES:
            continue
        state = state_after(received[order.pk], sent=order.sent_at is not None)
        came = state in {OrderState.PART_RECEIVED, OrderState.RECEIVED}
        first = (order.first_received_on or on) if came else None
        whole = (order.received_on or on) if state == OrderState.RECEIVED else None
        if (state, first, whole) != (order.state, order.first_received_on, order.received_on):
            PurchaseOrder.objects.filter(pk=order.pk).update(
                state=state.value, first_received_on=first, received_on=whole, version=F("version") + 1
            )
    settle_due(orders)
