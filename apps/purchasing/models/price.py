"""What suppliers ask for their goods."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey
from apps.inventory.models import Product
from apps.parties.models import Party


@audited
class SupplierPrice(BusinessModel):
    """A supplier's rate for a product from a day on: the newest that has begun holds."""

    supplier = TenantForeignKey(
        Party, on_delete=models.PROTECT, related_name="supplier_prices", verbose_name=_("supplier"), db_index=False
    )
    product = TenantForeignKey(
        Product, on_delete=models.PROTECT, related_name="supplier_prices", verbose_name=_("product"), db_index=False
    )
    effective_from = models.DateField(_("from"))
    rate = models.DecimalField(
        _("rate"),
        max_digits=14,
        decimal_places=4,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Rupees for one base unit, before tax and discount."),
    )
    discount = models.DecimalField(
        _("discount"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
        help_text=_("Percent."),
    )
    scheme_paid = models.PositiveIntegerField(
        _("scheme: for"), default=0, help_text=_("10 of “10+1”; 0 when there is none.")
    )
    scheme_free = models.PositiveIntegerField(_("scheme: free"), default=0, help_text=_("1 of “10+1”."))
    multiple = models.PositiveIntegerField(
        _("ordered in"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("Base units in the smallest pack that is sold, such as 10."),
    )
    supplier_code = models.CharField(_("supplier's code"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("supplier price")
        verbose_name_plural = _("supplier prices")
        ordering = ["-effective_from", "-id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "supplier",
                "product",
                "effective_from",
                name="purchasing_supplierprice_unique",
                violation_error_message=_("This supplier has a price from that day already."),
            ),
            models.CheckConstraint(
                condition=Q(rate__gte=0, discount__gte=0, discount__lte=100, multiple__gte=1),
                name="purchasing_supplierprice_rate",
            ),
            models.CheckConstraint(
                condition=Q(scheme_paid=0, scheme_free=0) | Q(scheme_paid__gt=0, scheme_free__gt=0),
                name="purchasing_supplierprice_scheme",
                violation_error_message=_("A scheme says how many are free for how many, such as 10 and 1."),
            ),
        ]
        indexes = [
            models.Index("organization", "effective_from", "id", name="purchasing_price_by_day"),
            models.Index(
                "organization", "product", "supplier", "effective_from", "id", name="purchasing_price_of_product"
            ),
            models.Index(
                "organization",
                "supplier",
                Upper("supplier_code"),
                name="purchasing_price_by_code",
                condition=~Q(supplier_code=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} · {self.product}"
