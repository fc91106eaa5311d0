"""Codes that are learned where they are first scanned."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.inventory.models import Barcode, PackUnit, Product
from apps.inventory.operations.products import BarcodeTaken, kept_code, kind_of


def learn_barcode(*, product: Product, code: str, pack: PackUnit | None = None) -> Barcode:
    """Remember a code that stands on a pack of the product. Told twice, it is remembered once.

    Raises:
        BarcodeTaken: it is the code of another product.
    """
    code = kept_code(code)
    known: Barcode
    known, _new = Barcode.objects.select_related("product").get_or_create(
        code=code, defaults={"product": product, "kind": kind_of(code), "pack_unit": pack}
    )
    if known.product_id != product.pk:
        raise BarcodeTaken(
            _("This is the code of %(product)s. Remove it there first.") % {"product": known.product}, field="product"
        )
    return known
