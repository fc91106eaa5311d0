"""Revisions of MRP, PTR and PTS for many products at once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey, TenantModel
from apps.inventory.models.product import Product


class RevisionState(models.TextChoices):
    """What became of a revision."""

    DRAFT = "draft", _("Preview")
    APPLIED = "applied", _("Applied")
    UNDONE = "undone", _("Undone")


@audited
class RateRevision(BusinessModel):
    """New prices from a date on: first a preview, then applied, taken back while no batch came in at them."""

    name = models.CharField(_("called"), max_length=80, help_text=_("Such as “Lantern price list, December”."))
    effective_from = models.DateField(_("effective from"))
    state = models.CharField(
        _("state"), max_length=7, choices=RevisionState, default=RevisionState.DRAFT, editable=False
    )
    applied_at = models.DateTimeField(_("applied"), null=True, editable=False)
    # The import that brought it, so that the rows of one file make one revision.
    job_number = models.BigIntegerField(null=True, editable=False)
    lines_count = models.PositiveIntegerField(_("products"), default=0, editable=False)

    class Meta:
        verbose_name = _("price revision")
        verbose_name_plural = _("price revisions")
        ordering = ["-effective_from", "-id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "job_number",
                condition=Q(job_number__isnull=False),
                name="inventory_raterevision_of_job",
            )
        ]
        indexes = [models.Index("organization", "effective_from", "id", name="inventory_revision_by_date")]

    def __str__(self) -> str:
        return self.name


class RateRevisionLine(TenantModel):
    """Old and new prices of one product. `replaced` tells that there was a price from the very day before."""

    revision = TenantForeignKey(
        RateRevision, on_delete=models.CASCADE, related_name="lines", verbose_name=_("price revision")
    )
    product = TenantForeignKey(
        Product, on_delete=models.PROTECT, related_name="revision_lines", verbose_name=_("product")
    )
    old_mrp = models.DecimalField(_("old MRP"), max_digits=12, decimal_places=2, null=True)
    new_mrp = models.DecimalField(_("new MRP"), max_digits=12, decimal_places=2)
    old_ptr = models.DecimalField(_("old PTR"), max_digits=14, decimal_places=4, null=True)
    new_ptr = models.DecimalField(_("new PTR"), max_digits=14, decimal_places=4, null=True)
    old_pts = models.DecimalField(_("old PTS"), max_digits=14, decimal_places=4, null=True)
    new_pts = models.DecimalField(_("new PTS"), max_digits=14, decimal_places=4, null=True)
    replaced = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("line of a price revision")
        verbose_name_plural = _("lines of price revisions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint("organization", "revision", "product", name="inventory_revisionline_unique"),
            models.CheckConstraint(condition=Q(new_mrp__gt=0), name="inventory_revisionline_mrp"),
        ]
        indexes = [
            models.Index("organization", "revision", "id", name="inventory_revisionline_by_id"),
            models.Index("organization", "product", name="inventory_revisionline_product"),
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.new_mrp:f}"
