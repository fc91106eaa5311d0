"""Manufacturing lots of products."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.expressions import ExpressionWrapper
from django.db.models.functions import ExtractDay, Lower
from django.db.models.lookups import Exact
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, OrganizationKey, TenantForeignKey
from apps.inventory.models.product import Product


class BatchState(models.TextChoices):
    """Whether a batch may be sold, whatever place it lies in."""

    OK = "ok", _("Saleable")
    HELD = "held", _("On hold")
    RECALLED = "recalled", _("Recalled")


def _money(label: str | Promise, places: int) -> models.DecimalField:
    return models.DecimalField(
        verbose_name=cast(Any, label),
        max_digits=10 + places,
        decimal_places=places,
        validators=[MinValueValidator(Decimal(0))],
        default=Decimal(0),
    )


@audited
class Batch(BusinessModel):
    """One manufacturing lot at one MRP. It holds no quantity: `Stock` says how much of it lies where.

    The same number printed with two MRPs is two batches, because nothing may be sold above the price on its pack.
    """

    # The product's constraint names the organization too; an opening stock has a hundred thousand batches to check.
    organization = OrganizationKey(
        settings.TENANT_MODEL,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("organization"),
    )
    product = TenantForeignKey(Product, on_delete=models.PROTECT, related_name="batches", verbose_name=_("product"))
    number = models.CharField(_("batch number"), max_length=30)
    mrp = _money(_("MRP"), 2)
    # The last day of the printed month.
    expiry = models.DateField(_("expiry"))
    manufactured = models.DateField(_("manufactured"), null=True, blank=True)
    mrp_from = models.DateField(_("MRP from"), null=True, blank=True)
    ptr = _money(_("PTR"), 4)
    pts = _money(_("PTS"), 4)
    # Landed cost per base unit; the average where goods of the batch came at several.
    cost = _money(_("cost"), 4)
    state = models.CharField(_("state"), max_length=8, choices=BatchState, default=BatchState.OK, editable=False)
    state_reason = models.CharField(_("reason"), max_length=200, blank=True, editable=False)
    received_on = models.DateField(_("first received"), editable=False)

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["expiry", "id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "product",
                Lower("number"),
                "mrp",
                name="inventory_batch_number_unique",
                violation_error_message=_("This product has a batch of this number and MRP already."),
            ),
            models.CheckConstraint(
                condition=models.Q(mrp__gte=0, ptr__gte=0, pts__gte=0, cost__gte=0), name="inventory_batch_prices"
            ),
            models.CheckConstraint(
                condition=Exact(
                    ExtractDay(
                        ExpressionWrapper(models.F("expiry") + models.Value(1), output_field=models.DateField())
                    ),
                    1,
                ),
                name="inventory_batch_expiry_month_end",
                violation_error_message=_("An expiry is the last day of its month."),
            ),
        ]
        indexes = [
            # A batch number typed or scanned, whatever the product.
            models.Index("organization", Lower("number"), "id", name="inventory_batch_by_number"),
            models.Index("organization", "state", "id", name="inventory_batch_not_ok", condition=~models.Q(state="ok")),
        ]

    def __str__(self) -> str:
        return self.number
