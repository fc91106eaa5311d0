"""Finding stock by what people know of it: product, salt, item code, batch number, barcode, rack."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models import F, Q, Value
from django.db.models.functions import Lower

from apps.core.search import LETTERS, Among, Occurs, Prefix

# A product has few batches in stock, so this many products make some thousands of rows, which are still fetched and
# sorted sooner than a list of a million is walked for products as rare as one in two hundred.
FEW = 1_500
# Of what is found no more is counted; walking on would cost more than the page.
COUNTED = 1_000

# What a name can be searched for inside of: a rack, such as A-04-2, or signs have no such run of letters.
_WORD = re.compile(r"[^\W_]{3}")
_INSIDE = "SELECT array_agg(key) FROM product_search(%(text)s, %(most)s) AS key"
_AT_THE_BEGINNING = """SELECT array_agg(id) FROM (SELECT id FROM inventory_product
        WHERE organization_id = app_org() AND lower(name) ^@ lower(%(text)s) LIMIT %(most)s) AS begins"""
_FIND = """
SELECT ({products}),
       (SELECT array_agg(id) FROM (SELECT id FROM inventory_batch
        WHERE organization_id = app_org() AND lower(number) ^@ lower(%(text)s) LIMIT %(most)s) AS numbered),
       (SELECT array_agg(id) FROM inventory_place
        WHERE organization_id = app_org() AND strpos(lower(name || ' ' || code), lower(%(text)s)) > 0),
       (SELECT array_agg(product_id) FROM inventory_barcode
        WHERE organization_id = app_org() AND code IN (%(text)s, lpad(%(text)s, 14, '0')))
"""


@dataclass(frozen=True)
class Found:
    """Keys of what a text names, up to `FEW` of each and one more."""

    product: Prefix | Occurs
    products: list[int]
    batches: list[int]
    places: list[int]

    @property
    def many(self) -> bool:
        """Whether too many products match to be fetched: the list is walked instead."""
        return len(self.products) > FEW

    def condition(self) -> Q:
        """Rows of stock that the text names."""
        products = Q(self.product) if self.many else _among("product_id", self.products)
        return products | _among("batch_id", self.batches) | _among("place_id", self.places)


def _among(field: str, keys: list[int]) -> Q:
    return Q(Among(F(field), keys)) if keys else Q(pk__in=[])


def found(text: str) -> Found:
    """What a text of three letters or more names."""
    inside = bool(_WORD.search(text))
    with connection.cursor() as cursor:
        query = _FIND.format(products=_INSIDE if inside else _AT_THE_BEGINNING)
        cursor.execute(query, {"text": text, "most": FEW + 1})
        products, batches, places, by_code = cursor.fetchone()
    match = Occurs(F("product__search_text"), text) if inside else _begins(text)
    return Found(match, [*(products or []), *(by_code or [])], batches or [], places or [])


def _begins(text: str) -> Prefix:
    return Prefix(Lower("product__name"), Lower(Value(text)))


def narrowed(queryset: models.QuerySet[Any], text: str) -> tuple[models.QuerySet[Any], models.QuerySet[Any] | None]:
    """Rows of stock that a text names; and where they are too many to count, some of them, to say how many at least.

    One or two letters begin the product's name, which is what people mean who type so few.
    """
    text = text.replace("\0", "").strip()
    if len(text) < LETTERS:
        return queryset.filter(_begins(text)), None
    named = found(text)
    rows = queryset.filter(named.condition())
    return rows, queryset.filter(_among("product_id", named.products)) if named.many else None
