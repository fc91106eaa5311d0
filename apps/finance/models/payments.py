"""Receipts and payments, the cheques among them, and how the organization collects."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey, TenantModel
from apps.finance.models.items import OpenItem, Side
from apps.finance.rules.states import CHEQUE, PAYMENT, transitions
from apps.organizations.models import Branch
from apps.parties.models import Party


class PaymentKind(models.TextChoices):
    """Which way the money went."""

    RECEIPT = "receipt", _("Receipt")
    PAYMENT = "payment", _("Payment")


class Mode(models.TextChoices):
    """How it was paid."""

    CASH = "cash", _("Cash")
    UPI = "upi", _("UPI")
    BANK = "bank", _("NEFT")
    CHEQUE = "cheque", _("Cheque")
    CARD = "card", _("Card")


class PaymentState(models.TextChoices):
    """`waiting`: a post-dated cheque that is in no account yet."""

    WAITING = "waiting", _("Post-dated")
    POSTED = "posted", _("Posted")
    BOUNCED = "bounced", _("Bounced")
    UNDONE = "undone", _("Undone")


@audited
class Payment(BusinessModel):
    """Money received from a party or paid to one. A `discount` comes on top and settles as money does."""

    kind = models.CharField(_("kind"), max_length=8, choices=PaymentKind)
    number = models.CharField(_("number"), max_length=16)
    branch = TenantForeignKey(
        Branch, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch"), db_index=False
    )
    party = TenantForeignKey(
        Party, on_delete=models.PROTECT, related_name="payments", verbose_name=_("party"), db_index=False
    )
    on_date = models.DateField(_("date"))
    mode = models.CharField(_("paid by"), max_length=6, choices=Mode)
    account = TenantForeignKey(
        "finance.Account",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("cash or bank account"),
        db_index=False,
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    side = models.CharField(_("settles"), max_length=10, choices=Side)
    discount = models.DecimalField(_("discount"), max_digits=14, decimal_places=2, default=Decimal(0))
    # Deducted at source: by us from a payment, by the customer from a receipt. It settles as money does.
    tds = models.DecimalField(_("TDS"), max_digits=14, decimal_places=2, default=Decimal(0))
    tds_code = models.CharField(_("nature of payment"), max_length=20, blank=True)
    reference = models.CharField(_("reference"), max_length=40, blank=True)
    narration = models.CharField(_("narration"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=PaymentState, default=PaymentState.POSTED)
    # Sent twice, a request makes one payment.
    key = models.CharField(max_length=64, blank=True, editable=False)
    entry = TenantForeignKey(
        "finance.JournalEntry",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entry"),
        db_index=False,
    )
    item = TenantForeignKey(
        OpenItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        verbose_name=_("open item"),
        db_index=False,
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-on_date", "-id"]
        constraints = [
            models.UniqueConstraint("organization", "key", condition=~Q(key=""), name="finance_payment_key_unique"),
            models.UniqueConstraint(
                "organization",
                "kind",
                "mode",
                Upper("reference"),
                condition=~Q(reference="") & ~Q(state="undone") & Q(mode__in=["upi", "bank"]),
                name="finance_payment_reference_unique",
                violation_error_message=_("A payment with this reference is entered already."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, discount__gte=0, tds__gte=0), name="finance_payment_positive"
            ),
        ]
        indexes = [
            models.Index("organization", "on_date", "id", name="finance_payment_newest"),
            models.Index("organization", "party", "on_date", "id", name="finance_payment_party"),
            models.Index("organization", "number", name="finance_payment_number"),
            models.Index("organization", "amount", "id", name="finance_payment_amount"),
            models.Index("organization", "entry", name="finance_payment_entry"),
            models.Index("organization", "item", name="finance_payment_item"),
            models.Index("organization", "account", name="finance_payment_account"),
            models.Index("organization", "branch", name="finance_payment_branch"),
        ]
        triggers = [pgtrigger.FSM(name="state_moves", field="state", transitions=transitions(PAYMENT))]

    def __str__(self) -> str:
        return self.number

    @property
    def total(self) -> Decimal:
        """What it settles: money, discount and tax deducted at source."""
        return self.amount + self.discount + self.tds


class ChequeState(models.TextChoices):
    """Where a cheque is. `waiting` is post-dated and in no account; ours are `presented` once handed over."""

    WAITING = "waiting", _("Post-dated")
    HELD = "held", _("In hand")
    PRESENTED = "presented", _("Deposited")
    CLEARED = "cleared", _("Cleared")
    BOUNCED = "bounced", _("Bounced")
    RETURNED = "returned", _("Given back")


@audited
class Cheque(BusinessModel):
    """A cheque behind a payment: one received, or one of ours."""

    payment = TenantForeignKey(
        Payment, on_delete=models.PROTECT, related_name="cheques", verbose_name=_("payment"), db_index=False
    )
    party = TenantForeignKey(
        Party, on_delete=models.PROTECT, related_name="cheques", verbose_name=_("party"), db_index=False
    )
    kind = models.CharField(_("kind"), max_length=8, choices=PaymentKind)
    number = models.CharField(
        _("cheque number"), max_length=6, validators=[RegexValidator(r"^\d{6}$", _("A cheque number has 6 digits."))]
    )
    bank = models.CharField(_("bank"), max_length=60, blank=True)
    cheque_on = models.DateField(_("cheque date"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    state = models.CharField(_("state"), max_length=9, choices=ChequeState, default=ChequeState.WAITING)
    presentations = models.PositiveSmallIntegerField(_("times deposited"), default=0, editable=False)
    presented_on = models.DateField(_("deposited"), null=True, blank=True)
    cleared_on = models.DateField(_("cleared"), null=True, blank=True)
    bounced_on = models.DateField(_("bounced"), null=True, blank=True)
    bounce_reason = models.CharField(_("reason"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("cheque")
        verbose_name_plural = _("cheques")
        ordering = ["cheque_on", "id"]
        constraints = [
            models.UniqueConstraint("organization", "payment", name="finance_cheque_payment_unique"),
            models.UniqueConstraint(
                "organization",
                "kind",
                "party",
                Upper("bank"),
                "number",
                condition=~Q(state="returned"),
                name="finance_cheque_unique",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="finance_cheque_positive"),
        ]
        indexes = [
            models.Index("organization", "cheque_on", "id", name="finance_cheque_by_day"),
            models.Index("organization", "state", "cheque_on", "id", name="finance_cheque_by_state"),
            # Exposure: what may still bounce.
            models.Index(
                "organization",
                "party",
                include=["amount", "state", "kind"],
                condition=Q(state__in=["waiting", "held", "presented"]),
                name="finance_cheque_uncleared",
            ),
        ]
        triggers = [pgtrigger.FSM(name="state_moves", field="state", transitions=transitions(CHEQUE))]

    def __str__(self) -> str:
        return self.number


@audited
class CollectionTerms(BusinessModel):
    """How the organization collects: one row each. Rates and days are a decision of the owner, so nothing is fixed."""

    interest_rate = models.DecimalField(
        _("interest on late bills, % a year"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
        help_text=_("0 charges none."),
    )
    grace_days = models.PositiveSmallIntegerField(
        _("days of grace"),
        default=0,
        validators=[MaxValueValidator(90)],
        help_text=_("Not charged after the due date."),
    )
    reminder_days = models.PositiveSmallIntegerField(
        _("days between reminders"), default=7, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    first_bucket = models.PositiveSmallIntegerField(_("first step, days"), default=15)
    second_bucket = models.PositiveSmallIntegerField(_("second step, days"), default=30)
    third_bucket = models.PositiveSmallIntegerField(_("third step, days"), default=60)
    fourth_bucket = models.PositiveSmallIntegerField(_("fourth step, days"), default=90)
    upi_id = models.CharField(
        _("UPI ID"),
        max_length=60,
        blank=True,
        validators=[RegexValidator(r"^[A-Za-z0-9._-]{2,}@[A-Za-z0-9.-]{2,}$", _("A UPI ID reads like name@bank."))],
        help_text=_("Statements and dues then carry a QR code for the amount."),
    )

    class Meta:
        verbose_name = _("collection terms")
        verbose_name_plural = _("collection terms")
        constraints = [
            models.UniqueConstraint("organization", name="finance_collectionterms_unique"),
            models.CheckConstraint(
                condition=Q(
                    first_bucket__gte=1,
                    second_bucket__gt=F("first_bucket"),
                    third_bucket__gt=F("second_bucket"),
                    fourth_bucket__gt=F("third_bucket"),
                ),
                name="finance_collectionterms_rise",
                violation_error_message=_("The steps must rise: 15, 30, 60, 90."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("collection terms"))

    @property
    def edges(self) -> tuple[int, int, int, int]:
        """Last days of the buckets of ageing."""
        return (self.first_bucket, self.second_bucket, self.third_bucket, self.fourth_bucket)


class Reminder(TenantModel):
    """That a party was reminded of what is overdue, and how much that was."""

    append_only: ClassVar[bool] = True

    party = TenantForeignKey(
        Party, on_delete=models.PROTECT, related_name="reminders", verbose_name=_("party"), db_index=False
    )
    on_date = models.DateField(_("date"))
    overdue = models.DecimalField(_("overdue"), max_digits=14, decimal_places=2)
    email = models.EmailField(_("sent to"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("by"),
    )
    moment = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-id"]
        indexes = [models.Index("organization", "party", "on_date", name="finance_reminder_party")]

    def __str__(self) -> str:
        return f"{self.party} · {self.on_date}"
