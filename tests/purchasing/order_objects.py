"""Who may open which page of orders, and records for their addresses."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization
from apps.purchasing.models import OrderLine, PurchaseOrder, SupplierPrice
from apps.purchasing.operations import Taken, orders, take_receipt
from apps.purchasing.operations.orders import Terms
from tests import factories
from tests.access.route import Route
from tests.inventory import factories as goods
from tests.purchasing.desk import State, supplier

_numbers = itertools.count(1)

SEE, EDIT, APPROVE = "purchasing.order.view", "purchasing.order.edit", "purchasing.order.approve"

ORDER_ROUTES: list[Route] = [
    Route("purchasing:purchaseorder_list", SEE, post=302),
    Route("purchasing:purchaseorder_create", EDIT, post=422),
    Route("purchasing:purchaseorder_detail", SEE, object="part_received_order"),
    Route("purchasing:purchaseorder_edit", EDIT, object="draft_order", post=422),
    Route("purchasing:purchaseorder_submit", EDIT, object="draft_order", post=302),
    Route("purchasing:purchaseorder_approve", APPROVE, object="waiting_order", post=302),
    Route("purchasing:purchaseorder_send_back", APPROVE, object="waiting_order", post=422),
    Route("purchasing:purchaseorder_reopen", EDIT, object="approved_order", post=302),
    Route("purchasing:purchaseorder_send", EDIT, object="approved_order", post=302),
    Route("purchasing:purchaseorder_expect", EDIT, object="approved_order", post=302),
    Route("purchasing:purchaseorder_cancel", EDIT, object="approved_order", post=422),
    Route("purchasing:purchaseorder_close", EDIT, object="part_received_order", post=422),
    Route("purchasing:purchaseorder_discard", EDIT, object="draft_order", post=302),
    Route("purchasing:purchaseorder_print", SEE, object="approved_order"),
    Route("purchasing:reorder", EDIT, post=422),
    Route("purchasing:order_settings", APPROVE, post=422),
    Route("purchasing:orderline_add", EDIT, object="draft_to_fill", post=422),
    Route("purchasing:orderline_edit", EDIT, object="draft_line", post=422),
    Route("purchasing:orderline_remove", EDIT, object="draft_line", post=302),
    Route("purchasing:purchaseorder_lines", SEE, object="draft_order", post=422),
    Route("purchasing:product_pick", SEE, page=False),
    Route("purchasing:supplier_names", SEE, page=False),
    Route("purchasing:product_names", SEE, page=False),
    Route("purchasing:supplierprice_list", SEE, post=302),
    Route("purchasing:supplierprice_create", EDIT, post=422),
    Route("purchasing:supplierprice_detail", SEE, object="supplier_price"),
    Route("purchasing:supplierprice_edit", EDIT, object="supplier_price", post=422),
    Route("purchasing:supplierprice_delete", EDIT, object="supplier_price", post=302),
]


def make_order(organization: Organization, *, state: str = State.DRAFT) -> PurchaseOrder:
    """An order of the organization as far as `state` says, to a supplier of its own."""
    owner = factories.owner_of(organization)
    with tenant(organization.pk):
        number = next(_numbers)
        product = goods.product(f"Larkspur {number}", reorder_level=5)
        order = orders.start_order(
            supplier=supplier(f"Larkspur Agencies {number}"),
            branch=factories.first_branch(organization),
            on_date=timezone.localdate(),
            actor=owner,
        )
        line = orders.put_line(pk=order.pk, terms=Terms(product.pk, 10, 1, Decimal("12.5")))
        if state == State.WAITING:
            PurchaseOrder.objects.filter(pk=order.pk).update(state=State.WAITING)
        elif state != State.DRAFT:
            orders.submit_order(pk=order.pk, actor=owner)
        if state == State.PART_RECEIVED:
            take_receipt(taken=[Taken(line.pk, 4)], supplier_id=order.supplier_id)
        order.refresh_from_db()
        return order


def _order(organization: Organization, *, state: str) -> dict[str, Any]:
    return {"pk": make_order(organization, state=state).pk}


def _price(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        number = next(_numbers)
        made = SupplierPrice.objects.create(
            supplier=supplier(f"Marigold Agencies {number}"),
            product=goods.product(f"Marigold {number}"),
            effective_from=timezone.localdate(),
            rate=Decimal("12.5"),
        )
        return {"pk": made.pk}


def _draft_to_fill(organization: Organization) -> dict[str, Any]:
    return {"order": make_order(organization).pk}


def _draft_line(organization: Organization) -> dict[str, Any]:
    order = make_order(organization)
    with tenant(organization.pk):
        return {"pk": OrderLine.objects.get(order=order).pk}


ORDER_OBJECTS: dict[str, Callable[[Organization], dict[str, Any]]] = {
    "supplier_price": _price,
    "draft_to_fill": _draft_to_fill,
    "draft_line": _draft_line,
    "draft_order": partial(_order, state=State.DRAFT),
    "waiting_order": partial(_order, state=State.WAITING),
    "approved_order": partial(_order, state=State.APPROVED),
    "part_received_order": partial(_order, state=State.PART_RECEIVED),
}
