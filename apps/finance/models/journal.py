"""The journal: entries and their lines. Neither is ever changed; a mistake is reversed."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Func
from django.db.models.functions import Cast, Now
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy.models import TenantForeignKey, TenantModel
from apps.finance.models.account import Account
from apps.finance.models.period import FinancialYear
from apps.organizations.models import Branch
from apps.parties.models import Party


class JournalEntry(TenantModel):
    """What one document does to the books.

    The database holds it to be balanced, of at least two lines, and complete at commit: a deferred constraint compares
    `amount` and `line_count` with the lines, and lines are only taken from the transaction that made the entry.
    """

    append_only: ClassVar[bool] = True

    branch = TenantForeignKey(
        Branch, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch"), db_index=False
    )
    on_date = models.DateField(_("date"))
    financial_year = TenantForeignKey(
        FinancialYear,
        on_delete=models.PROTECT,
        related_name="entries",
        verbose_name=_("financial year"),
        db_index=False,
    )
    source_kind = models.CharField(_("document kind"), max_length=40)
    source_id = models.BigIntegerField(_("document"))
    # What of the document it is: "main", "cost", a reversal. With the document it makes a retry harmless.
    entry_kind = models.CharField(_("part"), max_length=40, default="main")
    number = models.CharField(_("number"), max_length=40, blank=True)
    narration = models.CharField(_("narration"), max_length=300, blank=True)
    party = TenantForeignKey(
        Party, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("party"), db_index=False
    )
    reverses = TenantForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="reversed_by", verbose_name=_("reverses")
    )
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    line_count = models.PositiveSmallIntegerField(_("lines"))
    # The year's result carried to reserves; statements of the year itself leave these out.
    closing = models.BooleanField(_("closing entry"), default=False)
    over_lock = models.BooleanField(_("posted over a soft lock"), default=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("posted by"),
        db_index=False,
    )
    moment = models.DateTimeField(_("posted"), db_default=Now())
    # The transaction that wrote it; only that one may write its lines.
    txid = models.BigIntegerField(
        _("transaction"),
        editable=False,
        db_default=Cast(Cast(Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField()),
    )

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        ordering = ["-on_date", "-id"]
        constraints = [
            models.UniqueConstraint(
                "organization", "source_kind", "source_id", "entry_kind", name="finance_journalentry_source_unique"
            ),
            models.UniqueConstraint(
                "organization",
                "reverses",
                condition=models.Q(reverses__isnull=False),
                name="finance_journalentry_reversed_once",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, line_count__gte=2), name="finance_journalentry_not_empty"
            ),
        ]
        indexes = [
            models.Index("organization", "on_date", "id", name="finance_entry_by_date"),
            models.Index("organization", "number", name="finance_entry_by_number"),
            models.Index(
                "organization",
                "financial_year",
                name="finance_entry_closing",
                condition=models.Q(closing=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"


class JournalLine(TenantModel):
    """One debit or credit. Date and branch are the entry's, repeated so that one index answers for an account."""

    append_only: ClassVar[bool] = True

    entry = TenantForeignKey(
        JournalEntry, on_delete=models.PROTECT, related_name="lines", verbose_name=_("entry"), db_index=False
    )
    position = models.PositiveSmallIntegerField(_("line"))
    account = TenantForeignKey(
        Account, on_delete=models.PROTECT, related_name="lines", verbose_name=_("account"), db_index=False
    )
    branch = TenantForeignKey(
        Branch, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch"), db_index=False
    )
    on_date = models.DateField(_("date"))
    party = TenantForeignKey(
        Party, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("party"), db_index=False
    )
    debit = models.DecimalField(_("debit"), max_digits=18, decimal_places=2, default=Decimal(0))
    credit = models.DecimalField(_("credit"), max_digits=18, decimal_places=2, default=Decimal(0))
    narration = models.CharField(_("narration"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("journal line")
        verbose_name_plural = _("journal lines")
        ordering = ["entry", "position"]
        constraints = [
            models.UniqueConstraint("organization", "entry", "position", name="finance_journalline_position_unique"),
            models.CheckConstraint(
                condition=models.Q(debit__gt=0, credit=0) | models.Q(debit=0, credit__gt=0),
                name="finance_journalline_one_side",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "account", "on_date", "id"],
                include=["debit", "credit", "branch"],
                name="finance_line_by_account",
            ),
            models.Index(
                fields=["organization", "party", "on_date", "id"],
                name="finance_line_by_party",
                condition=models.Q(party__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}/{self.position}"
