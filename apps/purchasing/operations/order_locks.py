"""What every change of orders begins and ends with: the lock on the order, and the sums it carries.

Whoever touches several orders locks them in the order of their keys, and their lines after them in the same order, so
that two never wait for each other crosswise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import connection
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal, Stale
from apps.core.tenancy.context import current_organization_id
from apps.purchasing.models import OPEN_STATES, OrderLine, PurchaseOrder

States = Collection[PurchaseOrder.State]


class OrderRefused(Refusal):
    """The order does not allow it."""


class OrderClosed(OrderRefused):
    """The order is past the step that was asked for."""


def locked_orders(pks: Iterable[int]) -> dict[int, PurchaseOrder]:
    """The orders by key, locked in the order of their keys."""
    rows = (
        PurchaseOrder.objects.filter(pk__in=set(pks))
        .select_related("supplier", "branch")
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))
    )
    return {order.pk: order for order in rows}


def locked_lines(order_ids: Iterable[int]) -> list[OrderLine]:
    """Their lines, locked in the order of their keys. Lock the orders first."""
    return list(
        OrderLine.objects.filter(order__in=set(order_ids)).order_by("pk").select_for_update(no_key=True, of=("self",))
    )


def locked_order(pk: int, states: States, *, version: int | None = None) -> PurchaseOrder:
    """The order, if it still is in one of the states and, where a version is given, as the person saw it.

    Raises:
        OrderClosed: it is not.
        Stale: somebody changed it meanwhile.
    """
    order = locked_orders([pk])[pk]
    if order.state not in states:
        raise OrderClosed(
            _("%(order)s is %(state)s already.") % {"order": order, "state": order.get_state_display().lower()}
        )
    if version is not None and version != order.version:
        raise Stale
    return order


_SUM = """
UPDATE purchasing_purchaseorder o
SET amount = coalesce(l.amount, 0), line_count = coalesce(l.lines, 0), version = o.version + 1
FROM (SELECT sum(amount) AS amount, count(*) AS lines FROM purchasing_orderline
      WHERE organization_id = %(organization)s AND order_id = %(order)s) l
WHERE o.organization_id = %(organization)s AND o.id = %(order)s
"""
_DUE = """
UPDATE purchasing_orderline l
SET due = CASE WHEN o.state = ANY (%(open)s) THEN greatest(l.quantity - l.received, 0) ELSE 0 END
FROM purchasing_purchaseorder o
WHERE o.organization_id = %(organization)s AND o.id = ANY (%(orders)s)
  AND l.organization_id = o.organization_id AND l.order_id = o.id
  AND l.due <> CASE WHEN o.state = ANY (%(open)s) THEN greatest(l.quantity - l.received, 0) ELSE 0 END
"""


def sum_up(order_id: int) -> None:
    """Write the sums of the lines into the order, which becomes another version."""
    with connection.cursor() as cursor:
        cursor.execute(_SUM, {"organization": current_organization_id(), "order": order_id})


def settle_due(order_ids: Iterable[int]) -> None:
    """Write into the lines what is still to come. Call it after the state or what was received has changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            _DUE,
            {"organization": current_organization_id(), "orders": sorted(set(order_ids)), "open": list(OPEN_STATES)},
        )
