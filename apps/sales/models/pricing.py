"""What goods are sold for: rates and schemes by date, and how far each role may go."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey
from apps.inventory.models import Product
from apps.organizations.models import Role
from apps.parties.models import Party, PriceGroup
from apps.sales.rules import prices

_PERCENT = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]
_ONE_SIDE = _("Name a customer or a price group, not both.")
_DATES = _("It ends on or after the day it begins.")


class Basis(models.TextChoices):
    """What a rate is reckoned from."""

    PTR = prices.Basis.PTR.value, _("PTR")
    PTS = prices.Basis.PTS.value, _("PTS")
    MRP = prices.Basis.MRP.value, _("MRP without its tax")
    COST = prices.Basis.COST.value, _("Cost")
    FIXED = prices.Basis.FIXED.value, _("Fixed rate")


@audited
class SellingRate(BusinessModel):
    """A rate for one customer, a price group or everybody; for one product or all; from a day on.

    The nearest holds: the customer's own before the group's, one for the product before one for everything. Where
    nothing holds, goods are sold at PTR.
    """

    customer = TenantForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="selling_rates", verbose_name=_("customer")
    )
    price_group = TenantForeignKey(
        PriceGroup,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="selling_rates",
        verbose_name=_("price group"),
    )
    product = TenantForeignKey(
        Product,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="selling_rates",
        verbose_name=_("product"),
        help_text=_("Empty is every product."),
    )
    basis = models.CharField(_("reckoned from"), max_length=5, choices=Basis, default=Basis.PTR)
    percent = models.DecimalField(
        _("more or less %"),
        max_digits=7,
        decimal_places=3,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(-100))],
        help_text=_("−5 is five per cent less than the basis."),
    )
    amount = models.DecimalField(
        _("fixed rate"),
        max_digits=14,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Rupees per base unit without tax."),
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True, help_text=_("Leave empty until further notice."))

    class Meta:
        verbose_name = _("selling rate")
        verbose_name_plural = _("selling rates")
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "customer",
                "price_group",
                "product",
                "valid_from",
                nulls_distinct=False,
                name="sales_sellingrate_unique",
                violation_error_message=_("There is a rate for this from that day already."),
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=True) | Q(price_group__isnull=True),
                name="sales_sellingrate_one_side",
                violation_error_message=_ONE_SIDE,
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="sales_sellingrate_dates",
                violation_error_message=_DATES,
            ),
            models.CheckConstraint(
                condition=Q(basis="fixed", amount__isnull=False, product__isnull=False)
                | (~Q(basis="fixed") & Q(amount__isnull=True)),
                name="sales_sellingrate_fixed",
                violation_error_message=_("A fixed rate names its product and the amount; any other has no amount."),
            ),
            models.CheckConstraint(condition=Q(percent__gte=-100), name="sales_sellingrate_percent"),
        ]
        indexes = [
            models.Index("organization", "product", "valid_from", name="sales_sellingrate_product"),
            models.Index("organization", "valid_from", "id", name="sales_sellingrate_by_day"),
        ]

    def __str__(self) -> str:
        return (
            f"{self.get_basis_display()} {self.percent.normalize():+f}%" if self.amount is None else f"{self.amount:f}"
        )


@audited
class Scheme(BusinessModel):
    """Free goods: so many free for so many paid, in whole multiples only."""

    product = TenantForeignKey(Product, on_delete=models.PROTECT, related_name="schemes", verbose_name=_("product"))
    customer = TenantForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="schemes", verbose_name=_("customer")
    )
    price_group = TenantForeignKey(
        PriceGroup,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="schemes",
        verbose_name=_("price group"),
        help_text=_("Both empty is every customer."),
    )
    paid = models.PositiveSmallIntegerField(_("paid"), validators=[MinValueValidator(1)])
    free = models.PositiveSmallIntegerField(_("free"), validators=[MinValueValidator(1)])
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True, help_text=_("Leave empty until further notice."))

    class Meta:
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "product",
                "customer",
                "price_group",
                "paid",
                "valid_from",
                nulls_distinct=False,
                name="sales_scheme_unique",
                violation_error_message=_("There is such a scheme from that day already."),
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=True) | Q(price_group__isnull=True),
                name="sales_scheme_one_side",
                violation_error_message=_ONE_SIDE,
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="sales_scheme_dates",
                violation_error_message=_DATES,
            ),
            models.CheckConstraint(condition=Q(paid__gte=1, free__gte=1), name="sales_scheme_figures"),
        ]
        indexes = [models.Index("organization", "valid_from", "id", name="sales_scheme_by_day")]

    def __str__(self) -> str:
        return f"{self.paid}+{self.free}"


@audited
class DiscountLimit(BusinessModel):
    """How much discount a role may give; more is asked of the owner. Without a row there is no limit."""

    role = TenantForeignKey(Role, on_delete=models.PROTECT, related_name="+", verbose_name=_("role"))
    line_percent = models.DecimalField(
        _("on a line %"), max_digits=6, decimal_places=3, null=True, blank=True, validators=_PERCENT
    )
    bill_percent = models.DecimalField(
        _("on a bill %"), max_digits=6, decimal_places=3, null=True, blank=True, validators=_PERCENT
    )

    class Meta:
        verbose_name = _("limit of discount")
        verbose_name_plural = _("limits of discount")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "role",
                name="sales_discountlimit_role",
                violation_error_message=_("This role has its limit already."),
            ),
            models.CheckConstraint(
                condition=(Q(line_percent__isnull=True) | Q(line_percent__gte=0, line_percent__lte=100))
                & (Q(bill_percent__isnull=True) | Q(bill_percent__gte=0, bill_percent__lte=100)),
                name="sales_discountlimit_percent",
            ),
        ]

    def __str__(self) -> str:
        return str(self.role)


@audited
class RestrictedProduct(BusinessModel):
    """The most that one party may be sold of a product on one day."""

    product = TenantForeignKey(
        Product, on_delete=models.PROTECT, related_name="restrictions", verbose_name=_("product")
    )
    most_a_day = models.PositiveIntegerField(
        _("most a day"), validators=[MinValueValidator(1)], help_text=_("Base units for one party on one day.")
    )
    reason = models.CharField(_("why"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("restricted product")
        verbose_name_plural = _("restricted products")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "product",
                name="sales_restrictedproduct_unique",
                violation_error_message=_("This product is restricted already."),
            ),
            models.CheckConstraint(condition=Q(most_a_day__gte=1), name="sales_restrictedproduct_most"),
        ]

    def __str__(self) -> str:
        return str(self.product)


@audited
class SellingTerms(BusinessModel):
    """How strict the business is. There is at most one row; without one the defaults hold."""

    credit_stops = models.BooleanField(
        _("stop at the credit limit"),
        default=True,
        help_text=_("Bills over the limit, or of somebody overdue, wait for the owner. Otherwise it is only said."),
    )
    most_overdue_days = models.PositiveSmallIntegerField(
        _("days overdue"),
        null=True,
        blank=True,
        help_text=_("How late the oldest bill may be. Empty is never asked."),
    )
    below_cost_stops = models.BooleanField(
        _("stop below cost"), default=True, help_text=_("Lines below what the goods cost wait for the owner.")
    )

    class Meta:
        verbose_name = _("terms of selling")
        verbose_name_plural = _("terms of selling")
        constraints = [models.UniqueConstraint("organization", name="sales_sellingterms_one")]

    def __str__(self) -> str:
        return str(_("Terms of selling"))
