"""The registers of Schedule H1, Schedule X and narcotic drugs: written at the posting, never changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy.models import TenantForeignKey, TenantModel
from apps.inventory.models import Batch, Product
from apps.organizations.models import Branch
from apps.parties.models import Party
from apps.sales.models.bill import Bill


class Register(models.TextChoices):
    """Which register (Drugs Rules 1945, rule 65(3) and (4); NDPS Rules 1985)."""

    H1 = "H1", _("Schedule H1")
    X = "X", _("Schedule X")
    NDPS = "NDPS", _("Narcotic and psychotropic")


class RegisterEntry(TenantModel):
    """So much of a batch of a controlled drug that went to a party. What is taken back is a row with less than zero.

    Names and numbers are kept as they were: an inspector reads what was true on the day.
    """

    append_only: ClassVar[bool] = True

    register = models.CharField(_("register"), max_length=4, choices=Register)
    branch = TenantForeignKey(
        Branch, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch"), db_index=False
    )
    on_date = models.DateField(_("date"))
    bill = TenantForeignKey(
        Bill, on_delete=models.PROTECT, related_name="register_entries", verbose_name=_("bill"), db_index=False
    )
    bill_number = models.CharField(_("bill number"), max_length=16)
    product = TenantForeignKey(
        Product, on_delete=models.PROTECT, related_name="+", verbose_name=_("product"), db_index=False
    )
    batch = TenantForeignKey(Batch, on_delete=models.PROTECT, related_name="+", verbose_name=_("batch"), db_index=False)
    # Free units leave as well.
    quantity = models.IntegerField(_("quantity"))
    party = TenantForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("purchaser"), db_index=False
    )
    party_name = models.CharField(_("name of the purchaser"), max_length=120)
    party_address = models.CharField(_("address"), max_length=400, blank=True)
    licences = models.CharField(_("licences of the purchaser"), max_length=200, blank=True)
    moment = models.DateTimeField(_("written"), auto_now_add=True)

    class Meta:
        verbose_name = _("entry of a drug register")
        verbose_name_plural = _("entries of drug registers")
        ordering = ["on_date", "id"]
        constraints = [models.CheckConstraint(condition=~Q(quantity=0), name="sales_registerentry_quantity")]
        indexes = [
            # A page for each drug, by date.
            models.Index("organization", "register", "product", "on_date", "id", name="sales_register_by_drug"),
            models.Index("organization", "register", "on_date", "id", name="sales_register_by_date"),
            models.Index("organization", "bill", name="sales_register_of_bill"),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.bill_number}: {self.quantity:+}"
