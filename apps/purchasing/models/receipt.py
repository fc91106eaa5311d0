"""Goods receipts: what really arrived, batch by batch."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey
from apps.inventory.models import Batch, Place, Product
from apps.organizations.models import Branch
from apps.parties.models import Party
from apps.purchasing.models.bill import NOT_NEGATIVE, PERCENT, SupplierBill, money, person
from apps.purchasing.models.order import OrderLine, PurchaseOrder
from apps.purchasing.rules.receipt_states import RECEIPT_MOVES
from apps.purchasing.rules.receipt_states import ReceiptState as States


class ReceiptState(models.TextChoices):
    """How far a receipt is."""

    DRAFT = States.DRAFT.value, _("Checking")
    CHECKED = States.CHECKED.value, _("Checked")
    PARKED = States.PARKED.value, _("Parked")
    POSTED = States.POSTED.value, _("In stock")
    CANCELLED = States.CANCELLED.value, _("Cancelled")


@audited
class GoodsReceipt(BusinessModel):
    """A delivery of a supplier. It saves itself line by line; its number is taken when the goods go into stock."""

    supplier = TenantForeignKey(
        Party, on_delete=models.PROTECT, related_name="goods_receipts", verbose_name=_("supplier"), db_index=False
    )
    branch = TenantForeignKey(
        Branch, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch"), db_index=False
    )
    place = TenantForeignKey(Place, on_delete=models.PROTECT, related_name="+", verbose_name=_("put into"))
    order = TenantForeignKey(
        PurchaseOrder,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="receipts",
        verbose_name=_("order"),
    )
    bill = TenantForeignKey(
        SupplierBill, on_delete=models.PROTECT, null=True, blank=True, related_name="receipts", verbose_name=_("bill")
    )
    on_date = models.DateField(_("received on"))
    number = models.CharField(_("number"), max_length=16, blank=True, editable=False)
    challan = models.CharField(_("supplier's challan"), max_length=40, blank=True)
    temperature = models.DecimalField(
        _("temperature on arrival"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        help_text=_("°C, where goods of the cold chain came."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=ReceiptState, default=ReceiptState.DRAFT, editable=False)
    # Sums of the lines, kept by the operations that change them: a list of receipts adds nothing up.
    line_count = models.PositiveSmallIntegerField(_("lines"), default=0, editable=False)
    units = models.PositiveIntegerField(_("units"), default=0, editable=False)
    amount = money(_("goods before tax"), editable=False)
    # What of `accrued` of its lines no bill has cleared.
    unbilled = money(_("not billed"), editable=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True, editable=False)
    made_by = person(_("made by"))
    posted_at = models.DateTimeField(_("posted at"), null=True, editable=False)
    posted_by = person(_("posted by"))

    class Meta:
        verbose_name = _("goods receipt")
        verbose_name_plural = _("goods receipts")
        ordering = ["-on_date", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ReceiptState.POSTED) | (~Q(number="") & Q(posted_at__isnull=False)),
                name="purchasing_receipt_whole",
            ),
        ]
        indexes = [
            models.Index("organization", "on_date", "id", name="purchasing_receipt_by_date"),
            models.Index("organization", "state", "on_date", "id", name="purchasing_receipt_by_state"),
            models.Index("organization", "supplier", "on_date", "id", name="purchasing_receipt_by_supplier"),
            models.Index("organization", "branch", name="purchasing_receipt_by_branch"),
            models.Index("organization", "amount", "id", name="purchasing_receipt_by_amount"),
            models.Index("organization", "number", "id", name="purchasing_receipt_by_number"),
            models.Index(
                "organization", "supplier", "id", name="purchasing_receipt_unbilled", condition=Q(unbilled__gt=0)
            ),
        ]
        triggers = [pgtrigger.FSM(name="receipt_moves", field="state", transitions=list(RECEIPT_MOVES))]

    def __str__(self) -> str:
        return self.number or str(_("Receipt %(id)s") % {"id": self.pk})


class Decision(models.TextChoices):
    """What becomes of the rest of an order's line."""

    NONE = "", _("Not decided")
    BACK_ORDER = "back_order", _("Back-ordered")
    CLOSE = "close", _("Not expected any more")


# What went into stock stays as it was. Only what bills did to it changes afterwards.
_OPEN_ONLY = """
IF EXISTS (
  SELECT FROM {changed} c JOIN purchasing_goodsreceipt r
    ON r.organization_id = c.organization_id AND r.id = c.receipt_id
  WHERE r.state IN ('posted', 'cancelled')
) THEN
    RAISE EXCEPTION 'Lines change until the goods are in stock.' USING ERRCODE = 'restrict_violation';
END IF;
RETURN NULL;
"""
_CHANGED = """(
  SELECT n.organization_id, n.receipt_id FROM new_lines n JOIN old_lines l ON l.id = n.id
  WHERE (n.receipt_id, n.product_id, n.number, n.mrp, n.expiry, n.quantity, n.free, n.place_id, n.batch_id, n.accrued)
        IS DISTINCT FROM
        (l.receipt_id, l.product_id, l.number, l.mrp, l.expiry, l.quantity, l.free, l.place_id, l.batch_id, l.accrued)
)"""


def _guard(name: str, operation: pgtrigger.Operation, changed: str, **tables: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=cast(Any, pgtrigger.Referencing)(**tables),
        func=_OPEN_ONLY.format(changed=changed),
    )


@audited(exclude=["accrued", "cleared", "billed_quantity", "findings", "key"])
class ReceiptLine(BusinessModel):
    """So much of one batch in a delivery. While the receipt is open anything may still be missing.

    Attributes:
        position: the order of the lines; numbers on the page follow from it.
        key: made by the page that typed it, so that a line sent twice is one line.
        quantity: paid units that came; empty while nobody has counted. `billed` is what the supplier billed, where that
            is not the same.
        accrued: what the goods that are kept were taken into stock for, without tax. Bills clear it.
    """

    receipt = TenantForeignKey(
        GoodsReceipt, on_delete=models.CASCADE, related_name="lines", verbose_name=_("receipt"), db_index=False
    )
    position = models.PositiveIntegerField(_("line"))
    key = models.CharField(max_length=36, blank=True, editable=False)
    product = TenantForeignKey(
        Product, on_delete=models.PROTECT, related_name="+", verbose_name=_("product"), db_index=False
    )
    order_line = TenantForeignKey(
        OrderLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("order")
    )
    number = models.CharField(_("batch"), max_length=30, blank=True)
    manufactured = models.DateField(_("manufactured"), null=True, blank=True)
    expiry = models.DateField(_("expiry"), null=True, blank=True)
    mrp = money(_("MRP"), null=True, blank=True, default=None, validators=NOT_NEGATIVE)
    quantity = models.PositiveIntegerField(_("received"), null=True, blank=True)
    free = models.PositiveIntegerField(_("free"), default=0)
    billed = models.PositiveIntegerField(_("billed"), null=True, blank=True)
    rate = models.DecimalField(
        _("rate"), max_digits=14, decimal_places=4, null=True, blank=True, validators=NOT_NEGATIVE
    )
    discount = models.DecimalField(
        _("discount %"), max_digits=5, decimal_places=2, default=Decimal(0), validators=PERCENT
    )
    scheme = money(_("scheme ₹"), validators=NOT_NEGATIVE)
    tax_rate = models.DecimalField(
        _("tax %"), max_digits=6, decimal_places=3, null=True, blank=True, validators=PERCENT
    )
    place = TenantForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    decision = models.CharField(_("rest of the order"), max_length=10, choices=Decision, default="", blank=True)
    rejected = models.BooleanField(_("rejected"), default=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    asked_by = person(_("asked by"))
    allowed_by = person(_("allowed by"))
    # What is odd about it, as it was found when the line was last saved; posting looks again.
    findings = models.CharField(max_length=240, blank=True, editable=False)
    # What posting found and made.
    batch = TenantForeignKey(
        Batch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("batch"),
    )
    cost = models.DecimalField(_("landed cost"), max_digits=14, decimal_places=4, null=True, blank=True, editable=False)
    accrued = money(_("taken in for"), editable=False)
    cleared = money(_("cleared by bills"), editable=False)
    billed_quantity = models.PositiveIntegerField(_("billed so far"), default=0, editable=False)

    class Meta:
        verbose_name = _("line of a goods receipt")
        verbose_name_plural = _("lines of goods receipts")
        ordering = ["receipt", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                "organization", "receipt", "key", condition=~Q(key=""), name="purchasing_receiptline_key_unique"
            ),
            models.CheckConstraint(
                condition=Q(discount__range=(0, 100), scheme__gte=0), name="purchasing_receiptline_discount"
            ),
            models.CheckConstraint(
                condition=(Q(mrp__isnull=True) | Q(mrp__gte=0)) & (Q(rate__isnull=True) | Q(rate__gte=0)),
                name="purchasing_receiptline_rates",
            ),
            models.CheckConstraint(condition=Q(rejected=False) | ~Q(reason=""), name="purchasing_receiptline_reason"),
        ]
        indexes = [
            models.Index("organization", "receipt", "position", "id", name="purchasing_receiptline_order"),
            models.Index("organization", "product", "id", name="purchasing_receiptline_product"),
        ]
        triggers = [
            _guard("insert_open_only", pgtrigger.Insert, "new_lines", new="new_lines"),
            _guard("update_open_only", pgtrigger.Update, _CHANGED, old="old_lines", new="new_lines"),
            _guard("delete_open_only", pgtrigger.Delete, "old_lines", old="old_lines"),
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.number or '–'}"

    @property
    def units(self) -> int:
        """Paid and free units that came."""
        return (self.quantity or 0) + self.free

    @property
    def billed_units(self) -> int:
        """Paid units on the bill."""
        return (self.quantity or 0) if self.billed is None else self.billed
