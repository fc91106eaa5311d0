"""What was sold each day, for the home page: kept by triggers in the posting itself, never summed up from bills."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy.models import TenantForeignKey, TenantModel
from apps.organizations.models import Branch


class DailySales(TenantModel):
    """Bills and returns of a branch on a day. A day has several rows, so that postings do not wait for one another."""

    derived: ClassVar[bool] = True

    branch = TenantForeignKey(
        Branch, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch"), db_index=False
    )
    on_date = models.DateField(_("date"))
    shard = models.PositiveSmallIntegerField()
    bills = models.IntegerField(_("bills"), default=0)
    # With tax, as the documents' totals are.
    billed = models.DecimalField(_("billed"), max_digits=16, decimal_places=2, default=0)
    returned = models.DecimalField(_("returned"), max_digits=16, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("sales of a day")
        verbose_name_plural = _("sales of days")
        ordering = ["on_date", "id"]
        constraints = [
            models.UniqueConstraint("organization", "on_date", "branch", "shard", name="sales_dailysales_unique")
        ]
        indexes = [models.Index("organization", "branch", name="sales_dailysales_branch")]

    def __str__(self) -> str:
        return f"{self.on_date}: {self.billed}"
