"""The ledger: every change of a quantity."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy.models import OrganizationKey, TenantForeignKey, TenantModel
from apps.inventory.models.batch import Batch
from apps.inventory.models.place import Place
from apps.inventory.models.product import Product
from apps.organizations.models import Membership
from apps.parties.models import Party


class MoveKind(models.TextChoices):
    """What happened to the goods."""

    OPENING = "opening", _("Opening stock")
    RECEIPT = "receipt", _("Receipt")
    ISSUE = "issue", _("Issue")
    RETURN = "return", _("Return")
    TRANSFER_OUT = "transfer_out", _("Transfer out")
    TRANSFER_IN = "transfer_in", _("Transfer in")
    ADJUSTMENT = "adjustment", _("Adjustment")
    COUNT = "count", _("Count variance")


class MoveReason(models.TextChoices):
    """Why stock was adjusted (each reason posts to an account of its own) or moved out of sale."""

    NONE = "", _("No reason")
    BREAKAGE = "breakage", _("Breakage")
    EXPIRY = "expiry", _("Expiry")
    THEFT = "theft", _("Theft")
    SAMPLE = "sample", _("Sample")
    COUNT = "count", _("Count variance")
    RECALL = "recall", _("Recall")
    OTHER = "other", _("Other")


# It makes stock of moves, and refuses those of a batch, product, place or person that the organization has not.
MADE_STOCK = "inventory_moved_insert"


class Move(TenantModel):
    """One change of the quantity of one batch in one place. Never changed: another move answers a mistake."""

    append_only = True

    organization = OrganizationKey(
        settings.TENANT_MODEL,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("organization"),
    )
    batch = TenantForeignKey(
        Batch, on_delete=models.PROTECT, checked_by=MADE_STOCK, related_name="moves", verbose_name=_("batch")
    )
    place = TenantForeignKey(
        Place, on_delete=models.PROTECT, checked_by=MADE_STOCK, related_name="moves", verbose_name=_("place")
    )
    product = TenantForeignKey(
        Product, on_delete=models.PROTECT, checked_by=MADE_STOCK, related_name="moves", verbose_name=_("product")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=MoveKind)
    # Positive comes in, negative goes out, in base units.
    quantity = models.IntegerField(_("quantity"))
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=4, default=Decimal(0))
    document_kind = models.CharField(_("document"), max_length=30)
    document_id = models.BigIntegerField()
    document_number = models.CharField(_("number"), max_length=30, blank=True)
    # Which line of the document; splits of a line over batches share it.
    line = models.IntegerField(_("line"), default=0)
    party = TenantForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="moves", verbose_name=_("party")
    )
    reason = models.CharField(_("reason"), max_length=8, choices=MoveReason, default=MoveReason.NONE, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    # Empty when no person but the system did it, as at midnight.
    person = TenantForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        checked_by=MADE_STOCK,
        related_name="+",
        verbose_name=_("by"),
    )
    moment = models.DateTimeField(_("when"))
    on_date = models.DateField(_("date"))

    class Meta:
        verbose_name = _("stock move")
        verbose_name_plural = _("stock moves")
        ordering = ["id"]
        constraints = [
            # A document moves a batch in a place once for each of its lines: a retry finds what it did before.
            models.UniqueConstraint(
                "organization",
                "document_kind",
                "document_id",
                "line",
                "batch",
                "place",
                "kind",
                name="inventory_move_once",
            ),
            models.CheckConstraint(condition=~Q(quantity=0), name="inventory_move_quantity"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="inventory_move_cost"),
        ]
        indexes = [
            models.Index("organization", "batch", "id", name="inventory_move_of_batch"),
            models.Index("organization", "product", "on_date", "id", name="inventory_move_of_product"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.quantity:+}"
