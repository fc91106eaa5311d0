"""How much lies where, and the totals of it.

Moves explain every unit. What stands here follows from them and is kept by triggers (migration
`0003_ledger_triggers`), so that no statement can change the one without the other; `manage.py verify_stock` proves it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy.models import OrganizationKey, TenantForeignKey, TenantModel
from apps.inventory.models.batch import Batch
from apps.inventory.models.place import Place
from apps.inventory.models.product import Product

# The trigger on moves that makes stock of them.
MADE_BY = "inventory_moved_insert"


class Stock(TenantModel):
    """How much of a batch lies in a place.

    Rows are narrow and change often. Product, expiry, cost and `saleable` (batch not held, place for sale) are copies
    that spare every reader two joins; triggers on Batch and Place keep them.
    """

    derived = True

    organization = OrganizationKey(
        settings.TENANT_MODEL,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("organization"),
    )

    # The trigger that makes the row has looked all three up. Others keep batches and places of which there is stock.
    batch = TenantForeignKey(
        Batch, on_delete=models.PROTECT, checked_by=MADE_BY, related_name="stock", verbose_name=_("batch")
    )
    place = TenantForeignKey(
        Place, on_delete=models.PROTECT, checked_by=MADE_BY, related_name="stock", verbose_name=_("place")
    )
    product = TenantForeignKey(
        Product, on_delete=models.PROTECT, checked_by=MADE_BY, related_name="stock", verbose_name=_("product")
    )
    expiry = models.DateField(_("expiry"))
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=4)
    saleable = models.BooleanField(_("saleable"))
    on_hand = models.IntegerField(_("on hand"), default=0)
    reserved = models.IntegerField(_("held"), default=0)
    # Indexes ask for this and not for the quantity: an update of an indexed column would write every index anew.
    in_stock = models.GeneratedField(
        expression=cast(Any, Q(on_hand__gt=0)),
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name=_("in stock"),
    )

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stock")
        ordering = ["expiry", "id"]
        constraints = [
            models.UniqueConstraint("organization", "batch", "place", name="inventory_stock_unique"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="inventory_stock_on_hand"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, reserved__lte=F("on_hand")), name="inventory_stock_reserved"
            ),
        ]
        indexes = [
            # Picking, and a product's batches in picking order.
            models.Index(
                "organization", "product", "expiry", "id", name="inventory_stock_fefo", condition=Q(in_stock=True)
            ),
            models.Index("organization", "expiry", "id", name="inventory_stock_expiry", condition=Q(in_stock=True)),
            models.Index(
                "organization", "place", "expiry", "id", name="inventory_stock_place", condition=Q(in_stock=True)
            ),
            # The few rows that are not for sale, without walking past all that are.
            models.Index(
                "organization",
                "expiry",
                "id",
                name="inventory_stock_blocked",
                condition=Q(in_stock=True, saleable=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch}: {self.on_hand}"

    @property
    def free(self) -> int:
        """On hand and not held for anybody."""
        return self.on_hand - self.reserved


class Reservation(TenantModel):
    """Goods of a batch in a place, held for a document."""

    document_kind = models.CharField(_("document"), max_length=30)
    document_id = models.BigIntegerField()
    document_number = models.CharField(_("number"), max_length=30, blank=True)
    batch = TenantForeignKey(Batch, on_delete=models.PROTECT, related_name="reservations", verbose_name=_("batch"))
    place = TenantForeignKey(Place, on_delete=models.PROTECT, related_name="reservations", verbose_name=_("place"))
    product = TenantForeignKey(
        Product, on_delete=models.PROTECT, related_name="reservations", verbose_name=_("product")
    )
    quantity = models.IntegerField(_("quantity"))
    moment = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "document_kind",
                "document_id",
                "batch",
                "place",
                name="inventory_reservation_unique",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_reservation_quantity"),
        ]
        indexes = [models.Index("organization", "batch", "place", name="inventory_reservation_of_batch")]

    def __str__(self) -> str:
        return f"{self.document_kind} {self.document_number}: {self.quantity}"


class ProductStock(TenantModel):
    """Totals of a product, and the row whose lock orders everybody who changes its stock.

    Every product has one from the moment it is made, so that a product without stock can be low.
    """

    derived = True

    # A trigger makes and removes the row with its product.
    product = TenantForeignKey(Product, on_delete=models.DO_NOTHING, related_name="totals", verbose_name=_("product"))
    on_hand = models.BigIntegerField(_("on hand"), default=0)
    reserved = models.BigIntegerField(_("held"), default=0)
    # On hand and not held, of saleable batches in places for sale: what low stock is judged by.
    free = models.BigIntegerField(_("free"), default=0)
    # The product's own, or nothing where it is discontinued or has none.
    reorder_level = models.IntegerField(_("reorder level"), null=True)
    is_low = models.GeneratedField(
        expression=cast(Any, Q(reorder_level__isnull=False) & Q(free__lte=F("reorder_level"))),
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name=_("low"),
    )

    class Meta:
        verbose_name = _("total of a product")
        verbose_name_plural = _("totals of products")
        ordering = ["product"]
        constraints = [models.UniqueConstraint("organization", "product", name="inventory_productstock_unique")]
        indexes = [models.Index("organization", "product", name="inventory_productstock_low", condition=Q(is_low=True))]

    def __str__(self) -> str:
        return f"{self.on_hand}"


class FigureKind(models.TextChoices):
    """What a figure counts."""

    SALEABLE = "saleable", _("For sale")
    BLOCKED = "blocked", _("Not for sale")
    PRODUCT = "product", _("Products in stock")
    LOW = "low", _("Products that are low")
    COLD = "cold", _("Kept at 2–8 °C")
    H1 = "h1", _("Schedule H1")


class StockFigure(TenantModel):
    """Counts and values of the whole stock, by month of expiry; summed over the shards.

    A transaction adds to a shard that no other uses at that moment, so that no two postings wait for one row; one
    shard's own figures may be negative. `queries.figures` sums them.
    """

    derived = True

    shard = models.SmallIntegerField()
    kind = models.CharField(max_length=8, choices=FigureKind)
    expiry = models.DateField(_("expiry"), null=True)
    entries = models.BigIntegerField(_("entries"), default=0)
    on_hand = models.BigIntegerField(_("on hand"), default=0)
    reserved = models.BigIntegerField(_("held"), default=0)
    value = models.DecimalField(_("value at cost"), max_digits=22, decimal_places=4, default=Decimal(0))

    class Meta:
        verbose_name = _("figure of the stock")
        verbose_name_plural = _("figures of the stock")
        ordering = ["kind", "expiry"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "shard", "kind", "expiry"],
                name="inventory_stockfigure_unique",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.expiry}"
