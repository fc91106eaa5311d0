"""Companies that make products, and the terms that come with their goods."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel

PERCENT = (MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100)))


class PriceConvention(models.TextChoices):
    """How PTR and PTS follow from the MRP: both ways are in use, each maker has its own."""

    MARKDOWN = "markdown", _("Mark-down: margin of the price itself")
    MARKUP = "markup", _("Mark-up: margin on the price below")


@audited
class Manufacturer(BusinessModel):
    """The company that makes a product."""

    name = models.CharField(_("manufacturer name"), max_length=120)
    convention = models.CharField(
        _("PTR and PTS by"),
        max_length=8,
        choices=PriceConvention,
        default=PriceConvention.MARKDOWN,
        help_text=_(
            "MRP 100 with 5% tax and margins of 20 and 10: mark-down 76.19 and 68.57, mark-up 79.37 and 72.15."
        ),
    )
    retailer_margin = models.DecimalField(
        _("retailer's margin"), max_digits=7, decimal_places=4, default=Decimal(20), validators=PERCENT
    )
    stockist_margin = models.DecimalField(
        _("stockist's margin"), max_digits=7, decimal_places=4, default=Decimal(10), validators=PERCENT
    )
    return_window_before_days = models.PositiveSmallIntegerField(
        _("returns from"),
        default=90,
        validators=[MaxValueValidator(1825)],
        help_text=_("Days before expiry from which goods are taken back."),
    )
    return_window_after_days = models.PositiveSmallIntegerField(
        _("returns until"),
        default=180,
        validators=[MaxValueValidator(1825)],
        help_text=_("Days after expiry until which goods are taken back."),
    )
    claim_address = models.TextField(_("claim address"), max_length=300, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("manufacturer")
        verbose_name_plural = _("manufacturers")
        ordering = [Lower("name"), "id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("name"),
                name="inventory_manufacturer_name_unique",
                violation_error_message=_("Another manufacturer has this name."),
            ),
            models.CheckConstraint(
                condition=models.Q(retailer_margin__range=(0, 100), stockist_margin__range=(0, 100)),
                name="inventory_manufacturer_margins",
            ),
        ]
        indexes = [models.Index("organization", Lower("name"), "id", name="inventory_maker_by_name")]

    def __str__(self) -> str:
        return self.name
