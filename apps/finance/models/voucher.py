"""Vouchers made by hand: a draft until somebody posts it, then the paper that explains an entry."""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey, TenantModel
from apps.finance.models.account import Account
from apps.finance.rules.states import VOUCHER, transitions
from apps.organizations.models import Branch
from apps.parties.models import Party


@audited
class BookSettings(BusinessModel):
    """How an organization keeps its books. There is at most one row."""

    approval_limit = models.DecimalField(
        _("approval above"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Vouchers over this amount wait for somebody who may approve them. Empty for none."),
    )

    class Meta:
        verbose_name = _("settings of the books")
        verbose_name_plural = _("settings of the books")
        constraints = [models.UniqueConstraint("organization", name="finance_booksettings_one")]

    def __str__(self) -> str:
        return str(_("Settings of the books"))


@audited
class Voucher(BusinessModel):
    """An entry made by hand. Its number is taken when it is posted, so that drafts leave no gap."""

    class Kind(models.TextChoices):
        PAYMENT = "payment", _("Payment")
        RECEIPT = "receipt", _("Receipt")
        CONTRA = "contra", _("Contra")
        JOURNAL = "journal", _("Journal")
        DEBIT_NOTE = "debit_note", _("Debit note")
        CREDIT_NOTE = "credit_note", _("Credit note")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        WAITING = "waiting", _("Waiting for approval")
        POSTED = "posted", _("Posted")
        REVERSED = "reversed", _("Reversed")

    kind = models.CharField(_("voucher"), max_length=12, choices=Kind)
    branch = TenantForeignKey(Branch, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch"))
    on_date = models.DateField(_("date"))
    number = models.CharField(_("number"), max_length=20, blank=True, editable=False)
    narration = models.CharField(_("narration"), max_length=300, blank=True)
    reference = models.CharField(_("reference"), max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, default=Decimal(0), editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("made by"),
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("approved by"),
    )

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        ordering = ["-on_date", "-id"]
        indexes = [
            models.Index("organization", "on_date", "id", name="finance_voucher_by_date"),
            models.Index("organization", "state", "id", name="finance_voucher_by_state"),
            # No constraint: a series whose prefix does not name its year begins again with each year.
            models.Index("organization", "number", "id", name="finance_voucher_by_number"),
        ]
        triggers = [pgtrigger.FSM(name="state_moves", field="state", transitions=transitions(VOUCHER))]

    def __str__(self) -> str:
        return self.number or str(_("Draft %(id)s") % {"id": self.pk})


class VoucherLine(TenantModel):
    """A line as typed; a draft's may still lack its account or its amount."""

    voucher = TenantForeignKey(Voucher, on_delete=models.CASCADE, related_name="lines", verbose_name=_("voucher"))
    position = models.PositiveSmallIntegerField(_("line"))
    account = TenantForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="voucher_lines", verbose_name=_("account")
    )
    party = TenantForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("party"))
    debit = models.DecimalField(_("debit"), max_digits=18, decimal_places=2, default=Decimal(0))
    credit = models.DecimalField(_("credit"), max_digits=18, decimal_places=2, default=Decimal(0))
    narration = models.CharField(_("narration"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("voucher line")
        verbose_name_plural = _("voucher lines")
        ordering = ["voucher", "position"]
        constraints = [
            models.UniqueConstraint("organization", "voucher", "position", name="finance_voucherline_position_unique")
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id}/{self.position}"
