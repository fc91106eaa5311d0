"""Reads about purchase orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from apps.purchasing.models import OrderLine, SupplierPrice
from apps.purchasing.queries.suppliers import Offer, offers_for
from apps.purchasing.rules.orders import Terms
from apps.purchasing.rules.reorder import free_goods


@dataclass(frozen=True, slots=True)
class LastRate:
    """What was asked of a supplier for a product when it was last ordered."""

    rate: Decimal
    discount: Decimal
    quantity: int
    free: int


def supplier_codes(supplier_id: int, product_ids: Collection[int]) -> dict[int, str]:
    """What the supplier calls the products, as its newest prices say."""
    rows = (
        SupplierPrice.objects.filter(supplier=supplier_id, product__in=list(product_ids))
        .exclude(supplier_code="")
        .order_by("product_id", "-effective_from")
        .distinct("product_id")
    )
    return dict(rows.values_list("product_id", "supplier_code"))


def last_order_rates(supplier_id: int, product_ids: Collection[int]) -> dict[int, LastRate]:
    """The terms of the last order of each product from the supplier, cancelled ones left out."""
    rows = (
        OrderLine.objects.filter(order__supplier=supplier_id, product__in=list(product_ids))
        .exclude(order__state="cancelled")
        .order_by("product_id", "-id")
        .distinct("product_id")
        .values_list("product_id", "rate", "discount", "quantity", "free")
    )
    return {product: LastRate(*terms) for product, *terms in rows}


def due_of(product_ids: Collection[int]) -> dict[int, int]:
    """What is still to come of the products, over all open orders; those of which nothing is are left out."""
    rows = OrderLine.objects.filter(product__in=list(product_ids), due__gt=0)
    return dict(rows.order_by().values_list("product").annotate(total=Sum("due")))


def terms_for(supplier_id: int, product_id: int, on: dt.date) -> Offer | None:
    """What the supplier asks for a product on the day: its price list, else what it asked last."""
    for offer in offers_for([product_id], on).get(product_id, ()):
        if offer.supplier_id == supplier_id:
            return offer
    last = last_order_rates(supplier_id, [product_id]).get(product_id)
    return Offer(product_id, supplier_id, "", last.rate, last.discount, listed=False) if last else None


def usual_terms(supplier_id: int, product_id: int, quantity: int, on: dt.date) -> Terms | None:
    """Rate, discount and free goods that the supplier gives for a quantity; None where nothing is known."""
    offer = terms_for(supplier_id, product_id, on)
    if offer is None:
        return None
    free = free_goods(quantity, offer.scheme_paid, offer.scheme_free)
    return Terms(product_id, quantity, free, offer.rate, offer.discount)
