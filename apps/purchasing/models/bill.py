"""Supplier bills: what a supplier asks for goods that came."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey, TenantModel
from apps.finance.rules.gst import Levy
from apps.inventory.models import Product
from apps.organizations.models import Branch, Membership
from apps.parties.models import Party
from apps.purchasing.rules.receipt_states import BILL_MOVES
from apps.purchasing.rules.receipt_states import BillState as States

PERCENT = (MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100)))
NOT_NEGATIVE = (MinValueValidator(Decimal(0)),)


def person(label: str | Promise) -> TenantForeignKey:
    """A member who did something to a document."""
    return TenantForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=label
    )


def money(label: str | Promise, **more: Any) -> models.DecimalField:
    """Rupees with two places."""
    return models.DecimalField(
        cast(Any, label), **{"max_digits": 14, "decimal_places": 2, "default": Decimal(0), **more}
    )


class BillState(models.TextChoices):
    """How far a bill is."""

    DRAFT = States.DRAFT.value, _("Draft")
    POSTED = States.POSTED.value, _("In the books")
    CANCELLED = States.CANCELLED.value, _("Cancelled")


@audited
class SupplierBill(BusinessModel):
    """A bill as the supplier wrote it. It keeps the supplier's number; ours is the goods receipt's."""

    supplier = TenantForeignKey(
        Party, on_delete=models.PROTECT, related_name="supplier_bills", verbose_name=_("supplier"), db_index=False
    )
    branch = TenantForeignKey(
        Branch, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch"), db_index=False
    )
    number = models.CharField(_("bill number"), max_length=40, blank=True)
    bill_date = models.DateField(_("bill date"), null=True, blank=True)
    # In which a supplier's number comes once: the year that the financial year of the bill date begins in.
    financial_year = models.PositiveSmallIntegerField(_("financial year"), null=True, editable=False)
    printed_total = money(_("bill total"), null=True, blank=True, default=None, validators=NOT_NEGATIVE)
    discount = models.DecimalField(
        _("discount %"), max_digits=5, decimal_places=2, default=Decimal(0), validators=PERCENT
    )
    discount_amount = money(_("discount ₹"), validators=NOT_NEGATIVE)
    state = models.CharField(_("state"), max_length=9, choices=BillState, default=BillState.DRAFT, editable=False)
    # What it came to; written when it is posted.
    booked_on = models.DateField(_("booked on"), null=True, editable=False)
    levy = models.CharField(
        _("tax"), max_length=9, blank=True, editable=False, choices=[(one.value, one.value) for one in Levy]
    )
    taxable = money(_("taxable value"), editable=False)
    cgst = money(_("CGST"), editable=False)
    sgst = money(_("SGST"), editable=False)
    utgst = money(_("UTGST"), editable=False)
    igst = money(_("IGST"), editable=False)
    round_off = money(_("round-off"), editable=False)
    total = money(_("total"), editable=False)
    claimed = money(_("claimed back"), editable=False)
    withheld = money(_("tax held back"), editable=False)
    due_on = models.DateField(_("due"), null=True, editable=False)
    # By which a micro or small supplier is to be paid (section 15, MSMED Act 2006).
    pay_by = models.DateField(_("pay by (MSMED)"), null=True, editable=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True, editable=False)
    made_by = person(_("made by"))
    posted_at = models.DateTimeField(_("posted at"), null=True, editable=False)
    posted_by = person(_("posted by"))

    class Meta:
        verbose_name = _("supplier bill")
        verbose_name_plural = _("supplier bills")
        ordering = ["-bill_date", "-id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "supplier",
                "financial_year",
                Upper("number"),
                condition=~Q(number="") & ~Q(state=BillState.CANCELLED),
                name="purchasing_supplierbill_number_unique",
                violation_error_message=_("This supplier's bill of this number is entered already."),
            ),
            models.CheckConstraint(
                condition=~Q(state=BillState.POSTED)
                | (~Q(number="") & Q(bill_date__isnull=False, financial_year__isnull=False, booked_on__isnull=False)),
                name="purchasing_supplierbill_whole",
            ),
            models.CheckConstraint(
                condition=Q(discount__range=(0, 100), discount_amount__gte=0),
                name="purchasing_supplierbill_discount",
            ),
        ]
        indexes = [
            models.Index("organization", "bill_date", "id", name="purchasing_bill_by_date"),
            models.Index("organization", "state", "bill_date", "id", name="purchasing_bill_by_state"),
            models.Index("organization", "supplier", "bill_date", "id", name="purchasing_bill_by_supplier"),
            models.Index("organization", "branch", name="purchasing_bill_by_branch"),
            models.Index("organization", "total", "id", name="purchasing_bill_by_total"),
            models.Index("organization", "due_on", "id", name="purchasing_bill_by_due"),
            models.Index("organization", Upper("number"), "id", name="purchasing_bill_by_number"),
        ]
        triggers = [pgtrigger.FSM(name="bill_moves", field="state", transitions=list(BILL_MOVES))]

    def __str__(self) -> str:
        return self.number or str(_("Bill without a number"))

    @property
    def tax(self) -> Decimal:
        """All taxes together."""
        taxes: Decimal = self.cgst + self.sgst + self.utgst + self.igst
        return taxes


class ChargeKind(models.TextChoices):
    """What a bill carries besides goods."""

    FREIGHT = "freight", _("Freight")
    INSURANCE = "insurance", _("Insurance")
    PACKING = "packing", _("Packing")
    OTHER = "other", _("Other charges")


@audited
class BillCharge(BusinessModel):
    """Freight and the like on a bill."""

    bill = TenantForeignKey(SupplierBill, on_delete=models.CASCADE, related_name="charges", verbose_name=_("bill"))
    kind = models.CharField(_("charge"), max_length=9, choices=ChargeKind, default=ChargeKind.FREIGHT)
    amount = money(_("amount"), validators=NOT_NEGATIVE)
    tax_rate = models.DecimalField(_("tax %"), max_digits=6, decimal_places=3, default=Decimal(0), validators=PERCENT)
    landed = models.BooleanField(
        _("part of the cost"), default=True, help_text=_("Spread over the goods; otherwise an expense.")
    )

    class Meta:
        verbose_name = _("charge of a bill")
        verbose_name_plural = _("charges of bills")
        ordering = ["bill", "id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="purchasing_billcharge_amount")]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class BillLine(TenantModel):
    """A line of a bill as it went into the books; it never changes. Registers and returns to the supplier read it.

    `taxable` and the taxes are of all that was billed, `claimed` is what of them was not received or not kept.
    `cleared` is what it took off the account of goods received and not billed, `revalued` by what goods that were there
    already became dearer.
    """

    append_only = True

    bill = TenantForeignKey(SupplierBill, on_delete=models.PROTECT, related_name="lines", verbose_name=_("bill"))
    receipt_line = TenantForeignKey(
        "purchasing.ReceiptLine", on_delete=models.PROTECT, related_name="billed_by", verbose_name=_("goods received")
    )
    product = TenantForeignKey(
        Product, on_delete=models.PROTECT, related_name="+", verbose_name=_("product"), db_index=False
    )
    position = models.PositiveSmallIntegerField(_("line"))
    hsn = models.CharField(_("HSN"), max_length=8, blank=True)
    quantity = models.IntegerField(_("quantity billed"))
    rate = models.DecimalField(_("rate"), max_digits=14, decimal_places=4)
    discount = models.DecimalField(_("discount %"), max_digits=5, decimal_places=2)
    scheme = money(_("scheme"))
    tax_rate = models.DecimalField(_("tax %"), max_digits=6, decimal_places=3)
    taxable = money(_("taxable value"))
    cgst = money(_("CGST"))
    sgst = money(_("SGST"))
    utgst = money(_("UTGST"))
    igst = money(_("IGST"))
    claimed = money(_("claimed back"))
    charges = money(_("charges"))
    cleared = money(_("cleared"))
    revalued = money(_("put on the goods"))

    class Meta:
        verbose_name = _("line of a supplier bill")
        verbose_name_plural = _("lines of supplier bills")
        ordering = ["bill", "position"]
        constraints = [models.UniqueConstraint("organization", "bill", "receipt_line", name="purchasing_billline_once")]
        indexes = [models.Index("organization", "product", "id", name="purchasing_billline_product")]

    def __str__(self) -> str:
        return f"{self.bill_id}/{self.position}"
