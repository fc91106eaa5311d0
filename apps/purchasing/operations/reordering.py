"""Drafts made of what is to be ordered, one for each supplier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.members import Member
from apps.inventory.models import Product
from apps.organizations.models import Branch
from apps.parties.models import Party
from apps.purchasing.models import OrderLine, PurchaseOrder
from apps.purchasing.operations.order_locks import OrderRefused
from apps.purchasing.operations.orders import LineRefused, Terms, check_heading, check_terms
from apps.purchasing.rules.orders import line_amount


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line for a supplier's draft."""

    supplier_id: int
    terms: Terms
    expected_on: dt.date | None = None


@transaction.atomic
def order_from_suppliers(
    *, wanted: Sequence[Wanted], branch: Branch, on_date: dt.date, actor: Member
) -> list[PurchaseOrder]:
    """A draft for each supplier, with its lines; all of them are made, or none.

    The goods of a draft are expected when the last of its lines is.

    Raises:
        OrderRefused: nothing is chosen.
        SupplierRefused: a party is no supplier, or archived.
        LineRefused: a line cannot be; `field` is `quantity-<product>` or another of the product's fields.
    """
    if not wanted:
        raise OrderRefused(_("Choose what to order."))
    suppliers = {party.pk: party for party in Party.objects.filter(pk__in={one.supplier_id for one in wanted})}
    products = {
        product.pk: product for product in Product.objects.filter(pk__in={one.terms.product_id for one in wanted})
    }
    by_supplier: dict[int, list[Wanted]] = {}
    for one in wanted:
        _check(one, suppliers, products)
        by_supplier.setdefault(one.supplier_id, []).append(one)
    orders = [_heading(suppliers[key], lines, branch, on_date, actor) for key, lines in by_supplier.items()]
    PurchaseOrder.objects.bulk_create(orders)
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            product_id=one.terms.product_id,
            quantity=one.terms.quantity,
            free=one.terms.free,
            rate=one.terms.rate,
            discount=one.terms.discount,
            amount=_amount(one.terms),
        )
        for order, lines in zip(orders, by_supplier.values(), strict=True)
        for one in lines
    )
    return orders


def _check(one: Wanted, suppliers: dict[int, Party], products: dict[int, Product]) -> None:
    key = one.terms.product_id
    if one.supplier_id not in suppliers:
        raise LineRefused(_("Choose a supplier from the list."), field=f"supplier-{key}")
    try:
        check_terms(one.terms, products.get(key))
    except LineRefused as refusal:
        raise LineRefused(refusal.message, field=f"{refusal.field}-{key}") from None


def _heading(
    supplier: Party, lines: Sequence[Wanted], branch: Branch, on_date: dt.date, actor: Member
) -> PurchaseOrder:
    expected = [one.expected_on for one in lines if one.expected_on]
    expected_on = max(expected) if expected else None
    check_heading(supplier, branch, on_date, expected_on)
    return PurchaseOrder(
        supplier=supplier,
        branch=branch,
        on_date=on_date,
        expected_on=expected_on,
        made_by_id=actor.id,
        amount=sum((_amount(one.terms) for one in lines), Decimal(0)),
        line_count=len(lines),
    )


def _amount(terms: Terms) -> Decimal:
    return line_amount(terms.quantity, terms.rate, terms.discount)
