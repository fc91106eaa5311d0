"""When a product is to be ordered again, in a place of its own."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey
from apps.inventory.models.place import Place
from apps.inventory.models.product import Product


@audited
class ReorderLevel(BusinessModel):
    """Level and quantity of a product for one place; without one the product's own hold for the whole stock."""

    product = TenantForeignKey(
        Product, on_delete=models.CASCADE, related_name="reorder_levels", verbose_name=_("product")
    )
    place = TenantForeignKey(Place, on_delete=models.PROTECT, related_name="reorder_levels", verbose_name=_("place"))
    level = models.PositiveIntegerField(_("reorder level"), help_text=_("In base units."))
    quantity = models.PositiveIntegerField(_("reorder quantity"), null=True, blank=True)

    class Meta:
        verbose_name = _("reorder level of a place")
        verbose_name_plural = _("reorder levels of places")
        ordering = ["product", "place", "id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "product",
                "place",
                name="inventory_reorderlevel_unique",
                violation_error_message=_("This place has a reorder level for the product already."),
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__isnull=True) | models.Q(quantity__gt=0),
                name="inventory_reorderlevel_quantity",
                violation_error_message=_("Order 1 or more, or leave the quantity empty."),
            ),
        ]
        indexes = [models.Index("organization", "place", "product", name="inventory_reorder_by_place")]

    def __str__(self) -> str:
        return f"{self.product} · {self.place}"
