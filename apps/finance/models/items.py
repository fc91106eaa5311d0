"""Open items: what each document of a party leaves to be settled, and what settled it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy.models import TenantForeignKey, TenantModel
from apps.finance.rules import drafts
from apps.organizations.models import Branch
from apps.parties.models import Party


class Side(models.TextChoices):
    """The control account."""

    RECEIVABLE = drafts.Side.RECEIVABLE.value, _("To receive")
    PAYABLE = drafts.Side.PAYABLE.value, _("To pay")


class ItemKind(models.TextChoices):
    """What made the item."""

    BILL = drafts.ItemKind.BILL.value, _("Bill")
    OPENING = drafts.ItemKind.OPENING.value, _("Opening balance")
    CREDIT_NOTE = drafts.ItemKind.CREDIT_NOTE.value, _("Credit note")
    DEBIT_NOTE = drafts.ItemKind.DEBIT_NOTE.value, _("Debit note")
    RECEIPT = drafts.ItemKind.RECEIPT.value, _("Receipt")
    PAYMENT = drafts.ItemKind.PAYMENT.value, _("Payment")
    JOURNAL = drafts.ItemKind.JOURNAL.value, _("Journal")
    WRITE_OFF = drafts.ItemKind.WRITE_OFF.value, _("Write-off")
    BOUNCE = drafts.ItemKind.BOUNCE.value, _("Cheque bounced")
    REVERSAL = drafts.ItemKind.REVERSAL.value, _("Reversal")


class OpenItem(TenantModel):
    """One document's share in a party's control account.

    Amounts are signed: more than zero is a debit, the party owes us; less is a credit, we owe the party or hold its
    money on account. `open_amount` moves from `amount` to zero as debits and credits are allocated to one another, and
    nothing else of the row ever changes. So the control account equals the sum of `amount` as well as of `open_amount`.
    """

    party = TenantForeignKey(
        Party, on_delete=models.PROTECT, related_name="open_items", verbose_name=_("party"), db_index=False
    )
    branch = TenantForeignKey(
        Branch, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch"), db_index=False
    )
    entry = TenantForeignKey(
        "finance.JournalEntry",
        on_delete=models.PROTECT,
        related_name="open_items",
        verbose_name=_("entry"),
        db_index=False,
    )
    side = models.CharField(_("side"), max_length=10, choices=Side)
    kind = models.CharField(_("document"), max_length=12, choices=ItemKind)
    number = models.CharField(_("number"), max_length=40)
    on_date = models.DateField(_("date"))
    # The document's own date, where it is older than the entry: brought in, or a supplier's bill entered later.
    document_on = models.DateField(_("document date"))
    due_on = models.DateField(_("due"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    open_amount = models.DecimalField(_("open"), max_digits=14, decimal_places=2)
    # The same in whole paise: sums over everything that is open cost half as much.
    open_paise = models.GeneratedField(
        expression=Cast(F("open_amount") * 100, models.BigIntegerField()),
        output_field=models.BigIntegerField(),
        db_persist=True,
        verbose_name=_("open, paise"),
    )

    class Meta:
        verbose_name = _("open item")
        verbose_name_plural = _("open items")
        ordering = ["due_on", "id"]
        constraints = [
            # The belt: whatever an operation got wrong, nothing is ever settled beyond what it is.
            models.CheckConstraint(
                condition=Q(amount__gt=0, open_amount__gte=0, open_amount__lte=F("amount"))
                | Q(amount__lt=0, open_amount__lte=0, open_amount__gte=F("amount")),
                name="finance_openitem_within_amount",
            )
        ]
        indexes = [
            # Ageing, exposure and the list of open items read only this one, never the table.
            models.Index(
                "organization",
                "party",
                "side",
                "due_on",
                "id",
                include=["open_amount", "open_paise"],
                condition=~Q(open_amount=0),
                name="finance_openitem_open",
            ),
            # The list by due date.
            models.Index(
                "organization", "side", "due_on", "id", condition=~Q(open_amount=0), name="finance_openitem_due"
            ),
            # A party's ledger with its running balance.
            models.Index(
                "organization",
                "party",
                "side",
                "on_date",
                "id",
                include=["amount"],
                name="finance_openitem_ledger",
            ),
            # The palette finds bills brought in by their number; those of upper rooms have pages of their own.
            models.Index("organization", "number", "id", condition=Q(kind="opening"), name="finance_openitem_opening"),
            models.Index("organization", "entry", name="finance_openitem_entry"),
            models.Index("organization", "branch", name="finance_openitem_branch"),
        ]

    def __str__(self) -> str:
        return self.number


class Allocation(TenantModel):
    """So much of a credit settles so much of a debit of the same party. Undone by a row with the amount negative."""

    append_only: ClassVar[bool] = True

    debit = TenantForeignKey(
        OpenItem, on_delete=models.PROTECT, related_name="settled_by", verbose_name=_("debit"), db_index=False
    )
    credit = TenantForeignKey(
        OpenItem, on_delete=models.PROTECT, related_name="settles", verbose_name=_("credit"), db_index=False
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    on_date = models.DateField(_("date"))
    undoes = TenantForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="undone_by",
        verbose_name=_("undoes"),
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
    moment = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint("organization", "undoes", name="finance_allocation_undone_once"),
            models.CheckConstraint(
                condition=Q(undoes__isnull=True, amount__gt=0) | Q(undoes__isnull=False, amount__lt=0),
                name="finance_allocation_sign",
            ),
        ]
        indexes = [
            # What was open on a past day: all that was settled after it.
            models.Index(
                "organization", "on_date", include=["debit", "credit", "amount"], name="finance_allocation_day"
            ),
            models.Index("organization", "debit", "id", name="finance_allocation_debit"),
            models.Index("organization", "credit", "id", name="finance_allocation_credit"),
        ]

    def __str__(self) -> str:
        return f"{self.credit} → {self.debit}"


class WriteOff(TenantModel):
    """The rest of an item that nobody will pay, taken to the accounts."""

    append_only: ClassVar[bool] = True

    item = TenantForeignKey(
        OpenItem, on_delete=models.PROTECT, related_name="write_offs", verbose_name=_("item"), db_index=False
    )
    entry = TenantForeignKey(
        "finance.JournalEntry", on_delete=models.PROTECT, related_name="+", verbose_name=_("entry"), db_index=False
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    on_date = models.DateField(_("date"))
    reason = models.CharField(_("reason"), max_length=200)
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
        verbose_name = _("write-off")
        verbose_name_plural = _("write-offs")
        ordering = ["-id"]
        indexes = [
            models.Index("organization", "item", name="finance_writeoff_item"),
            models.Index("organization", "entry", name="finance_writeoff_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.item} · {self.amount}"
