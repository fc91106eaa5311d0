"""What a product looks like."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy.models import TenantForeignKey, TenantModel
from apps.inventory.models.product import Product


class ProductPhoto(TenantModel):
    """A photo of a product, drawn anew on arrival: nothing of the uploaded file's bytes is kept.

    It lies in the database, so that row-level security and backups hold for it as for every other fact; a row of its
    own keeps products narrow.
    """

    product = TenantForeignKey(Product, on_delete=models.CASCADE, related_name="photos", verbose_name=_("product"))
    content = models.BinaryField(_("photo"))
    digest = models.CharField(max_length=16)
    width = models.PositiveSmallIntegerField(_("width"))
    height = models.PositiveSmallIntegerField(_("height"))

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["product"]
        constraints = [models.UniqueConstraint("organization", "product", name="inventory_productphoto_unique")]

    def __str__(self) -> str:
        return f"{self.width} × {self.height}"
