"""Reads about products: pickers, substitutes, prices and tax on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import Lower

from apps.core.search import begins_only, matching_keys
from apps.finance.queries.taxes import tax_rates
from apps.inventory.models import Manufacturer, PriceConvention, Product, ProductPrice, ProductSalt, Salt
from apps.inventory.rules.gtin import is_gtin, parse_gtin
from apps.inventory.rules.prices import InvalidPrice, Rates, ptr_pts

PICKED = 12
# Of a text that many products have so many are ranked; whoever looks for one further down types another letter.
_RANKED = 100


@dataclass(frozen=True)
class Choice:
    """A product to be picked: what tells it from its neighbours, and how much of it is free."""

    id: int
    name: str
    pack: str
    composition: str
    manufacturer: str
    schedule: str
    storage: str
    free: int
    base_unit: str


@dataclass(frozen=True)
class Price:
    """MRP, PTR and PTS in rupees, and the day they began to hold."""

    mrp: Decimal
    ptr: Decimal | None
    pts: Decimal | None
    effective_from: dt.date


_CHOICE = """
SELECT p.id, p.name, p.pack, p.composition, coalesce(m.name, ''), p.schedule, p.storage, coalesce(s.free, 0),
       p.base_unit
FROM inventory_product p
LEFT JOIN inventory_manufacturer m ON m.organization_id = p.organization_id AND m.id = p.manufacturer_id
LEFT JOIN inventory_productstock s ON s.organization_id = p.organization_id AND s.product_id = p.id
WHERE p.organization_id = app_org() AND p.id = ANY (%(keys)s::bigint[]) AND p.active
ORDER BY {order}
LIMIT %(most)s
"""
# The beginning of the name is what people mean first, then the beginning of a word of it, then a salt or code.
_BY_PLACE = """
CASE WHEN lower(p.name) ^@ %(text)s THEN 0 WHEN strpos(lower(p.name), ' ' || %(text)s) > 0 THEN 1
     WHEN lower(p.code) = %(text)s THEN 0 WHEN strpos(lower(p.name), %(text)s) > 0 THEN 2 ELSE 3 END,
(coalesce(s.free, 0) > 0) DESC, lower(p.name), p.id
"""
_BEGINNING = """
SELECT id FROM inventory_product
WHERE organization_id = app_org() AND lower(name) ^@ %(text)s AND active ORDER BY lower(name), id LIMIT %(most)s
"""


def products_for_picker(text: str, *, most: int = PICKED) -> list[Choice]:
    """Active products for what somebody types into a line: the beginning of the name first, then a word of it, a salt,
    the item code; a barcode finds its product alone. At most so many, those in stock before the others of their rank.
    """
    text = " ".join(text.replace("\0", "").lower().split())
    if not text:
        return []
    if (by_code := _by_barcode(text)) is not None:
        return _choices([by_code], "p.id", text, most)
    with connection.cursor() as cursor:
        cursor.execute(_BEGINNING, {"text": text, "most": most})
        first = [row[0] for row in cursor.fetchall()]
    if len(first) >= most or begins_only(text):
        return _choices(first, _BY_PLACE, text, most)
    further = matching_keys("product_search", text, _RANKED)
    return _choices([*first, *further], _BY_PLACE, text, most)


def _by_barcode(text: str) -> int | None:
    compact = text.replace(" ", "")
    if not (compact.isascii() and any(sign.isdigit() for sign in compact) and len(compact) >= 6):
        return None
    code = parse_gtin(compact) if is_gtin(compact) else text
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT product_id FROM inventory_barcode WHERE organization_id = app_org() AND code IN (%s, %s)",
            [code, code.upper()],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _choices(keys: Sequence[int], order: str, text: str, most: int) -> list[Choice]:
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_CHOICE.format(order=order), {"keys": list(keys), "text": text, "most": most})
        return [Choice(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Substitute:
    """A product with the same salts; `same_strength` also in the same strengths and form."""

    id: int
    name: str
    pack: str
    manufacturer: str
    composition: str
    free: int
    mrp: Decimal | None
    same_strength: bool
    form: str


# Equal strength and form first, then what is in stock. The part of the key before the hash names the salts alone.
_SUBSTITUTES = """
SELECT p.id, p.name, p.pack, coalesce(m.name, ''), p.composition, coalesce(s.free, 0), price.mrp,
       p.composition_key = %(key)s AND p.form = %(form)s AS same, p.form
FROM inventory_product p
LEFT JOIN inventory_manufacturer m ON m.organization_id = app_org() AND m.id = p.manufacturer_id
LEFT JOIN inventory_productstock s ON s.organization_id = app_org() AND s.product_id = p.id
LEFT JOIN LATERAL (
  SELECT mrp FROM inventory_productprice r
  WHERE r.organization_id = app_org() AND r.product_id = p.id AND r.effective_from <= %(on)s
  ORDER BY r.effective_from DESC LIMIT 1
) price ON true
WHERE p.organization_id = app_org() AND p.composition_key <> '' AND p.composition_key ^@ %(salts)s
  AND p.id <> %(product)s AND p.active AND (coalesce(s.free, 0) > 0 OR NOT %(in_stock)s)
ORDER BY same DESC, (coalesce(s.free, 0) > 0) DESC, lower(p.name), p.id
LIMIT %(most)s
"""


def substitutes(product_id: int, *, on: dt.date, most: int = 20, in_stock: bool = False) -> list[Substitute]:
    """Active products with the same salts as this one: the same strength and form first, those in stock before others.

    Args:
        on: the day whose MRP is shown.
        in_stock: leave out what has nothing free.
    """
    own = Product.objects.filter(pk=product_id).values_list("composition_key", "form").first()
    if own is None or not own[0]:
        return []
    key, form = own
    salts = f"{key.partition('#')[0]}#"
    given = {"product": product_id, "key": key, "salts": salts, "form": form}
    with connection.cursor() as cursor:
        cursor.execute(_SUBSTITUTES, {**given, "on": on, "most": most, "in_stock": in_stock})
        return [Substitute(*row) for row in cursor.fetchall()]


def prices_on(product_ids: Iterable[int], on: dt.date) -> dict[int, Price]:
    """The price of each product that holds on the day; products without one are left out."""
    rows = (
        ProductPrice.objects.filter(product_id__in=list(product_ids), effective_from__lte=on)
        .order_by("product_id", "-effective_from")
        .distinct("product_id")
        .values_list("product_id", "mrp", "ptr", "pts", "effective_from")
    )
    return {key: Price(mrp, ptr, pts, day) for key, mrp, ptr, pts, day in rows}


def product_tax_rates(products: Sequence[Product], on: dt.date) -> dict[int, Decimal | None]:
    """The tax rate in per cent of each product on the day: its own, else that of its HSN; None where there is none."""
    by_hsn = tax_rates((product.hsn for product in products if product.hsn and product.tax_override is None), on)
    return {
        product.pk: product.tax_override if product.tax_override is not None else by_hsn.get(product.hsn)
        for product in products
    }


@dataclass(frozen=True)
class Margins:
    """Margins in per cent, and how they are taken."""

    retailer: Decimal
    stockist: Decimal
    convention: str


def margins_of(product: Product) -> Margins | None:
    """The product's own margins, else its manufacturer's; None where a margin is known of neither."""
    maker = product.manufacturer
    retailer = maker.retailer_margin if maker and product.retailer_margin is None else product.retailer_margin
    stockist = maker.stockist_margin if maker and product.stockist_margin is None else product.stockist_margin
    if retailer is None or stockist is None:
        return None
    return Margins(retailer, stockist, maker.convention if maker else PriceConvention.MARKDOWN)


def rates_for_mrp(product: Product, mrp: Decimal, on: dt.date) -> Rates | None:
    """PTR and PTS that follow from an MRP by the margins of the product or its manufacturer and the tax of the day.

    None where the product has neither margins nor manufacturer, or no tax rate holds.
    """
    rate, margins = product_tax_rates([product], on)[product.pk], margins_of(product)
    if rate is None or margins is None:
        return None
    try:
        return ptr_pts(mrp, rate, margins.retailer, margins.stockist, margins.convention)
    except InvalidPrice:
        return None


def names_like(model: type[Manufacturer] | type[Salt], text: str, most: int = 20) -> list[str]:
    """Names of manufacturers or salts for a field while somebody types: those that begin so, then those with it."""
    text = " ".join(text.lower().split())
    if not text:
        return []
    rows: QuerySet[Any] = model.objects.alias(key=Lower("name"))
    first = list(rows.filter(key__startswith=text).order_by("key", "id").values_list("name", flat=True)[:most])
    if len(first) < most:
        within = rows.filter(key__contains=text).exclude(key__startswith=text).order_by("key", "id")
        first += within.values_list("name", flat=True)[: most - len(first)]
    return first


def salts_of(product: Product) -> QuerySet[ProductSalt]:
    """The salts of a product in their order, with `salt_name`."""
    rows: QuerySet[ProductSalt] = ProductSalt.objects.filter(product=product).annotate(salt_name=F("salt__name"))
    return rows.order_by("position", "id")
