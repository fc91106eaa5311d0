"""Lines of bills and the batches they took. The database lets nobody touch those of a posted bill."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy.models import TenantForeignKey, TenantModel
from apps.inventory.models import Batch, Place, Product
from apps.sales.models.bill import Bill, rupees

_ZERO = Decimal(0)

# For whole statements: a bill of a hundred lines is asked about once.
_OF_POSTED = """
IF EXISTS (
    SELECT FROM {rows} r JOIN sales_bill b ON b.organization_id = r.organization_id AND b.id = r.bill_id
    WHERE b.state IN ('posted', 'cancelled')
) THEN
    RAISE EXCEPTION 'Lines of a posted bill stay as they are.' USING ERRCODE = 'restrict_violation';
END IF;
RETURN NULL;
"""


def _rows(**names: str) -> Any:
    """The rows of a statement, by the names that the trigger's function calls them."""
    return pgtrigger.Referencing(**names)  # type: ignore[no-untyped-call]


def _kept_once_posted() -> list[pgtrigger.Trigger]:
    """No line comes to, changes in or leaves a posted bill."""
    return [
        pgtrigger.Trigger(
            name="added_to_draft",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=_rows(new="added"),
            func=_OF_POSTED.format(rows="added"),
        ),
        pgtrigger.Trigger(
            name="changed_in_draft",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            referencing=_rows(old="removed", new="added"),
            func=_OF_POSTED.format(
                rows="(SELECT organization_id, bill_id FROM added UNION SELECT organization_id, bill_id FROM removed)"
            ),
        ),
        pgtrigger.Trigger(
            name="removed_from_draft",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            referencing=_rows(old="removed"),
            func=_OF_POSTED.format(rows="removed"),
        ),
    ]


class BillLine(TenantModel):
    """A product on a bill. Its batches are `BillPick`; the figures are their sums, taxes from the posting on."""

    bill = TenantForeignKey(
        Bill, on_delete=models.CASCADE, related_name="lines", verbose_name=_("bill"), db_index=False
    )
    # Lines are numbered by their order; gaps are where lines were removed.
    position = models.PositiveSmallIntegerField(_("line"))
    product = TenantForeignKey(
        Product, on_delete=models.PROTECT, related_name="bill_lines", verbose_name=_("product"), db_index=False
    )
    # Paid and free, in base units.
    quantity = models.PositiveIntegerField(_("quantity"))
    free = models.PositiveIntegerField(_("free"), default=0)
    # Per unit without tax, before discount; of the first batch where they differ.
    rate = models.DecimalField(_("rate"), max_digits=14, decimal_places=4, default=_ZERO)
    # Somebody typed the rate: it is the same for every batch. Otherwise each batch has its own by `why`.
    rate_typed = models.BooleanField(_("rate typed"), default=False)
    free_typed = models.BooleanField(_("free typed"), default=False)
    mrp = models.DecimalField(_("MRP"), max_digits=12, decimal_places=2, default=_ZERO)
    discount = models.DecimalField(_("discount %"), max_digits=6, decimal_places=3, default=_ZERO)
    # As printed, such as 10+1.
    scheme = models.CharField(_("scheme"), max_length=12, blank=True)
    # Why this price and these free goods: `rules.prices.Why` as data.
    why = models.JSONField(default=dict)
    # Why the batches are not those that expire first.
    override = models.CharField(_("why these batches"), max_length=200, blank=True)

    hsn = models.CharField(_("HSN"), max_length=8, blank=True)
    tax_rate = models.DecimalField(_("tax %"), max_digits=6, decimal_places=3, default=_ZERO)
    gross = rupees(_("gross"))
    # After both discounts.
    taxable = rupees(_("taxable value"))
    cgst = rupees(_("CGST"))
    state_tax = rupees(_("SGST or UTGST"))
    igst = rupees(_("IGST"))

    class Meta:
        verbose_name = _("line of a bill")
        verbose_name_plural = _("lines of bills")
        ordering = ["bill", "position", "id"]
        constraints = [
            models.UniqueConstraint("organization", "bill", "position", name="sales_billline_position_unique"),
            models.CheckConstraint(condition=Q(quantity__gt=0) | Q(free__gt=0), name="sales_billline_quantity"),
            models.CheckConstraint(
                condition=Q(rate__gte=0, mrp__gte=0, discount__gte=0, discount__lte=100), name="sales_billline_figures"
            ),
        ]
        # What a product was sold for, newest first: the last sales to a party are found through its bills.
        indexes = [models.Index("organization", "product", "bill", name="sales_billline_by_product")]
        triggers = _kept_once_posted()

    def __str__(self) -> str:
        return f"{self.bill_id}/{self.position}"

    @property
    def tax(self) -> Decimal:
        """All taxes together."""
        tax: Decimal = self.cgst + self.state_tax + self.igst
        return tax


class BillPick(TenantModel):
    """So much of a batch for a line. A draft has one only where somebody chose the batch; a posted bill has all.

    Each has the MRP, rate and taxes of its own batch, and is a row of its own on paper.
    """

    # The line's bill, repeated so that a bill's picks are one index range.
    bill = TenantForeignKey(
        Bill, on_delete=models.CASCADE, related_name="picks", verbose_name=_("bill"), db_index=False
    )
    line = TenantForeignKey(
        BillLine, on_delete=models.CASCADE, related_name="picks", verbose_name=_("line"), db_index=False
    )
    batch = TenantForeignKey(
        Batch, on_delete=models.PROTECT, related_name="bill_picks", verbose_name=_("batch"), db_index=False
    )
    place = TenantForeignKey(Place, on_delete=models.PROTECT, related_name="+", verbose_name=_("place"), db_index=False)
    quantity = models.PositiveIntegerField(_("quantity"), default=0)
    free = models.PositiveIntegerField(_("free"), default=0)
    mrp = models.DecimalField(_("MRP"), max_digits=12, decimal_places=2, default=_ZERO)
    rate = models.DecimalField(_("rate"), max_digits=14, decimal_places=4, default=_ZERO)
    taxable = rupees(_("taxable value"))
    cgst = rupees(_("CGST"))
    state_tax = rupees(_("SGST or UTGST"))
    igst = rupees(_("IGST"))
    # Per unit, of the batch when it left.
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=4, default=_ZERO)
    chosen = models.BooleanField(_("chosen by hand"), default=False)

    class Meta:
        verbose_name = _("batch of a line")
        verbose_name_plural = _("batches of lines")
        ordering = ["line", "id"]
        constraints = [
            models.UniqueConstraint("organization", "line", "batch", "place", name="sales_billpick_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0) | Q(free__gt=0), name="sales_billpick_quantity"),
        ]
        indexes = [
            models.Index("organization", "bill", "line", name="sales_billpick_of_bill"),
            # From a batch in hand to the bills it was sold on, newest first.
            models.Index("organization", "batch", "bill", name="sales_billpick_of_batch"),
            models.Index("organization", "place", name="sales_billpick_place"),
        ]
        triggers = _kept_once_posted()

    def __str__(self) -> str:
        return f"{self.line_id}: {self.quantity}+{self.free}"
