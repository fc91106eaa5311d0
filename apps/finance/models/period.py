"""Financial years, and up to when the books are shut."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey
from apps.finance.rules.states import YEAR, transitions
from apps.organizations.models import Branch


@audited
class FinancialYear(BusinessModel):
    """A year of the books. Nothing is posted into one that is closed, or that is not there."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN, editable=False)
    # How often it was closed: each closing is an entry of its own.
    closings = models.PositiveSmallIntegerField(_("times closed"), default=0, editable=False)
    reason = models.CharField(_("reason for opening it again"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("financial year")
        verbose_name_plural = _("financial years")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.UniqueConstraint("organization", "starts_on", name="finance_financialyear_unique"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="finance_financialyear_dates"
            ),
        ]
        triggers = [pgtrigger.FSM(name="state_moves", field="state", transitions=transitions(YEAR))]

    def __str__(self) -> str:
        first, last = self.starts_on.year, self.ends_on.year
        return str(first) if first == last else f"{first}-{last % 100:02d}"


@audited
class PeriodLock(BusinessModel):
    """Up to which day a part of the books takes no more entries, and why."""

    class Module(models.TextChoices):
        ALL = "all", _("Everything")
        SALES = "sales", _("Sales")
        PURCHASES = "purchases", _("Purchases")
        STOCK = "stock", _("Stock")
        PAYMENTS = "payments", _("Receipts and payments")
        PAYROLL = "payroll", _("Payroll")
        JOURNAL = "journal", _("Vouchers by hand")

    module = models.CharField(_("part of the books"), max_length=10, choices=Module, default=Module.ALL)
    branch = TenantForeignKey(
        Branch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="period_locks",
        verbose_name=_("branch"),
        help_text=_("Empty for all branches."),
    )
    locked_to = models.DateField(_("locked up to"), help_text=_("This day and all before it."))
    hard = models.BooleanField(
        _("hard lock"),
        default=False,
        help_text=_("Nobody posts before the lock is moved. Without it, whoever may lock periods may still post."),
    )
    reason = models.CharField(_("reason"), max_length=200, help_text=_("Shown to whoever is refused."))

    class Meta:
        verbose_name = _("period lock")
        verbose_name_plural = _("period locks")
        ordering = ["-locked_to", "-id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "module",
                "branch",
                name="finance_periodlock_unique",
                nulls_distinct=False,
                violation_error_message=_("This part of the books has a lock already. Change that one."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_module_display()} · {self.locked_to:%d %b %Y}"
