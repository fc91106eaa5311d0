"""Work of the godown on paper: goods sent from place to place, written off or on, and counted.

A document is filled line by line and saves itself. The moves that it makes when it is done are the ledger's.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey, TenantModel
from apps.inventory.models.batch import Batch
from apps.inventory.models.move import MoveReason
from apps.inventory.models.place import Place
from apps.organizations.models import Membership


def _person(label: str | Promise) -> TenantForeignKey:
    return TenantForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=label
    )


class TransferState(models.TextChoices):
    """How far a transfer is."""

    DRAFT = "draft", _("Being packed")
    SENT = "sent", _("On the way")
    RECEIVED = "received", _("Received")
    CANCELLED = "cancelled", _("Cancelled")


@audited
class Transfer(BusinessModel):
    """Goods on their way to another place. Between branches they are in transit until somebody takes them in."""

    from_place = TenantForeignKey(Place, on_delete=models.PROTECT, related_name="+", verbose_name=_("from"))
    to_place = TenantForeignKey(Place, on_delete=models.PROTECT, related_name="+", verbose_name=_("to"))
    state = models.CharField(
        _("state"), max_length=9, choices=TransferState, default=TransferState.DRAFT, editable=False
    )
    # Of the delivery challan that goods between branches travel with (CGST Rules 2017, rule 55).
    number = models.CharField(_("challan number"), max_length=16, blank=True, editable=False)
    note = models.CharField(_("note"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    sent_by = _person(_("sent by"))
    received_at = models.DateTimeField(_("received"), null=True, editable=False)
    received_by = _person(_("received by"))

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_place=models.F("to_place")),
                name="inventory_transfer_elsewhere",
                violation_error_message=_("The goods lie there already. Choose another place."),
            ),
            models.UniqueConstraint(
                "organization", "number", condition=~Q(number=""), name="inventory_transfer_number_unique"
            ),
        ]
        indexes = [
            models.Index("organization", "state", "id", name="inventory_transfer_by_state"),
            models.Index("organization", "from_place", name="inventory_transfer_from"),
            models.Index("organization", "to_place", name="inventory_transfer_to"),
        ]

    def __str__(self) -> str:
        return self.number or f"T{self.pk}"


class TransferItem(TenantModel):
    """So much of a batch in a transfer, and how much of it arrived."""

    transfer = TenantForeignKey(Transfer, on_delete=models.CASCADE, related_name="items", verbose_name=_("transfer"))
    batch = TenantForeignKey(Batch, on_delete=models.PROTECT, related_name="+", verbose_name=_("batch"))
    quantity = models.PositiveIntegerField(_("quantity"))
    arrived = models.PositiveIntegerField(_("arrived"), null=True)

    class Meta:
        verbose_name = _("line of a transfer")
        verbose_name_plural = _("lines of transfers")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint("organization", "transfer", "batch", name="inventory_transferitem_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & (Q(arrived__isnull=True) | Q(arrived__lte=models.F("quantity"))),
                name="inventory_transferitem_quantity",
            ),
        ]
        indexes = [models.Index("organization", "batch", name="inventory_transferitem_batch")]

    def __str__(self) -> str:
        return f"{self.batch}: {self.quantity}"


class WriteKind(models.TextChoices):
    """What a stock adjustment is for."""

    ADJUSTMENT = "adjustment", _("Adjustment")
    DESTRUCTION = "destruction", _("Destruction")


class WriteState(models.TextChoices):
    """How far an adjustment is."""

    DRAFT = "draft", _("Draft")
    POSTED = "posted", _("Posted")
    CANCELLED = "cancelled", _("Cancelled")


@audited
class StockAdjustment(BusinessModel):
    """Goods written off or on in one place for one reason; or destroyed, before a witness."""

    kind = models.CharField(_("kind"), max_length=11, choices=WriteKind, default=WriteKind.ADJUSTMENT)
    place = TenantForeignKey(Place, on_delete=models.PROTECT, related_name="+", verbose_name=_("place"))
    reason = models.CharField(
        _("reason"), max_length=8, choices=[choice for choice in MoveReason.choices if choice[0]], blank=False
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    witness = models.CharField(
        _("witness"), max_length=80, blank=True, help_text=_("Who saw it, such as the pharmacist or the inspector.")
    )
    method = models.CharField(
        _("how"), max_length=120, blank=True, help_text=_("Such as “Incinerated by Kestrel Waste, certificate 118”.")
    )
    state = models.CharField(_("state"), max_length=9, choices=WriteState, default=WriteState.DRAFT, editable=False)
    posted_at = models.DateTimeField(_("posted"), null=True, editable=False)
    posted_by = _person(_("posted by"))

    class Meta:
        verbose_name = _("stock adjustment")
        verbose_name_plural = _("stock adjustments")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=WriteKind.ADJUSTMENT) | ~Q(witness=""),
                name="inventory_adjustment_witness",
                violation_error_message=_("Name who saw the destruction."),
            )
        ]
        indexes = [
            models.Index("organization", "state", "id", name="inventory_adjustment_by_state"),
            models.Index("organization", "place", name="inventory_adjustment_place"),
        ]

    def __str__(self) -> str:
        return f"{'D' if self.kind == WriteKind.DESTRUCTION else 'A'}{self.pk}"


class AdjustmentItem(TenantModel):
    """So many more (positive) or fewer of a batch."""

    adjustment = TenantForeignKey(
        StockAdjustment, on_delete=models.CASCADE, related_name="items", verbose_name=_("stock adjustment")
    )
    batch = TenantForeignKey(Batch, on_delete=models.PROTECT, related_name="+", verbose_name=_("batch"))
    quantity = models.IntegerField(_("quantity"))

    class Meta:
        verbose_name = _("line of a stock adjustment")
        verbose_name_plural = _("lines of stock adjustments")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint("organization", "adjustment", "batch", name="inventory_adjustmentitem_once"),
            models.CheckConstraint(condition=~Q(quantity=0), name="inventory_adjustmentitem_quantity"),
        ]
        indexes = [models.Index("organization", "batch", name="inventory_adjustmentitem_batch")]

    def __str__(self) -> str:
        return f"{self.batch}: {self.quantity:+}"


class CountState(models.TextChoices):
    """How far a count is."""

    OPEN = "open", _("Being counted")
    SUBMITTED = "submitted", _("To approve")
    APPROVED = "approved", _("Approved")
    CANCELLED = "cancelled", _("Cancelled")


@audited
class StockCount(BusinessModel):
    """A count of one place. What was found is compared with the books as they were at the moment of counting."""

    place = TenantForeignKey(Place, on_delete=models.PROTECT, related_name="+", verbose_name=_("place"))
    freeze = models.BooleanField(
        _("freeze the place"), default=False, help_text=_("Nothing moves in or out until the count ends.")
    )
    blind = models.BooleanField(_("blind"), default=True, help_text=_("Those who count do not see what the books say."))
    note = models.CharField(_("note"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=CountState, default=CountState.OPEN, editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    submitted_by = _person(_("submitted by"))
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    approved_by = _person(_("approved by"))

    class Meta:
        verbose_name = _("stock count")
        verbose_name_plural = _("stock counts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "place",
                condition=Q(state__in=["open", "submitted"]),
                name="inventory_count_one_at_a_time",
                violation_error_message=_("This place is being counted already."),
            )
        ]
        indexes = [models.Index("organization", "state", "id", name="inventory_count_by_state")]

    def __str__(self) -> str:
        return f"C{self.pk}"


class CountItem(TenantModel):
    """What somebody counted of a batch. `book` is kept when the count is approved."""

    count = TenantForeignKey(StockCount, on_delete=models.CASCADE, related_name="items", verbose_name=_("stock count"))
    batch = TenantForeignKey(Batch, on_delete=models.PROTECT, related_name="+", verbose_name=_("batch"))
    quantity = models.PositiveIntegerField(_("counted"))
    counted_at = models.DateTimeField(_("when"))
    counted_by = _person(_("counted by"))
    book = models.IntegerField(_("books"), null=True)

    class Meta:
        verbose_name = _("line of a stock count")
        verbose_name_plural = _("lines of stock counts")
        ordering = ["id"]
        constraints = [models.UniqueConstraint("organization", "count", "batch", name="inventory_countitem_once")]
        indexes = [models.Index("organization", "batch", name="inventory_countitem_batch")]

    def __str__(self) -> str:
        return f"{self.batch}: {self.quantity}"
