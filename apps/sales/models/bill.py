"""Bills: what was sold to whom, at which price and tax, out of which batches.

A draft is written line by line and saves itself. Once posted, the database refuses every change but the cancelling.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey
from apps.organizations.models import Branch, Membership
from apps.organizations.rules.states import STATES, state_label
from apps.parties.models import Party, PartyAddress, Registration
from apps.sales.rules import states

_ZERO = Decimal(0)
PLACES_OF_SUPPLY = [(code, state_label(code)) for code in STATES]


class BillState(models.TextChoices):
    """How far a bill is (`rules.states` says what may follow)."""

    DRAFT = states.State.DRAFT.value, _("Draft")
    HELD = states.State.HELD.value, _("On hold")
    POSTED = states.State.POSTED.value, _("Posted")
    CANCELLED = states.State.CANCELLED.value, _("Cancelled")


class BillKind(models.TextChoices):
    """Which document the bill is under the GST law (section 31, CGST Act 2017; rules 46 and 49)."""

    INVOICE = "invoice", _("Tax invoice")
    BILL_OF_SUPPLY = "bill_of_supply", _("Bill of supply")


class Levy(models.TextChoices):
    """Which taxes the bill bears, as `finance.rules.gst.Levy` names them."""

    STATE = "state", _("CGST and SGST")
    TERRITORY = "territory", _("CGST and UTGST")
    INTER = "inter", _("IGST")
    NONE = "none", _("No tax")


def rupees(label: Any, digits: int = 14) -> models.DecimalField:
    """An amount of a document, which operations reckon."""
    return models.DecimalField(label, max_digits=digits, decimal_places=2, default=_ZERO, editable=False)


def _person(label: str | Promise, **options: Any) -> TenantForeignKey:
    return TenantForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        db_index=False,
        verbose_name=label,
        **options,
    )


# What a posted bill may still become, and nothing else of it: who cancelled it, when and why.
_BILL_KEPT = """
IF TG_OP = 'DELETE' THEN
    IF OLD.state IN ('posted', 'cancelled') THEN
        RAISE EXCEPTION 'Bill % is posted: it is kept.', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END IF;
IF OLD.state IN ('posted', 'cancelled') THEN
    IF (to_jsonb(NEW) - '{state,version,cancelled_at,cancelled_by_id,cancel_reason}'::text[])
       IS DISTINCT FROM (to_jsonb(OLD) - '{state,version,cancelled_at,cancelled_by_id,cancel_reason}'::text[])
       OR (OLD.state = 'cancelled' AND to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD)) THEN
        RAISE EXCEPTION 'Bill % is posted: it stays as it is.', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
END IF;
RETURN NEW;
"""
_BORN_A_DRAFT = """
IF NEW.state <> 'draft' THEN
    RAISE EXCEPTION 'A bill begins as a draft, not as %.', NEW.state USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


# Figures and version move with every line typed; they are history from the posting on, in the journal.
@audited(
    exclude=[
        "version", "line_count", "gross", "discount", "taxable", "cgst", "state_tax", "igst", "round_off", "total",
        "cost", "touched_at",
    ]
)  # fmt: skip
class Bill(BusinessModel):
    """A sale to a customer. Its number is taken when it is posted, so that drafts leave no gap."""

    branch = TenantForeignKey(
        Branch, on_delete=models.PROTECT, related_name="bills", verbose_name=_("branch"), db_index=False
    )
    # A draft may begin before the customer is known.
    customer = TenantForeignKey(
        Party, on_delete=models.PROTECT, null=True, related_name="bills", verbose_name=_("customer"), db_index=False
    )
    ship_to = TenantForeignKey(
        PartyAddress,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("deliver to"),
        help_text=_("Empty is the customer's main address."),
    )
    on_date = models.DateField(_("date"))
    state = models.CharField(
        _("state"), max_length=9, choices=BillState, default=BillState.DRAFT, editable=False, db_index=False
    )
    kind = models.CharField(_("document"), max_length=14, choices=BillKind, default=BillKind.INVOICE, editable=False)
    number = models.CharField(_("number"), max_length=16, blank=True, editable=False)
    # The year in which the financial year of the date begins; a number is unique within it.
    financial_year = models.PositiveSmallIntegerField(_("financial year"), null=True, editable=False)
    reference = models.CharField(
        _("customer's order"), max_length=40, blank=True, help_text=_("Number or date of the customer's order.")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    credit_days = models.PositiveSmallIntegerField(_("credit days"), default=0)
    due_on = models.DateField(_("due"), null=True, editable=False)
    # Off the whole bill, in per cent, after the discounts of the lines; it reduces the taxable value (section 15(3)).
    bill_discount = models.DecimalField(_("discount on the bill"), max_digits=6, decimal_places=3, default=_ZERO)

    place_of_supply = models.CharField(
        _("place of supply"), max_length=2, choices=PLACES_OF_SUPPLY, blank=True, editable=False
    )
    # The provision of the IGST Act, such as 10(1)(a).
    place_rule = models.CharField(_("found by section"), max_length=12, blank=True, editable=False)
    levy = models.CharField(_("taxes"), max_length=9, choices=Levy, default=Levy.STATE, editable=False)
    levy_reason = models.CharField(max_length=16, blank=True, editable=False)
    zero_rated = models.BooleanField(_("zero-rated"), default=False, editable=False)
    reverse_charge = models.BooleanField(_("reverse charge"), default=False, editable=False)
    # Of the customer, as they were when the bill was posted.
    registration = models.CharField(_("registration"), max_length=12, choices=Registration, blank=True, editable=False)
    gstin = models.CharField(_("GSTIN"), max_length=15, blank=True, editable=False)
    # What the paper says of both sides, as it was then: `rules.particulars` has its form.
    particulars = models.JSONField(default=dict, editable=False)

    line_count = models.PositiveSmallIntegerField(_("lines"), default=0, editable=False)
    # Before discounts; `gross - discount == taxable`, and `taxable + taxes + round_off == total`.
    gross = rupees(_("gross"))
    discount = rupees(_("discount"))
    taxable = rupees(_("taxable value"))
    cgst = rupees(_("CGST"))
    # SGST, or UTGST where `levy` is the territory's.
    state_tax = rupees(_("SGST or UTGST"))
    igst = rupees(_("IGST"))
    round_off = rupees(_("round-off"), 6)
    total = rupees(_("total"))
    cost = rupees(_("cost of goods"))

    made_by = _person(_("made by"))
    touched_at = models.DateTimeField(_("saved"), auto_now=True)
    held_at = models.DateTimeField(_("put on hold"), null=True, editable=False)
    posted_at = models.DateTimeField(_("posted"), null=True, editable=False)
    posted_by = _person(_("posted by"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, editable=False)
    cancelled_by = _person(_("cancelled by"))
    cancel_reason = models.CharField(_("why cancelled"), max_length=200, blank=True, editable=False)
    # The cancelled bill that this one is a corrected copy of.
    replaces = TenantForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="replaced_by",
        db_index=False,
        verbose_name=_("replaces"),
    )

    class Meta:
        verbose_name = _("bill")
        verbose_name_plural = _("bills")
        ordering = ["-on_date", "-id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "financial_year",
                "branch",
                "number",
                condition=~Q(number=""),
                name="sales_bill_number_unique",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "held"], number="")
                | (
                    Q(state__in=["posted", "cancelled"], customer__isnull=False, due_on__isnull=False)
                    & ~Q(number="")
                    & ~Q(place_of_supply="")
                ),
                name="sales_bill_numbered_once_posted",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | (~Q(cancel_reason="") & Q(cancelled_at__isnull=False)),
                name="sales_bill_cancelled_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(bill_discount__gte=0, bill_discount__lte=100),
                name="sales_bill_discount",
                violation_error_message=_("A discount is between 0 and 100 per cent."),
            ),
            models.CheckConstraint(
                condition=Q(
                    taxable=models.F("gross") - models.F("discount"),
                    total=models.F("taxable")
                    + models.F("cgst")
                    + models.F("state_tax")
                    + models.F("igst")
                    + models.F("round_off"),
                )
                | ~Q(state__in=["posted", "cancelled"]),
                name="sales_bill_sums",
            ),
            models.UniqueConstraint("organization", "replaces", name="sales_bill_replaced_once"),
        ]
        indexes = [
            models.Index("organization", "on_date", "id", name="sales_bill_by_date"),
            models.Index("organization", "customer", "on_date", "id", name="sales_bill_by_customer"),
            models.Index("organization", "branch", "on_date", "id", name="sales_bill_by_branch"),
            models.Index("organization", "number", "id", name="sales_bill_by_number", condition=~Q(number="")),
            models.Index("organization", "total", "id", name="sales_bill_by_total"),
            # What lies about unfinished, without walking past all that is posted.
            models.Index(
                "organization", "state", "id", name="sales_bill_open", condition=Q(state__in=["draft", "held"])
            ),
            models.Index("organization", "on_date", "id", name="sales_bill_cancelled", condition=Q(state="cancelled")),
        ]
        triggers = [
            pgtrigger.FSM(
                name="state_moves",
                field="state",
                transitions=[
                    (before.value, after.value) for before, ends in states.MOVES.items() for after in sorted(ends)
                ],
            ),
            pgtrigger.Trigger(
                name="born_a_draft", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_BORN_A_DRAFT
            ),
            pgtrigger.Trigger(
                name="kept_once_posted",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_BILL_KEPT,
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(_("Draft %(id)s") % {"id": self.pk})

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed."""
        return self.state in states.OPEN

    @property
    def tax(self) -> Decimal:
        """All taxes together."""
        tax: Decimal = self.cgst + self.state_tax + self.igst
        return tax
