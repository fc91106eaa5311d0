"""Purchase orders: what is asked of a supplier, and how much of it came."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey
from apps.inventory.models import Product
from apps.organizations.models import Branch, Membership
from apps.parties.models import Party
from apps.purchasing.rules.orders import MOVES, OPEN, OrderState

OPEN_STATES = tuple(sorted(state.value for state in OPEN))
"""Goods are still expected of orders in these states."""


def _person(label: str | Promise) -> TenantForeignKey:
    return TenantForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=label
    )


@audited
class OrderSettings(BusinessModel):
    """How an organization orders. There is at most one row."""

    approval_limit = models.DecimalField(
        _("approval above"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Orders over this amount wait for somebody who may approve them. Empty for none."),
    )
    over_receipt_percent = models.DecimalField(
        _("more than ordered"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
        help_text=_("Percent by which a supplier may send more than was ordered."),
    )
    lead_days = models.PositiveSmallIntegerField(
        _("lead time"),
        default=7,
        validators=[MaxValueValidator(365)],
        help_text=_("Days from order to goods, for suppliers without receipts to tell it."),
    )
    cover_days = models.PositiveSmallIntegerField(
        _("stock for"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("Days of sales that an order should last beyond the lead time."),
    )

    class Meta:
        verbose_name = _("settings of ordering")
        verbose_name_plural = _("settings of ordering")
        constraints = [models.UniqueConstraint("organization", name="purchasing_ordersettings_one")]

    def __str__(self) -> str:
        return str(_("Settings of ordering"))


@audited
class PurchaseOrder(BusinessModel):
    """Goods asked of a supplier. Its number is taken when it is approved, so that drafts leave no gap."""

    class State(models.TextChoices):
        DRAFT = OrderState.DRAFT.value, _("Draft")
        WAITING = OrderState.WAITING.value, _("Waiting for approval")
        APPROVED = OrderState.APPROVED.value, _("Approved")
        SENT = OrderState.SENT.value, _("Sent")
        PART_RECEIVED = OrderState.PART_RECEIVED.value, _("Part received")
        RECEIVED = OrderState.RECEIVED.value, _("Received")
        CLOSED = OrderState.CLOSED.value, _("Closed short")
        CANCELLED = OrderState.CANCELLED.value, _("Cancelled")

    branch = TenantForeignKey(Branch, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch"))
    supplier = TenantForeignKey(
        Party, on_delete=models.PROTECT, related_name="purchase_orders", verbose_name=_("supplier"), db_index=False
    )
    on_date = models.DateField(_("date"))
    expected_on = models.DateField(_("expected"), null=True, blank=True)
    number = models.CharField(_("number"), max_length=16, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=13, choices=State, default=State.DRAFT, editable=False)
    note = models.CharField(_("note to the supplier"), max_length=300, blank=True)
    # Sums of the lines, kept by the operations that change them: a list of orders adds nothing up.
    amount = models.DecimalField(
        _("amount before tax"), max_digits=18, decimal_places=2, default=Decimal(0), editable=False
    )
    line_count = models.PositiveSmallIntegerField(_("lines"), default=0, editable=False)
    # Why it was cancelled, closed short or sent back.
    reason = models.CharField(_("reason"), max_length=200, blank=True, editable=False)
    made_by = _person(_("made by"))
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)
    approved_by = _person(_("approved by"))
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    sent_by = _person(_("sent by"))
    # Of the goods: what lead time and fill rate are told from.
    first_received_on = models.DateField(_("first received"), null=True, editable=False)
    received_on = models.DateField(_("received whole"), null=True, editable=False)
    sent_to = models.CharField(_("sent to"), max_length=254, blank=True, editable=False)

    class Meta:
        verbose_name = _("purchase order")
        verbose_name_plural = _("purchase orders")
        ordering = ["-on_date", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expected_on__isnull=True) | Q(expected_on__gte=F("on_date")),
                name="purchasing_order_expected",
                violation_error_message=_("The goods are expected on or after the day of the order."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "cancelled"]) | ~Q(reason=""), name="purchasing_order_reason"
            ),
        ]
        indexes = [
            models.Index("organization", "on_date", "id", name="purchasing_order_by_date"),
            models.Index("organization", "state", "on_date", "id", name="purchasing_order_by_state"),
            models.Index("organization", "supplier", "on_date", "id", name="purchasing_order_by_supplier"),
            # No constraint: a series whose prefix does not name its year begins again with each year.
            models.Index("organization", "number", "id", name="purchasing_order_by_number"),
            models.Index("organization", "expected_on", "id", name="purchasing_order_by_expected"),
            models.Index("organization", "amount", "id", name="purchasing_order_by_amount"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="state_moves",
                field="state",
                transitions=[(before.value, after.value) for before, ends in MOVES.items() for after in sorted(ends)],
            )
        ]

    def __str__(self) -> str:
        return self.number or str(_("Draft %(id)s") % {"id": self.pk})


# What was agreed stays as it was agreed: only a draft's lines change. What came of a line is counted in every state.
_DRAFTS_ONLY = """
IF EXISTS (
  SELECT FROM {changed} c JOIN purchasing_purchaseorder o
    ON o.organization_id = c.organization_id AND o.id = c.order_id
  WHERE o.state <> 'draft'
) THEN
    RAISE EXCEPTION 'Lines change on drafts only.' USING ERRCODE = 'restrict_violation';
END IF;
RETURN NULL;
"""
_CHANGED = """(
  SELECT n.organization_id, n.order_id FROM new_lines n JOIN old_lines l ON l.id = n.id
  WHERE (n.order_id, n.product_id, n.quantity, n.free, n.rate, n.discount)
        IS DISTINCT FROM (l.order_id, l.product_id, l.quantity, l.free, l.rate, l.discount)
)"""


def _guard(name: str, operation: pgtrigger.Operation, changed: str, **tables: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=cast(Any, pgtrigger.Referencing)(**tables),
        func=_DRAFTS_ONLY.format(changed=changed),
    )


@audited(exclude=["amount", "received", "received_free", "due"])
class OrderLine(BusinessModel):
    """So much of a product in an order. Quantities count base units; the rate is rupees for one of them before tax."""

    order = TenantForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="lines", verbose_name=_("order"))
    product = TenantForeignKey(Product, on_delete=models.PROTECT, related_name="+", verbose_name=_("product"))
    quantity = models.PositiveIntegerField(_("quantity"))
    free = models.PositiveIntegerField(_("free"), default=0)
    rate = models.DecimalField(_("rate"), max_digits=14, decimal_places=4, default=Decimal(0))
    discount = models.DecimalField(_("discount"), max_digits=5, decimal_places=2, default=Decimal(0))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, default=Decimal(0), editable=False)
    # What posted receipts brought, and what is still to come: nothing, when the order expects no goods.
    received = models.PositiveIntegerField(_("received"), default=0, editable=False)
    received_free = models.PositiveIntegerField(_("received free"), default=0, editable=False)
    due = models.PositiveIntegerField(_("on order"), default=0, editable=False)

    class Meta:
        verbose_name = _("line of a purchase order")
        verbose_name_plural = _("lines of purchase orders")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="purchasing_orderline_quantity",
                violation_error_message=_("Order 1 or more, or remove the line."),
            ),
            models.CheckConstraint(
                condition=Q(rate__gte=0, discount__gte=0, discount__lte=100), name="purchasing_orderline_rate"
            ),
        ]
        indexes = [
            models.Index("organization", "product", "id", name="purchasing_orderline_product"),
            models.Index(
                fields=["organization", "product"],
                include=["order", "due"],
                name="purchasing_orderline_due",
                condition=Q(due__gt=0),
            ),
        ]
        triggers = [
            _guard("drafts_grow", pgtrigger.Insert, "new_lines", new="new_lines"),
            _guard("drafts_shrink", pgtrigger.Delete, "old_lines", old="old_lines"),
            _guard("drafts_change", pgtrigger.Update, _CHANGED, old="old_lines", new="new_lines"),
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.quantity}"
