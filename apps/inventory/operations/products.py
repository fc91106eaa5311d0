"""Making and changing products with what belongs to them: salts, pack units, barcodes, the first price."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal
from apps.inventory.models import Barcode, Manufacturer, PackUnit, Product, ProductPrice
from apps.inventory.operations.composition import known_salts, write_salts, written
from apps.inventory.rules.composition import Ingredient
from apps.inventory.rules.gtin import is_gtin, parse_gtin
from apps.inventory.rules.packs import Pack, singular
from apps.inventory.rules.strengths import Strength


class BarcodeTaken(Refusal):
    """The code is printed on another product."""


class ProductChanged(Exception):
    """Somebody else saved the product meanwhile."""


@dataclass(frozen=True)
class Code:
    """A barcode and the pack it is printed on; no pack is the base unit."""

    code: str
    pack: str = ""


@dataclass(frozen=True)
class Parts:
    """What belongs to a product. The order of the salts is kept."""

    ingredients: Sequence[Ingredient] = ()
    packs: Sequence[Pack] = ()
    codes: Sequence[Code] = ()


def parts_of(product: Product) -> Parts:
    """What belongs to a product now."""
    if product._state.adding:
        return Parts()
    return Parts(
        tuple(
            Ingredient(
                row.salt.name,
                None if row.strength_amount is None else Strength(row.strength_amount.normalize(), row.strength_unit),
            )
            for row in product.salts.select_related("salt").order_by("position", "id")
        ),
        tuple(Pack(row.name, row.quantity) for row in product.pack_units.order_by("quantity", "id")),
        tuple(
            Code(row.code, row.pack_unit.name if row.pack_unit else "")
            for row in product.barcodes.select_related("pack_unit").order_by("code")
        ),
    )


@transaction.atomic
def add_product(*, product: Product, parts: Parts, mrp: Decimal | None = None, on: dt.date | None = None) -> Product:
    """Save a new product with what belongs to it, and its price from that day on.

    Raises:
        BarcodeTaken: naming the product that has the code.
    """
    _know_manufacturer(product)
    salts = known_salts(one.name for one in parts.ingredients)
    for name, text in written(parts.ingredients, salts).items():
        setattr(product, name, text)
    product.save(force_insert=True)
    write_salts(product=product, ingredients=parts.ingredients, salts=salts)
    _write_packs(product, parts.packs)
    _write_codes(product, parts.codes)
    if mrp is not None and on is not None:
        ProductPrice.objects.create(product=product, effective_from=on, mrp=mrp)
    return product


@transaction.atomic
def change_product(*, product: Product, before: dict[str, Any], parts: Parts) -> bool:
    """Save what changed of a product and of what belongs to it; False when nothing did.

    Args:
        product: with its new values.
        before: its column values when the form was opened, the version among them.

    Raises:
        ProductChanged: the row has another version than `before`.
        BarcodeTaken: naming the product that has the code.
    """
    now: Product = Product.objects.select_for_update().get(pk=product.pk)
    if now.version != before["version"]:
        raise ProductChanged
    _know_manufacturer(product)
    had = parts_of(product)
    if list(had.ingredients) != list(parts.ingredients):
        salts = known_salts(one.name for one in parts.ingredients)
        for name, text in written(parts.ingredients, salts).items():
            setattr(product, name, text)
        write_salts(product=product, ingredients=parts.ingredients, salts=salts)
    packs_changed = set(had.packs) != set(parts.packs)
    codes_changed = set(had.codes) != set(parts.codes)
    if packs_changed or codes_changed:
        # A pack that a barcode names cannot go before the barcode.
        gone = {one.code for one in had.codes} - {one.code for one in parts.codes}
        Barcode.objects.filter(product=product, code__in=gone).delete()
        _write_packs(product, parts.packs)
        _write_codes(product, parts.codes)
    values = {
        field.attname: getattr(product, field.attname)
        for field in product._meta.concrete_fields
        if not (field.primary_key or field.generated) and getattr(product, field.attname) != before[field.attname]
    }
    if not (values or packs_changed or codes_changed or list(had.ingredients) != list(parts.ingredients)):
        return False
    Product.objects.filter(pk=product.pk).update(**values, version=F("version") + 1)
    product.version = before["version"] + 1
    return True


def _know_manufacturer(product: Product) -> None:
    """Save a manufacturer that came with the product, unless there is one of that name by now."""
    maker = product.manufacturer
    if maker is None or not maker._state.adding:
        return
    known = Manufacturer.objects.alias(key=Lower("name")).filter(key=maker.name.lower()).first()
    product.manufacturer = known or Manufacturer.objects.create(name=maker.name)


def _write_packs(product: Product, packs: Sequence[Pack]) -> None:
    had = {row.name.lower(): row for row in product.pack_units.all()}
    wanted = {pack.name.lower(): pack for pack in packs}
    gone = [row.pk for key, row in had.items() if key not in wanted]
    if gone:
        Barcode.objects.filter(product=product, pack_unit__in=gone).update(pack_unit=None)
        PackUnit.objects.filter(pk__in=gone).delete()
    for key, pack in wanted.items():
        if key not in had:
            PackUnit.objects.create(product=product, name=pack.name, quantity=pack.quantity)
        elif (had[key].name, had[key].quantity) != (pack.name, pack.quantity):
            PackUnit.objects.filter(pk=had[key].pk).update(name=pack.name, quantity=pack.quantity)


def _write_codes(product: Product, codes: Sequence[Code]) -> None:
    taken = Barcode.objects.filter(code__in=[one.code for one in codes]).exclude(product=product)
    if found := taken.select_related("product").first():
        raise BarcodeTaken(
            _("%(code)s is the barcode of %(product)s. Remove it there first.")
            % {"code": found.code.lstrip("0") or found.code, "product": found.product},
            field="barcodes",
        )
    packs = {singular(row.name): row for row in product.pack_units.all()}
    had = {row.code: row for row in product.barcodes.all()}
    for one in codes:
        pack = packs.get(singular(one.pack)) if one.pack else None
        if one.code not in had:
            Barcode.objects.create(product=product, code=one.code, kind=kind_of(one.code), pack_unit=pack)
        elif had[one.code].pack_unit_id != (pack.pk if pack else None):
            Barcode.objects.filter(pk=had[one.code].pk).update(pack_unit=pack)


def kept_code(text: str) -> str:
    """A barcode as it is kept: a GTIN with 14 digits, any other code as printed, without blanks around it."""
    compact = text.strip()
    return parse_gtin(compact) if is_gtin(compact) else compact


def kind_of(code: str) -> str:
    """Whether a kept code is a GTIN."""
    return Barcode.Kind.GTIN if len(code) == 14 and is_gtin(code) else Barcode.Kind.OTHER


def discontinue_product(*, product: Product) -> None:
    """Offer a product no longer: it is not bought again, what is left of it may still be sold."""
    Product.objects.filter(pk=product.pk, active=True).update(active=False, version=F("version") + 1)


def restore_product(*, product: Product) -> None:
    """Offer a discontinued product again."""
    Product.objects.filter(pk=product.pk, active=False).update(active=True, version=F("version") + 1)
