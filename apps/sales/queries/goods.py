"""What a bill must know of products: the law, the tax of the day, what lies where, prices and schemes. Few statements,
whatever the number of lines.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.core.tenancy.context import current_organization_id
from apps.finance.queries.taxes import rates_on
from apps.finance.rules.rates import rate_for
from apps.inventory.rules.fefo import Lot
from apps.sales.rules.facts import Goods
from apps.sales.rules.prices import Basis, FreeGoods, Offer, Worth


@dataclass(frozen=True, slots=True)
class Sold:
    """A product as a bill needs it. `tax_rate` is None where none holds on the day."""

    id: int
    goods: Goods
    pack: str
    unit: str
    uqc: str
    storage: str
    composition: str
    tax_rate: Decimal | None


_PRODUCTS = """
SELECT p.id, p.name, p.schedule, p.licence_class, p.ndps, p.active, p.hsn, p.tax_override, p.pack, p.base_unit, p.uqc,
       p.storage, p.composition,
       CASE WHEN p.loose THEN 1 ELSE coalesce(
         (SELECT min(u.quantity) FROM inventory_packunit u
          WHERE u.organization_id = p.organization_id AND u.product_id = p.id), 1) END,
       r.most_a_day
FROM inventory_product p
LEFT JOIN sales_restrictedproduct r ON r.organization_id = p.organization_id AND r.product_id = p.id
WHERE p.organization_id = %s AND p.id = ANY (%s::bigint[])
"""


def products(keys: Collection[int], on: dt.date) -> dict[int, Sold]:
    """The products by key, with the tax rate of the day. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_PRODUCTS, [current_organization_id(), list(set(keys))])
        rows = cursor.fetchall()
    rates = rates_on(on)
    found: dict[int, Sold] = {}
    known: dict[str, Decimal | None] = {}
    for key, name, schedule, licence, ndps, active, hsn, own, pack, unit, uqc, storage, salts, step, most in rows:
        if own is None and hsn and hsn not in known:
            known[hsn] = rate_for(hsn, on, rates)
        found[key] = Sold(
            key,
            Goods(name, schedule, licence, ndps, active, step, hsn, most),
            pack,
            unit,
            uqc,
            storage,
            salts,
            own if own is not None else known.get(hsn),
        )
    return found


@dataclass(frozen=True, slots=True)
class Lying:
    """A lot of a product in one place, with the prices of its batch."""

    lot: Lot
    worth: Worth
    place: str


_LOTS = """
SELECT s.product_id, s.batch_id, s.place_id, b.number, s.expiry, b.received_on, s.on_hand - s.reserved, b.mrp, b.ptr,
       s.cost, s.saleable AND NOT p.frozen, b.pts, p.name
FROM inventory_stock s
JOIN inventory_batch b ON b.organization_id = s.organization_id AND b.id = s.batch_id
JOIN inventory_place p ON p.organization_id = s.organization_id AND p.id = s.place_id
WHERE s.organization_id = %(organization)s AND p.branch_id = %(branch)s
"""
_FOR_SALE = """
  AND s.in_stock AND s.product_id = ANY (%(products)s::bigint[]) AND s.saleable AND NOT p.frozen AND s.expiry >= %(on)s
  AND s.on_hand > s.reserved
ORDER BY s.product_id, s.expiry, b.received_on, s.place_id, s.batch_id
"""
_OF_BATCHES = "AND s.batch_id = ANY (%(batches)s::bigint[]) AND (s.in_stock OR %(gone)s)"


def lots(product_ids: Collection[int], *, branch_id: int, on: dt.date) -> dict[int, list[Lying]]:
    """What may leave of each product, in picking order. Nothing is locked: the posting looks again."""
    found: dict[int, list[Lying]] = {key: [] for key in product_ids}
    values = {"branch": branch_id, "on": on, "products": list(found)}
    for one in _lying(_LOTS + _FOR_SALE, values):
        found[one.lot.product_id].append(one)
    return with_prices(found, on)


def lots_of_batches(batch_ids: Collection[int], *, branch_id: int, gone: bool = False) -> dict[tuple[int, int], Lying]:
    """What lies of these batches, by batch and place, saleable or not; `gone`: also where all of it left."""
    if not batch_ids:
        return {}
    rows = _lying(_LOTS + _OF_BATCHES, {"branch": branch_id, "batches": list(batch_ids), "gone": gone})
    return {(one.lot.batch_id, one.lot.place_id): one for one in rows}


def _lying(statement: str, values: Mapping[str, Any]) -> list[Lying]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": current_organization_id(), **values})
        # Columns of `Lot`, then PTS and the name of the place.
        return [
            Lying(Lot(*row[:11]), Worth(mrp=row[7], ptr=row[8], pts=row[11], cost=row[9]), row[12])
            for row in cursor.fetchall()
        ]


_PRICES = """
SELECT DISTINCT ON (product_id) product_id, mrp, coalesce(ptr, 0), coalesce(pts, 0) FROM inventory_productprice
WHERE organization_id = %s AND product_id = ANY (%s::bigint[]) AND effective_from <= %s
ORDER BY product_id, effective_from DESC
"""


def with_prices(found: dict[int, list[Lying]], on: dt.date) -> dict[int, list[Lying]]:
    """Batches that came without PTR or PTS take those of the product's price of the day; a statement only then."""
    bare = {key for key, rows in found.items() if any(not (one.worth.ptr and one.worth.pts) for one in rows)}
    if not bare:
        return found
    listed = list_prices(bare, on)
    return {
        key: [replace(one, worth=completed(one.worth, listed.get(key))) for one in rows] for key, rows in found.items()
    }


def list_prices(product_ids: Collection[int], on: dt.date) -> dict[int, Worth]:
    """The dated price of each product; those without one are left out. Their cost is not known here."""
    with connection.cursor() as cursor:
        cursor.execute(_PRICES, [current_organization_id(), list(product_ids), on])
        return {key: Worth(mrp, ptr, pts, Decimal(0)) for key, mrp, ptr, pts in cursor.fetchall()}


def completed(worth: Worth, listed: Worth | None) -> Worth:
    """A batch's prices, with the list's where it has none of its own."""
    if listed is None:
        return worth
    return Worth(worth.mrp or listed.mrp, worth.ptr or listed.ptr, worth.pts or listed.pts, worth.cost)


_OFFERS = """
SELECT s.basis, s.percent, coalesce(s.amount, 0), s.valid_from, s.valid_to, s.product_id, s.customer_id,
       s.price_group_id, coalesce(g.name, '')
FROM sales_sellingrate s
LEFT JOIN parties_pricegroup g ON g.organization_id = s.organization_id AND g.id = s.price_group_id
WHERE s.organization_id = %(organization)s AND s.valid_from <= %(on)s AND (s.valid_to IS NULL OR s.valid_to >= %(on)s)
  AND (s.product_id IS NULL OR s.product_id = ANY (%(products)s::bigint[]))
  AND (s.customer_id IS NULL OR s.customer_id = %(customer)s)
  AND (s.price_group_id IS NULL OR s.price_group_id = %(group)s)
"""
_SCHEMES = """
SELECT DISTINCT product_id, paid, free FROM sales_scheme
WHERE organization_id = %(organization)s AND product_id = ANY (%(products)s::bigint[])
  AND valid_from <= %(on)s AND (valid_to IS NULL OR valid_to >= %(on)s)
  AND (customer_id IS NULL OR customer_id = %(customer)s) AND (price_group_id IS NULL OR price_group_id = %(group)s)
"""


@dataclass(frozen=True)
class Prices:
    """The rows of the price lists that may hold for some products and one customer."""

    offers: tuple[Offer, ...]
    schemes: Mapping[int, list[FreeGoods]]


def prices(product_ids: Collection[int], *, customer_id: int | None, group_id: int | None, on: dt.date) -> Prices:
    """What may hold on the day. Two statements."""
    values: dict[str, Any] = {
        "organization": current_organization_id(),
        "on": on,
        "products": list(product_ids),
        "customer": customer_id,
        "group": group_id,
    }
    schemes: dict[int, list[FreeGoods]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OFFERS, values)
        offers = tuple(Offer(Basis(basis), *rest) for basis, *rest in cursor.fetchall())
        cursor.execute(_SCHEMES, values)
        for product, paid, free in cursor.fetchall():
            schemes.setdefault(product, []).append(FreeGoods(paid, free))
    return Prices(offers, schemes)
