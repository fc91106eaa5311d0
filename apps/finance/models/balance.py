"""Sums of the journal, kept so that no statement reads every line.

Each posting adds `BalanceDelta` rows, never touching a row that another posting may hold; a task folds them into
`PeriodBalance`. Whoever reads adds both up in one statement and so sees every committed entry, folded or not.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy.models import TenantForeignKey, TenantModel
from apps.finance.models.account import Account
from apps.organizations.models import Branch


class BalanceDelta(TenantModel):
    """What one entry does to one account, until it is folded."""

    account = TenantForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", verbose_name=_("account"), db_index=False
    )
    branch = TenantForeignKey(
        Branch, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch"), db_index=False
    )
    on_date = models.DateField(_("date"))
    debit = models.DecimalField(_("debit"), max_digits=18, decimal_places=2)
    credit = models.DecimalField(_("credit"), max_digits=18, decimal_places=2)

    class Meta:
        verbose_name = _("balance to be folded")
        verbose_name_plural = _("balances to be folded")
        ordering = ["id"]
        indexes = [models.Index("organization", "account", name="finance_delta_by_account")]

    def __str__(self) -> str:
        return f"{self.account_id} · {self.on_date}"


class PeriodBalance(TenantModel):
    """Debits and credits of an account at a branch in a calendar year, month or day, as far as folded."""

    class Span(models.TextChoices):
        YEAR = "y", _("Year")
        MONTH = "m", _("Month")
        DAY = "d", _("Day")

    span = models.CharField(_("span"), max_length=1, choices=Span)
    starts_on = models.DateField(_("first day"))
    account = TenantForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", verbose_name=_("account"), db_index=False
    )
    branch = TenantForeignKey(
        Branch, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch"), db_index=False
    )
    debit = models.DecimalField(_("debit"), max_digits=18, decimal_places=2, default=Decimal(0))
    credit = models.DecimalField(_("credit"), max_digits=18, decimal_places=2, default=Decimal(0))

    class Meta:
        verbose_name = _("period balance")
        verbose_name_plural = _("period balances")
        ordering = ["span", "starts_on", "account"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "span", "starts_on", "account", "branch"],
                include=["debit", "credit"],
                name="finance_periodbalance_unique",
            )
        ]
        indexes = [models.Index("organization", "account", "span", "starts_on", name="finance_balance_by_account")]

    def __str__(self) -> str:
        return f"{self.account_id} · {self.starts_on}"
