"""Writing what is in a product: salts, strengths, and the text and key that follow from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.models.functions import Lower

from apps.core.tenancy.context import current_organization_id
from apps.inventory.models import Product, ProductSalt, Salt
from apps.inventory.rules.composition import Ingredient, compose, composition_key


def known_salts(names: Iterable[str]) -> dict[str, Salt]:
    """Salts by name in lower case; those that are missing are made."""
    wanted = {name.lower(): name for name in names}
    found = _salts(wanted)
    missing = [Salt(name=name) for key, name in wanted.items() if key not in found]
    if missing:
        Salt.objects.bulk_create(missing, ignore_conflicts=True)
        found = _salts(wanted)
    return found


def _salts(keys: Iterable[str]) -> dict[str, Salt]:
    rows = Salt.objects.alias(key=Lower("name")).filter(key__in=list(keys))
    return {salt.name.lower(): salt for salt in rows}


def written(ingredients: Sequence[Ingredient], salts: dict[str, Salt]) -> dict[str, str]:
    """The columns of a product that follow from its salts."""
    named = [Ingredient(salts[one.name.lower()].name, one.strength) for one in ingredients]
    key = composition_key(
        (
            salts[one.name.lower()].pk,
            one.strength.amount if one.strength else None,
            one.strength.unit if one.strength else "",
        )
        for one in ingredients
    )
    return {"composition": compose(named)[:600], "composition_key": key[:400]}


@transaction.atomic
def write_salts(*, product: Product, ingredients: Sequence[Ingredient], salts: dict[str, Salt]) -> None:
    """Give a product exactly these salts, in this order. Its own columns are the caller's to write: see `written`."""
    ProductSalt.objects.filter(product=product).delete()
    ProductSalt.objects.bulk_create(
        ProductSalt(
            product=product,
            salt=salts[one.name.lower()],
            strength_amount=one.strength.amount if one.strength else None,
            strength_unit=one.strength.unit if one.strength else "",
            position=position,
        )
        for position, one in enumerate(ingredients, 1)
    )


# The composition in words is made of the salts as they are called now; the key names them by number and stays.
_RENAMED = """
UPDATE inventory_product p SET composition = left(told.text, 600), version = version + 1
FROM (
    SELECT ps.product_id, string_agg(
        s.name || CASE WHEN ps.strength_amount IS NULL THEN '' ELSE ' ' || trim_scale(ps.strength_amount)::text
            || CASE WHEN left(ps.strength_unit, 1) = '%%' THEN '' ELSE ' ' END || ps.strength_unit END,
        ' + ' ORDER BY ps.position, ps.id) AS text
    FROM inventory_productsalt ps
    JOIN inventory_salt s ON s.organization_id = %(organization)s AND s.id = ps.salt_id
    WHERE ps.organization_id = %(organization)s AND ps.product_id IN (
        SELECT product_id FROM inventory_productsalt WHERE organization_id = %(organization)s AND salt_id = %(salt)s)
    GROUP BY ps.product_id
) told
WHERE p.organization_id = %(organization)s AND p.id = told.product_id AND p.composition <> left(told.text, 600)
"""


@transaction.atomic
def retell_compositions(*, salt: Salt) -> int:
    """Write anew the compositions of all products of a salt, after it was renamed; returns how many changed."""
    with connection.cursor() as cursor:
        cursor.execute(_RENAMED, {"organization": current_organization_id(), "salt": salt.pk})
        return int(cursor.rowcount)
