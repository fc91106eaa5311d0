"""Tax: rates by date, and what was taxed."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey, TenantModel
from apps.finance.models.withholding import Certainty
from apps.organizations.models import Branch
from apps.organizations.rules.states import STATES, state_label
from apps.parties.models import Party, Registration

PLACES_OF_SUPPLY = [(code, state_label(code)) for code in STATES]


class Direction(models.TextChoices):
    """Who charges the tax."""

    OUT = "out", _("Outward")
    IN = "in", _("Inward")


class TaxDocument(models.TextChoices):
    """Kinds of documents as the tax returns know them."""

    INVOICE = "INV", _("Tax invoice")
    CREDIT_NOTE = "CRN", _("Credit note")
    DEBIT_NOTE = "DBN", _("Debit note")
    BILL_OF_SUPPLY = "BOS", _("Bill of supply")
    BILL_OF_ENTRY = "BOE", _("Bill of entry")


@audited
class TaxRate(BusinessModel):
    """The rate of tax on goods whose HSN begins so, from a day on. Documents ask for the rate of their own date."""

    hsn_prefix = models.CharField(
        _("HSN begins with"),
        max_length=8,
        validators=[RegexValidator(r"^\d{2,8}$", _("An HSN code has 2 to 8 digits."))],
        help_text=_("2 to 8 digits; the longest that fits decides."),
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True, help_text=_("Leave empty until further notice."))
    rate = models.DecimalField(
        _("rate %"),
        max_digits=6,
        decimal_places=3,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    cess_rate = models.DecimalField(
        _("cess %"),
        max_digits=6,
        decimal_places=3,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(300))],
    )
    description = models.CharField(_("goods"), max_length=120, blank=True)
    source = models.CharField(
        _("source"), max_length=200, help_text=_("Number and date of the notification, so that it can be looked up.")
    )
    certainty = models.CharField(_("certainty"), max_length=9, choices=Certainty, default=Certainty.CHECKED)

    class Meta:
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        ordering = ["hsn_prefix", "-valid_from", "id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "hsn_prefix",
                "valid_from",
                name="finance_taxrate_unique",
                violation_error_message=_("There is a rate for this HSN from that day already."),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="finance_taxrate_dates",
                violation_error_message=_("A rate ends on or after the day it begins."),
            ),
            models.CheckConstraint(condition=models.Q(rate__gte=0, cess_rate__gte=0), name="finance_taxrate_positive"),
        ]
        indexes = [models.Index("organization", "valid_from", "id", name="finance_taxrate_by_day")]

    def __str__(self) -> str:
        return f"{self.hsn_prefix} · {self.rate.normalize():f}%"


class TaxLine(TenantModel):
    """A taxed line of a document, written when the document is posted. Returns read these and never the document."""

    append_only: ClassVar[bool] = True

    entry = TenantForeignKey(
        "finance.JournalEntry",
        on_delete=models.PROTECT,
        related_name="tax_lines",
        verbose_name=_("entry"),
        db_index=False,
    )
    branch = TenantForeignKey(
        Branch, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch"), db_index=False
    )
    on_date = models.DateField(_("posted on"))
    direction = models.CharField(_("direction"), max_length=3, choices=Direction)
    document_kind = models.CharField(_("document"), max_length=3, choices=TaxDocument)
    document_number = models.CharField(_("number"), max_length=40)
    document_on = models.DateField(_("document date"))
    document_total = models.DecimalField(_("document value"), max_digits=14, decimal_places=2)
    original_number = models.CharField(_("corrects"), max_length=40, blank=True)
    original_on = models.DateField(_("date of the bill"), null=True, blank=True)
    party = TenantForeignKey(
        Party,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("party"),
        db_index=False,
    )
    party_gstin = models.CharField(_("GSTIN"), max_length=15, blank=True)
    registration = models.CharField(_("registration"), max_length=12, choices=Registration, blank=True)
    place_of_supply = models.CharField(_("place of supply"), max_length=2, choices=PLACES_OF_SUPPLY)
    reverse_charge = models.BooleanField(_("reverse charge"), default=False)
    zero_rated = models.BooleanField(_("zero-rated"), default=False)
    creditable = models.BooleanField(_("input credit"), default=True)
    hsn = models.CharField(_("HSN"), max_length=8)
    uqc = models.CharField(_("unit"), max_length=3)
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    rate = models.DecimalField(_("rate %"), max_digits=6, decimal_places=3)
    cess_rate = models.DecimalField(_("cess %"), max_digits=6, decimal_places=3, default=Decimal(0))
    taxable = models.DecimalField(_("taxable value"), max_digits=14, decimal_places=2)
    cgst = models.DecimalField(_("CGST"), max_digits=14, decimal_places=2, default=Decimal(0))
    sgst = models.DecimalField(_("SGST"), max_digits=14, decimal_places=2, default=Decimal(0))
    utgst = models.DecimalField(_("UTGST"), max_digits=14, decimal_places=2, default=Decimal(0))
    igst = models.DecimalField(_("IGST"), max_digits=14, decimal_places=2, default=Decimal(0))
    cess = models.DecimalField(_("cess"), max_digits=14, decimal_places=2, default=Decimal(0))

    class Meta:
        verbose_name = _("tax line")
        verbose_name_plural = _("tax lines")
        ordering = ["-on_date", "-id"]
        indexes = [
            models.Index("organization", "direction", "on_date", "branch", "id", name="finance_taxline_by_day"),
            models.Index("organization", "on_date", "id", name="finance_taxline_newest"),
            models.Index("organization", "entry", name="finance_taxline_entry"),
            models.Index("organization", "party", "on_date", name="finance_taxline_party"),
            models.Index("organization", "branch", name="finance_taxline_branch"),
        ]

    def __str__(self) -> str:
        return f"{self.document_number} · {self.hsn}"
