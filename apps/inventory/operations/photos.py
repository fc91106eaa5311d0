"""Keeping photos of products."""

from __future__ import annotations

from django.db import transaction

from apps.core.refusals import Refusal
from apps.inventory.models import Product, ProductPhoto
from apps.inventory.rules.photos import InvalidPhoto, drawn_anew
from apps.organizations.operations.sentences import told


class PhotoRefused(Refusal):
    """The file is no picture that can be taken."""


@transaction.atomic
def keep_photo(*, product: Product, content: bytes) -> ProductPhoto:
    """Keep a photo of the product in place of the one before.

    Raises:
        PhotoRefused: with the reason.
    """
    try:
        picture = drawn_anew(content)
    except InvalidPhoto as broken:
        raise PhotoRefused(told(broken), field="photo") from None
    kept: ProductPhoto
    kept, _made = ProductPhoto.objects.update_or_create(
        product=product,
        defaults={
            "content": picture.content,
            "digest": picture.digest,
            "width": picture.width,
            "height": picture.height,
        },
    )
    return kept


def remove_photo(*, product: Product) -> None:
    """Forget the photo of a product."""
    ProductPhoto.objects.filter(product=product).delete()
