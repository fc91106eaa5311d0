"""Goods that customers send back, and the credit notes for them.

A draft is filled by scanning and saves itself. Once posted, the database refuses every change.
"""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey, TenantModel
from apps.inventory.models import Place
from apps.organizations.models import Branch, Membership
from apps.parties.models import Party
from apps.sales.models.bill import rupees
from apps.sales.models.line import BillPick
from apps.sales.rules.returns import MOVES, NoteKind, ReturnState, Why


class SalesReturnState(models.TextChoices):
    """How far a return is (`rules.returns` says what may follow)."""

    DRAFT = ReturnState.DRAFT.value, _("Draft")
    POSTED = ReturnState.POSTED.value, _("Posted")


class CreditKind(models.TextChoices):
    """Whether the note adjusts the tax (section 34, CGST Act), or is commercial and outside the returns."""

    GST = NoteKind.GST.value, _("Credit note")
    COMMERCIAL = NoteKind.COMMERCIAL.value, _("Credit note without tax")


class ReturnReason(models.TextChoices):
    """Why goods came back, which says where they go."""

    SALEABLE = Why.SALEABLE.value, _("Saleable")
    BREAKAGE = Why.BREAKAGE.value, _("Breakage")
    EXPIRY = Why.EXPIRY.value, _("Expiry")


_KEPT = """
IF OLD.state = 'posted' THEN
    RAISE EXCEPTION 'Credit note % is posted: it stays as it is.', OLD.number USING ERRCODE = 'restrict_violation';
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
RETURN NEW;
"""
_BORN_A_DRAFT = """
IF NEW.state <> 'draft' THEN
    RAISE EXCEPTION 'A return begins as a draft, not as %.', NEW.state USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""
_OF_POSTED = """
IF EXISTS (
    SELECT FROM {rows} r JOIN sales_salesreturn s ON s.organization_id = r.organization_id AND s.id = r.note_id
    WHERE s.state = 'posted'
) THEN
    RAISE EXCEPTION 'Lines of a posted credit note stay as they are.' USING ERRCODE = 'restrict_violation';
END IF;
RETURN NULL;
"""


def _lines_kept() -> list[pgtrigger.Trigger]:
    """No line comes to, changes in or leaves a posted note. For whole statements."""

    def kept(name: str, operation: Any, rows: str, **named: str) -> pgtrigger.Trigger:
        return pgtrigger.Trigger(
            name=name,
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=pgtrigger.Referencing(**named),  # type: ignore[no-untyped-call]
            func=_OF_POSTED.format(rows=rows),
        )

    both = "(SELECT organization_id, note_id FROM added UNION SELECT organization_id, note_id FROM removed)"
    return [
        kept("added_to_draft", pgtrigger.Insert, "added", new="added"),
        kept("changed_in_draft", pgtrigger.Update, both, old="removed", new="added"),
        kept("removed_from_draft", pgtrigger.Delete, "removed", old="removed"),
    ]


# Figures and version move with every scan; from the posting on they are history in the journal.
@audited(exclude=["version", "taxable", "cgst", "state_tax", "igst", "round_off", "total", "cost", "touched_at"])
class SalesReturn(BusinessModel):
    """Goods taken back from a customer. Its number is the credit note's, taken when it is posted."""

    branch = TenantForeignKey(
        Branch, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch"), db_index=False
    )
    customer = TenantForeignKey(
        Party, on_delete=models.PROTECT, related_name="sales_returns", verbose_name=_("customer"), db_index=False
    )
    on_date = models.DateField(_("date"))
    state = models.CharField(
        _("state"), max_length=6, choices=SalesReturnState, default=SalesReturnState.DRAFT, editable=False
    )
    kind = models.CharField(_("document"), max_length=10, choices=CreditKind, default=CreditKind.GST, editable=False)
    number = models.CharField(_("number"), max_length=16, blank=True, editable=False)
    financial_year = models.PositiveSmallIntegerField(_("financial year"), null=True, editable=False)
    note = models.CharField(_("note"), max_length=200, blank=True)

    # Of the bills: what they bore, this takes back.
    place_of_supply = models.CharField(_("place of supply"), max_length=2, blank=True, editable=False)
    levy = models.CharField(_("taxes"), max_length=9, blank=True, editable=False)
    zero_rated = models.BooleanField(_("zero-rated"), default=False, editable=False)
    reverse_charge = models.BooleanField(_("reverse charge"), default=False, editable=False)
    registration = models.CharField(_("registration"), max_length=12, blank=True, editable=False)
    gstin = models.CharField(_("GSTIN"), max_length=15, blank=True, editable=False)
    # What the paper says of both sides, as it was then: `rules.particulars` has its form.
    particulars = models.JSONField(default=dict, editable=False)

    taxable = rupees(_("taxable value"))
    cgst = rupees(_("CGST"))
    state_tax = rupees(_("SGST or UTGST"))
    igst = rupees(_("IGST"))
    round_off = rupees(_("round-off"), 6)
    total = rupees(_("total"))
    cost = rupees(_("cost of goods"))

    made_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    touched_at = models.DateTimeField(_("saved"), auto_now=True)
    posted_at = models.DateTimeField(_("posted"), null=True, editable=False)
    posted_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )

    class Meta:
        verbose_name = _("sales return")
        verbose_name_plural = _("sales returns")
        ordering = ["-on_date", "-id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "financial_year",
                "branch",
                "number",
                condition=~Q(number=""),
                name="sales_return_number_unique",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", number="")
                | (Q(state="posted", financial_year__isnull=False) & ~Q(number="")),
                name="sales_return_numbered_once_posted",
            ),
            models.CheckConstraint(
                condition=Q(
                    total=F("taxable") + F("cgst") + F("state_tax") + F("igst") + F("round_off"),
                )
                | Q(state="draft"),
                name="sales_return_sums",
            ),
        ]
        indexes = [
            models.Index("organization", "on_date", "id", name="sales_return_by_date"),
            models.Index("organization", "customer", "on_date", "id", name="sales_return_by_customer"),
            models.Index("organization", "branch", name="sales_return_by_branch"),
            models.Index("organization", "number", "id", name="sales_return_by_number", condition=~Q(number="")),
            models.Index("organization", "state", "id", name="sales_return_open", condition=Q(state="draft")),
        ]
        triggers = [
            pgtrigger.FSM(
                name="state_moves",
                field="state",
                transitions=[(before.value, after.value) for before, ends in MOVES.items() for after in sorted(ends)],
            ),
            pgtrigger.Trigger(
                name="born_a_draft", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_BORN_A_DRAFT
            ),
            pgtrigger.Trigger(
                name="kept_once_posted",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_KEPT,
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(_("Return %(id)s") % {"id": self.pk})

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed."""
        return self.state == SalesReturnState.DRAFT


class SalesReturnLine(TenantModel):
    """So much of a batch of a bill that came back. Figures are written when the note is posted."""

    note = TenantForeignKey(
        SalesReturn, on_delete=models.CASCADE, related_name="lines", verbose_name=_("return"), db_index=False
    )
    pick = TenantForeignKey(
        BillPick, on_delete=models.PROTECT, related_name="returns", verbose_name=_("sold as"), db_index=False
    )
    # Base units that came back; of them `free` were given free.
    quantity = models.PositiveIntegerField(_("quantity"))
    free = models.PositiveIntegerField(_("free"), default=0)
    reason = models.CharField(_("reason"), max_length=8, choices=ReturnReason, default=ReturnReason.SALEABLE)
    place = TenantForeignKey(
        Place, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("place"), db_index=False
    )
    taxable = rupees(_("taxable value"))
    cgst = rupees(_("CGST"))
    state_tax = rupees(_("SGST or UTGST"))
    igst = rupees(_("IGST"))

    class Meta:
        verbose_name = _("line of a return")
        verbose_name_plural = _("lines of returns")
        ordering = ["note", "id"]
        constraints = [
            models.UniqueConstraint("organization", "note", "pick", "reason", name="sales_returnline_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0, free__lte=F("quantity")), name="sales_returnline_units"),
        ]
        indexes = [
            models.Index("organization", "pick", name="sales_returnline_of_pick"),
            models.Index("organization", "place", name="sales_returnline_place"),
        ]
        triggers = _lines_kept()

    def __str__(self) -> str:
        return f"{self.note_id}: {self.quantity}"


class ReturnedPick(TenantModel):
    """How much of a sold batch came back so far. Who posts a return holds its rows, so that two cannot return the same.

    `sold` is a copy of what left, so that the database itself refuses more.
    """

    pick = TenantForeignKey(
        BillPick, on_delete=models.PROTECT, related_name="+", verbose_name=_("sold as"), db_index=False
    )
    sold = models.PositiveIntegerField(_("sold"))
    returned = models.PositiveIntegerField(_("returned"), default=0)

    class Meta:
        verbose_name = _("returned quantity")
        verbose_name_plural = _("returned quantities")
        ordering = ["pick"]
        constraints = [
            models.UniqueConstraint("organization", "pick", name="sales_returnedpick_unique"),
            models.CheckConstraint(condition=Q(returned__lte=F("sold")), name="sales_returnedpick_not_more_than_sold"),
        ]

    def __str__(self) -> str:
        return f"{self.pick_id}: {self.returned}/{self.sold}"
