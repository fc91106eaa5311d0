"""The chart of accounts."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey
from apps.finance.rules.chart import Kind, Nature
from apps.organizations.models import Branch

KINDS = [
    (Kind.ASSET.value, _("Asset")),
    (Kind.LIABILITY.value, _("Liability")),
    (Kind.EQUITY.value, _("Equity")),
    (Kind.INCOME.value, _("Income")),
    (Kind.EXPENSE.value, _("Expense")),
]
NATURES = [
    (Nature.GENERAL.value, _("General")),
    (Nature.CASH.value, _("Cash")),
    (Nature.BANK.value, _("Bank")),
    (Nature.RECEIVABLES.value, _("Receivables, by customer")),
    (Nature.PAYABLES.value, _("Payables, by supplier")),
    (Nature.TAX.value, _("Tax")),
    (Nature.STOCK.value, _("Stock")),
    (Nature.ROUND_OFF.value, _("Round-off")),
]


@audited
class AccountGroup(BusinessModel):
    """A heading of the statements. The codes of the standard groups are those of `rules.chart`."""

    code = models.CharField(_("code"), max_length=10)
    name = models.CharField(_("group name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=KINDS)
    parent = TenantForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("under")
    )

    class Meta:
        verbose_name = _("account group")
        verbose_name_plural = _("account groups")
        ordering = ["code", "id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "code",
                name="finance_accountgroup_code_unique",
                violation_error_message=_("Another group has this code."),
            ),
            models.UniqueConstraint(
                "organization",
                Lower("name"),
                name="finance_accountgroup_name_unique",
                violation_error_message=_("Another group has this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@audited
class Account(BusinessModel):
    """What journal lines debit and credit."""

    code = models.CharField(_("code"), max_length=10)
    name = models.CharField(_("account name"), max_length=80)
    group = TenantForeignKey(AccountGroup, on_delete=models.PROTECT, related_name="accounts", verbose_name=_("group"))
    nature = models.CharField(_("used for"), max_length=12, choices=NATURES, default=Nature.GENERAL.value)
    branch = TenantForeignKey(
        Branch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="accounts",
        verbose_name=_("branch"),
        help_text=_("Only this branch may use it, such as its cash box. Empty for all."),
    )
    role = models.CharField(_("role"), max_length=40, blank=True, editable=False)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["code", "id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "code",
                name="finance_account_code_unique",
                violation_error_message=_("Another account has this code."),
            ),
            models.UniqueConstraint(
                "organization",
                Lower("name"),
                name="finance_account_name_unique",
                violation_error_message=_("Another account has this name."),
            ),
            models.UniqueConstraint(
                "organization", "role", condition=~models.Q(role=""), name="finance_account_role_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name
