"""Active substances, and how much of each is in a product."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey, TenantModel
from apps.inventory.models.product import Product
from apps.inventory.rules.strengths import Strength


@audited
class Salt(BusinessModel):
    """An active substance by its generic name, such as Amoxicillin."""

    name = models.CharField(_("salt name"), max_length=120)

    class Meta:
        verbose_name = _("salt")
        verbose_name_plural = _("salts")
        ordering = [Lower("name"), "id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("name"),
                name="inventory_salt_name_unique",
                violation_error_message=_("This salt is in the list already."),
            )
        ]
        indexes = [models.Index("organization", Lower("name"), "id", name="inventory_salt_by_name")]

    def __str__(self) -> str:
        return self.name


class ProductSalt(TenantModel):
    """One salt of a product with its strength. `Product.composition` tells it in words and has its history."""

    product = TenantForeignKey(Product, on_delete=models.CASCADE, related_name="salts", verbose_name=_("product"))
    salt = TenantForeignKey(Salt, on_delete=models.PROTECT, related_name="products", verbose_name=_("salt"))
    strength_amount = models.DecimalField(_("strength"), max_digits=14, decimal_places=4, null=True, blank=True)
    strength_unit = models.CharField(
        _("unit"), max_length=20, blank=True, help_text=_("Such as mg, mcg, g, ml, IU, %, or mg/5 ml.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("salt of a product")
        verbose_name_plural = _("salts of products")
        ordering = ["product", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "product",
                "salt",
                name="inventory_productsalt_unique",
                violation_error_message=_("This salt is in the composition already."),
            ),
            models.CheckConstraint(
                condition=models.Q(strength_amount__isnull=True) | models.Q(strength_amount__gt=0),
                name="inventory_productsalt_strength",
                violation_error_message=_("A strength is more than 0."),
            ),
        ]
        indexes = [models.Index("organization", "salt", "product", name="inventory_productsalt_by_salt")]

    def __str__(self) -> str:
        return f"{self.salt} {self.strength_text}".strip()

    @property
    def strength_text(self) -> str:
        """The strength in words; empty where it is not told."""
        return "" if self.strength_amount is None else str(Strength(self.strength_amount, self.strength_unit))
