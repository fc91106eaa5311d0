"""What is traded: names, pack, law, tax and reorder facts. Quantities are in the ledger."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey, TenantModel
from apps.inventory.models.manufacturer import PERCENT, Manufacturer
from apps.inventory.querysets import ProductManager
from apps.inventory.rules.gtin import shown_gtin
from apps.inventory.rules.units import UQC


class DosageForm(models.TextChoices):
    """The form in which a product is given."""

    TABLET = "tablet", _("Tablet")
    CAPSULE = "capsule", _("Capsule")
    SYRUP = "syrup", _("Syrup")
    SUSPENSION = "suspension", _("Suspension")
    DROPS = "drops", _("Drops")
    INJECTION = "injection", _("Injection")
    INFUSION = "infusion", _("Infusion")
    CREAM = "cream", _("Cream")
    OINTMENT = "ointment", _("Ointment")
    GEL = "gel", _("Gel")
    LOTION = "lotion", _("Lotion")
    SOLUTION = "solution", _("Solution")
    SPRAY = "spray", _("Spray")
    INHALER = "inhaler", _("Inhaler")
    POWDER = "powder", _("Powder")
    SACHET = "sachet", _("Sachet")
    SUPPOSITORY = "suppository", _("Suppository")
    PATCH = "patch", _("Patch")
    VACCINE = "vaccine", _("Vaccine")
    DEVICE = "device", _("Device")
    DRESSING = "dressing", _("Dressing")
    OTHER = "other", _("Other")


class Schedule(models.TextChoices):
    """Schedules to the Drugs Rules 1945 under which a product is sold. H2 (a code on the pack) is a mark of its own."""

    NONE = "", _("Not scheduled")
    G = "G", _("Schedule G")
    H = "H", _("Schedule H")
    H1 = "H1", _("Schedule H1")
    X = "X", _("Schedule X")


class LicenceClass(models.TextChoices):
    """Which of the paired drug licences covers a product: 20B/20 or 21B/21."""

    OTHER = "other", _("Other than C and C1 (20, 20B)")
    C_C1 = "c_c1", _("C and C1, biological (21, 21B)")


class Storage(models.TextChoices):
    """The temperature at which a product is kept."""

    ROOM = "room", _("Room, below 30 °C")
    COOL = "cool", _("Cool, 8–25 °C")
    COLD = "cold", _("Cold, 2–8 °C")
    FROZEN = "frozen", _("Frozen, −20 °C")


@audited(exclude=["search_text", "composition_key"])
class Product(BusinessModel):
    """What is traded, by brand or generic name. Quantities count its base unit: a strip, a bottle, a piece."""

    name = models.CharField(_("product name"), max_length=120)
    pack = models.CharField(_("pack"), max_length=60, blank=True, help_text=_("Such as “strip of 10 tablets”."))
    code = models.CharField(
        _("item code"), max_length=30, blank=True, help_text=_("Your own, or that of other software.")
    )
    manufacturer = TenantForeignKey(
        Manufacturer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        verbose_name=_("manufacturer"),
    )
    form = models.CharField(_("dosage form"), max_length=12, choices=DosageForm, default=DosageForm.OTHER)
    strength = models.CharField(_("strength"), max_length=60, blank=True)
    # Written by the operations that write ProductSalt, never by hand.
    composition = models.CharField(_("composition"), max_length=600, blank=True, editable=False)
    composition_key = models.CharField(max_length=400, blank=True, editable=False)
    hsn = models.CharField(_("HSN"), max_length=8, blank=True)
    tax_override = models.DecimalField(
        _("own tax rate"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=PERCENT,
        help_text=_("Percent, only where it differs from the rate of the HSN code."),
    )
    schedule = models.CharField(_("schedule"), max_length=2, choices=Schedule, default=Schedule.NONE, blank=True)
    h2 = models.BooleanField(_("Schedule H2, with a code on the pack"), default=False)
    ndps = models.BooleanField(_("narcotic or psychotropic (NDPS)"), default=False)
    licence_class = models.CharField(_("licence class"), max_length=6, choices=LicenceClass, default=LicenceClass.OTHER)
    price_controlled = models.BooleanField(_("price controlled (DPCO)"), default=False)
    storage = models.CharField(_("storage"), max_length=6, choices=Storage, default=Storage.ROOM)
    base_unit = models.CharField(
        _("base unit"), max_length=20, default="strip", help_text=_("What one piece in stock is: strip, bottle, vial.")
    )
    uqc = models.CharField(
        _("UQC"), max_length=3, choices=[(code, f"{code} {name}") for code, name in UQC.items()], default="NOS"
    )
    loose = models.BooleanField(
        _("sold loose"), default=True, help_text=_("By the base unit; otherwise in whole outer packs only.")
    )
    retailer_margin = models.DecimalField(
        _("retailer's margin"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=PERCENT,
        help_text=_("Percent. Empty takes the manufacturer's."),
    )
    stockist_margin = models.DecimalField(
        _("stockist's margin"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=PERCENT,
        help_text=_("Percent. Empty takes the manufacturer's."),
    )
    default_margin = models.DecimalField(
        _("margin on cost"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Percent, for goods without a printed price."),
    )
    reorder_level = models.PositiveIntegerField(
        _("reorder level"), null=True, blank=True, help_text=_("In base units. Empty is never reported as low.")
    )
    reorder_quantity = models.PositiveIntegerField(_("reorder quantity"), null=True, blank=True)
    active = models.BooleanField(_("active"), default=True)
    # What people type into a search box, in one column so that one trigram index serves them all.
    search_text = models.GeneratedField(
        expression=Lower(
            Concat("name", models.Value(" "), "composition", models.Value(" "), "code", output_field=models.TextField())
        ),
        output_field=models.TextField(),
        db_persist=True,
        editable=False,
    )

    objects: ClassVar[ProductManager] = ProductManager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = [Lower("name"), "id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("name"),
                Lower("pack"),
                name="inventory_product_name_unique",
                violation_error_message=_("Another product has this name and pack."),
            ),
            models.UniqueConstraint(
                "organization",
                Lower("code"),
                condition=~models.Q(code=""),
                name="inventory_product_code_unique",
                violation_error_message=_("Another product has this item code."),
            ),
            models.CheckConstraint(
                condition=models.Q(hsn="") | models.Q(hsn__regex=r"^[0-9]{4}([0-9]{2}){0,2}$"),
                name="inventory_product_hsn",
                violation_error_message=_("An HSN code has 4, 6 or 8 digits."),
            ),
            models.CheckConstraint(
                condition=models.Q(reorder_quantity__isnull=True) | models.Q(reorder_quantity__gt=0),
                name="inventory_product_reorder_quantity",
                violation_error_message=_("Order 1 or more, or leave the quantity empty."),
            ),
        ]
        indexes = [
            # The list's default order; its other sorts walk an index of their own.
            models.Index("organization", Lower("name"), "id", name="inventory_product_by_name"),
            models.Index("organization", "manufacturer", Lower("name"), "id", name="inventory_product_by_maker"),
            models.Index("organization", "hsn", "id", name="inventory_product_by_hsn"),
            models.Index("organization", "reorder_level", "id", name="inventory_product_by_reorder"),
            models.Index(
                "organization",
                "composition_key",
                "id",
                name="inventory_product_same_salt",
                condition=~models.Q(composition_key=""),
            ),
            models.Index(
                "organization",
                "schedule",
                Lower("name"),
                "id",
                name="inventory_product_scheduled",
                condition=~models.Q(schedule=""),
            ),
            models.Index(
                "organization",
                "storage",
                Lower("name"),
                "id",
                name="inventory_product_kept_cool",
                condition=~models.Q(storage="room"),
            ),
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="inventory_product_search"),
        ]

    def __str__(self) -> str:
        return self.name


@audited
class PackUnit(TenantModel):
    """A larger pack of a product: a box of 10 strips, a case of 200."""

    product = TenantForeignKey(Product, on_delete=models.CASCADE, related_name="pack_units", verbose_name=_("product"))
    name = models.CharField(_("pack name"), max_length=20)
    quantity = models.PositiveIntegerField(
        _("holds"), validators=[MinValueValidator(2)], help_text=_("Base units in one such pack.")
    )

    class Meta:
        verbose_name = _("pack unit")
        verbose_name_plural = _("pack units")
        ordering = ["product", "quantity", "id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "product",
                Lower("name"),
                name="inventory_packunit_name_unique",
                violation_error_message=_("This pack is in the list already."),
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=1),
                name="inventory_packunit_quantity",
                violation_error_message=_("A pack holds 2 base units or more."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.quantity})"


@audited
class Barcode(TenantModel):
    """A code printed on a pack. A GTIN is kept with 14 digits: it is the same read as EAN-13 or from GS1."""

    class Kind(models.TextChoices):
        GTIN = "gtin", _("GTIN")
        OTHER = "other", _("Other code")

    product = TenantForeignKey(Product, on_delete=models.CASCADE, related_name="barcodes", verbose_name=_("product"))
    code = models.CharField(_("code"), max_length=80)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind, default=Kind.GTIN)
    pack_unit = TenantForeignKey(
        PackUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="barcodes",
        verbose_name=_("pack"),
        help_text=_("Empty is the base unit."),
    )

    class Meta:
        verbose_name = _("barcode")
        verbose_name_plural = _("barcodes")
        ordering = ["product", "code", "id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "code",
                name="inventory_barcode_code_unique",
                violation_error_message=_("Another product has this barcode."),
            )
        ]
        indexes = [
            models.Index("organization", "product", name="inventory_barcode_by_product"),
            models.Index("organization", "pack_unit", name="inventory_barcode_by_pack"),
        ]

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """As printed under the bars."""
        return shown_gtin(self.code) if self.kind == self.Kind.GTIN else self.code


@audited
class ProductPrice(TenantModel):
    """MRP, PTR and PTS of a product from a date on. New batches take those of the day they arrive."""

    product = TenantForeignKey(Product, on_delete=models.CASCADE, related_name="prices", verbose_name=_("product"))
    effective_from = models.DateField(_("effective from"))
    mrp = models.DecimalField(_("MRP"), max_digits=12, decimal_places=2)
    ptr = models.DecimalField(_("PTR"), max_digits=14, decimal_places=4, null=True, blank=True)
    pts = models.DecimalField(_("PTS"), max_digits=14, decimal_places=4, null=True, blank=True)

    class Meta:
        verbose_name = _("price of a product")
        verbose_name_plural = _("prices of products")
        ordering = ["product", "-effective_from"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "product",
                "effective_from",
                name="inventory_productprice_unique",
                violation_error_message=_("There is a price from this day already."),
            ),
            models.CheckConstraint(
                condition=models.Q(mrp__gt=0),
                name="inventory_productprice_mrp",
                violation_error_message=_("An MRP is more than 0."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mrp:f}"
