"""What a scanned code means here: a product, a batch of it, a place."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models.functions import Lower

from apps.inventory.models import Barcode, Batch, PackUnit, Place, Product
from apps.inventory.rules.scan import Scan, own_code, read_own_code, read_scan


@dataclass(frozen=True)
class Meaning:
    """What a scan stands for. Nothing found at all is a code to learn."""

    scan: Scan
    product: Product | None = None
    pack: PackUnit | None = None
    """The pack that carries the code; None is the base unit."""
    batches: tuple[Batch, ...] = ()
    """Batches that the scan can mean, the one that expires first on top; several share a number at different MRPs."""
    place: Place | None = None

    @property
    def known(self) -> bool:
        return bool(self.product or self.place or self.batches)

    @property
    def batch(self) -> Batch | None:
        """The batch, where there is no doubt about it."""
        return self.batches[0] if len(self.batches) == 1 else None


def meaning_of(text: str) -> Meaning:
    """What the code that was scanned or typed means in this organization.

    Raises:
        UnreadableScan: a GS1 code that is broken.
    """
    scan = read_scan(text)
    if own := read_own_code(scan.code):
        return _own(scan, *own)
    barcode = Barcode.objects.select_related("product", "pack_unit").filter(code=scan.code).first()
    if barcode:
        return Meaning(scan, barcode.product, barcode.pack_unit, _batches(scan.batch, barcode.product))
    if scan.gtin:
        return Meaning(scan)
    place = Place.objects.alias(key=Lower("code")).filter(key=scan.code.lower(), active=True).first()
    if place:
        return Meaning(scan, place=place)
    batches = _batches(scan.batch or scan.code)
    products = {batch.product for batch in batches}
    return Meaning(scan, products.pop() if len(products) == 1 else None, batches=batches)


def _batches(number: str, product: Product | None = None) -> tuple[Batch, ...]:
    if not number:
        return ()
    found = Batch.objects.alias(key=Lower("number")).filter(key=number.lower()).select_related("product")
    if product:
        found = found.filter(product=product)
    return tuple(found.order_by("expiry", "id")[:20])


def _own(scan: Scan, kind: str, key: int) -> Meaning:
    if kind == "place":
        return Meaning(scan, place=Place.objects.filter(pk=key, active=True).first())
    batch = Batch.objects.select_related("product").filter(pk=key).first()
    return Meaning(scan, batch.product, batches=(batch,)) if batch else Meaning(scan)


def place_code(place: Place) -> str:
    """What the label of a place says: its own scan code, else one of ours."""
    return place.code or own_code("place", place.pk)
