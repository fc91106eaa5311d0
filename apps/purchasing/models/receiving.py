"""What is agreed and asked of suppliers when goods come: shelf life, days to pay, tax held back."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey
from apps.inventory.models import Product
from apps.parties.models import Party
from apps.purchasing.rules.landed import Basis


@audited
class ReceivingSettings(BusinessModel):
    """How an organization takes goods in. There is at most one row."""

    class Spread(models.TextChoices):
        VALUE = Basis.VALUE.value, _("By value")
        QUANTITY = Basis.QUANTITY.value, _("By quantity")

    minimum_days = models.PositiveSmallIntegerField(
        _("shelf life to arrive with"),
        default=180,
        validators=[MaxValueValidator(1825)],
        help_text=_("Days until expiry that goods must still have. Rules for a supplier or product come first."),
    )
    rounding_limit = models.DecimalField(
        _("rounding"),
        max_digits=6,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
        help_text=_("Rupees by which a supplier's total may differ from its lines."),
    )
    spread_by = models.CharField(_("spread charges"), max_length=8, choices=Spread, default=Spread.VALUE)
    withholds_tax = models.BooleanField(
        _("holds back tax on purchases"),
        default=False,
        help_text=_("Turnover of the year before over ₹10 crore (section 393, Income-tax Act 2025)."),
    )

    class Meta:
        verbose_name = _("settings of receiving")
        verbose_name_plural = _("settings of receiving")
        constraints = [models.UniqueConstraint("organization", name="purchasing_receivingsettings_one")]

    def __str__(self) -> str:
        return str(_("Settings of receiving"))


@audited
class ShelfLifeRule(BusinessModel):
    """How much shelf life goods must still have: of a supplier, of a product, of a product from a supplier.

    A rule of neither is for everything.
    """

    supplier = TenantForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("supplier")
    )
    product = TenantForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    minimum_days = models.PositiveSmallIntegerField(
        _("days until expiry"), validators=[MaxValueValidator(1825)], help_text=_("0 takes anything that is unexpired.")
    )

    class Meta:
        verbose_name = _("rule for shelf life")
        verbose_name_plural = _("rules for shelf life")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "supplier", "product"],
                name="purchasing_shelfliferule_unique",
                nulls_distinct=False,
                violation_error_message=_("There is a rule for this supplier and product already."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("%(days)d days") % {"days": self.minimum_days})


@audited
class SupplierTerms(BusinessModel):
    """What matters for paying a supplier in time (MSMED Act 2006). A supplier without a row is no small enterprise."""

    class Enterprise(models.TextChoices):
        NONE = "", _("Not micro or small")
        MICRO = "micro", _("Micro enterprise")
        SMALL = "small", _("Small enterprise")

    supplier = TenantForeignKey(Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("supplier"))
    enterprise = models.CharField(
        _("enterprise"), max_length=5, choices=Enterprise, default=Enterprise.NONE, blank=True
    )
    udyam = models.CharField(_("Udyam number"), max_length=19, blank=True)
    written_agreement = models.BooleanField(
        _("days agreed in writing"),
        default=False,
        help_text=_("With an agreement the days agreed hold, at most those of the Act."),
    )
    agreed_days = models.PositiveSmallIntegerField(_("days agreed"), default=45, validators=[MaxValueValidator(365)])

    class Meta:
        verbose_name = _("terms of a supplier")
        verbose_name_plural = _("terms of suppliers")
        constraints = [models.UniqueConstraint("organization", "supplier", name="purchasing_supplierterms_one")]

    def __str__(self) -> str:
        return str(self.get_enterprise_display())


@audited
class StatutoryFigure(BusinessModel):
    """A figure of the law from a day on: days, a rate, a threshold. Documents ask for that of their own date."""

    class Kind(models.TextChoices):
        MSME_AGREED_DAYS = "msme_agreed_days", _("MSMED Act: most days by agreement")
        MSME_DAYS = "msme_days", _("MSMED Act: days without agreement")
        TDS_RATE = "tds_rate", _("Tax held back on goods: %")
        TDS_THRESHOLD = "tds_threshold", _("Tax held back on goods: yearly threshold ₹")
        TDS_WITHOUT_PAN = "tds_without_pan", _("Tax held back on goods without a PAN: %")

    kind = models.CharField(_("figure"), max_length=20, choices=Kind)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True, help_text=_("Leave empty until further notice."))
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=4, validators=[MinValueValidator(Decimal(0))])
    source = models.CharField(_("source"), max_length=200, help_text=_("Section or notification, to be looked up."))

    class Meta:
        verbose_name = _("figure of the law")
        verbose_name_plural = _("figures of the law")
        ordering = ["kind", "-valid_from", "id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "kind",
                "valid_from",
                name="purchasing_statutoryfigure_unique",
                violation_error_message=_("There is a figure from that day already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="purchasing_statutoryfigure_dates",
                violation_error_message=_("A figure ends on or after the day it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.value.normalize():f}"
