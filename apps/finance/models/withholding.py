"""Income tax at the till and in the books: rates of tax deducted at source, what was deducted, limits of cash."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey, TenantModel
from apps.finance.rules import cash_limits, certainty
from apps.organizations.models import Branch
from apps.parties.models import Party


class Certainty(models.TextChoices):
    """Where a rate or a limit was taken from."""

    CHECKED = certainty.Certainty.CHECKED.value, _("Looked up")
    PUBLISHED = certainty.Certainty.PUBLISHED.value, _("From published tables")
    TRADE = certainty.Certainty.TRADE.value, _("Trade knowledge, look it up")


class CashWay(models.TextChoices):
    """Which way the cash goes."""

    RECEIPT = cash_limits.CashWay.RECEIPT.value, _("Cash received from one person")
    PAYMENT = cash_limits.CashWay.PAYMENT.value, _("Cash paid to one person")


class OnBreach(models.TextChoices):
    """What happens when the limit is passed."""

    REFUSE = cash_limits.OnBreach.REFUSE.value, _("Refuse")
    WARN = cash_limits.OnBreach.WARN.value, _("Warn, and take it when confirmed")


def _per_cent(label: Any, **given: Any) -> models.DecimalField[Decimal, Decimal]:
    checks = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]
    return models.DecimalField(label, max_digits=6, decimal_places=3, validators=checks, **given)


def _limit(label: Any, **given: Any) -> models.DecimalField[Decimal | None, Decimal | None]:
    return models.DecimalField(
        label,
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        **given,
    )


@audited
class TdsRate(BusinessModel):
    """What is deducted at source from a nature of payment, from a day on."""

    code = models.CharField(
        _("nature"),
        max_length=20,
        validators=[RegexValidator(r"^[a-z_]{2,20}$", _("2 to 20 small letters, such as rent_land."))],
        help_text=_("The same word in every row of one nature of payment."),
    )
    description = models.CharField(_("payment for"), max_length=80)
    section = models.CharField(_("section"), max_length=20)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True, help_text=_("Leave empty until further notice."))
    rate = _per_cent(_("rate %"))
    rate_individual = _per_cent(_("rate % for individuals and HUFs"))
    rate_without_pan = _per_cent(_("rate % without PAN"), default=Decimal(20))
    single_limit = _limit(_("over, in one payment"))
    year_limit = _limit(_("over, in a financial year"), help_text=_("Empty: from the first rupee."))
    excess_only = models.BooleanField(_("only what is over the year's limit"), default=False)
    source = models.CharField(_("source"), max_length=200)
    certainty = models.CharField(_("certainty"), max_length=9, choices=Certainty, default=Certainty.CHECKED)

    class Meta:
        verbose_name = _("TDS rate")
        verbose_name_plural = _("TDS rates")
        ordering = ["code", "-valid_from", "id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "code",
                "valid_from",
                name="finance_tdsrate_unique",
                violation_error_message=_("There is a rate for this payment from that day already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="finance_tdsrate_dates",
                violation_error_message=_("A rate ends on or after the day it begins."),
            ),
            models.CheckConstraint(
                condition=Q(rate__gte=0, rate_individual__gte=0, rate_without_pan__gte=0),
                name="finance_tdsrate_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section} · {self.description}"


class TdsLine(TenantModel):
    """What was paid or credited under a nature of payment, and what was deducted. Returns and limits read these."""

    append_only: ClassVar[bool] = True

    entry = TenantForeignKey(
        "finance.JournalEntry", on_delete=models.PROTECT, related_name="+", verbose_name=_("entry"), db_index=False
    )
    branch = TenantForeignKey(
        Branch, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch"), db_index=False
    )
    party = TenantForeignKey(Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("party"), db_index=False)
    on_date = models.DateField(_("date"))
    # Deducted by us from what we pay, or by a customer from what we receive.
    by_us = models.BooleanField(_("deducted by us"))
    code = models.CharField(_("nature"), max_length=20)
    section = models.CharField(_("section"), max_length=20)
    pan = models.CharField(_("PAN"), max_length=10, blank=True)
    amount = models.DecimalField(_("paid or credited"), max_digits=14, decimal_places=2)
    base = models.DecimalField(_("taxed"), max_digits=14, decimal_places=2)
    rate = models.DecimalField(_("rate %"), max_digits=6, decimal_places=3)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("TDS line")
        verbose_name_plural = _("TDS lines")
        ordering = ["-on_date", "-id"]
        indexes = [
            models.Index("organization", "on_date", "id", name="finance_tdsline_newest"),
            models.Index(
                "organization", "party", "code", "on_date", include=["amount", "base"], name="finance_tdsline_party"
            ),
            models.Index("organization", "entry", name="finance_tdsline_entry"),
            models.Index("organization", "branch", name="finance_tdsline_branch"),
        ]

    def __str__(self) -> str:
        return f"{self.section} · {self.tax}"


@audited
class CashLimit(BusinessModel):
    """How much cash one person may bring, or be paid, in a day; by date."""

    way = models.CharField(_("cash"), max_length=7, choices=CashWay)
    amount = models.DecimalField(
        _("limit in a day"), max_digits=14, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    when_reached = models.BooleanField(
        _("the limit itself is too much"), default=False, help_text=_("“Two lakh or more”, and not “over two lakh”.")
    )
    on_breach = models.CharField(_("when it is passed"), max_length=6, choices=OnBreach)
    section = models.CharField(_("section"), max_length=20)
    consequence = models.CharField(_("what follows"), max_length=120, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True, help_text=_("Leave empty until further notice."))
    source = models.CharField(_("source"), max_length=200)
    certainty = models.CharField(_("certainty"), max_length=9, choices=Certainty, default=Certainty.CHECKED)

    class Meta:
        verbose_name = _("limit of cash")
        verbose_name_plural = _("limits of cash")
        ordering = ["way", "-valid_from", "id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "way",
                "valid_from",
                name="finance_cashlimit_unique",
                violation_error_message=_("There is a limit from that day already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="finance_cashlimit_dates",
                violation_error_message=_("A limit ends on or after the day it begins."),
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="finance_cashlimit_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()} · {self.section}"
