"""Number series: consecutive document numbers per branch, kind and financial year (CGST Rules 2017, rule 46(b))."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey
from apps.organizations.models.branch import Branch
from apps.organizations.rules.numbering import DocumentKind


@audited(exclude=["next_number"])
class NumberSeries(BusinessModel):
    """The next number of one kind of document. `prefix` is what stands before it, such as `BK/2627/`."""

    branch = TenantForeignKey(Branch, on_delete=models.PROTECT, related_name="series", verbose_name=_("branch"))
    kind = models.CharField(_("document"), max_length=20, choices=DocumentKind.choices())
    financial_year = models.PositiveSmallIntegerField(_("financial year"), help_text=_("The year it starts in."))
    prefix = models.CharField(_("prefix"), max_length=15)
    width = models.PositiveSmallIntegerField(_("digits"), default=5)
    next_number = models.PositiveIntegerField(_("next number"), default=1)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        ordering = ["-financial_year", "branch", "kind"]
        constraints = [
            models.UniqueConstraint(
                "organization", "branch", "kind", "financial_year", name="organizations_series_unique"
            ),
            models.UniqueConstraint(
                "organization", "financial_year", Upper("prefix"), name="organizations_series_prefix_unique"
            ),
            models.CheckConstraint(condition=models.Q(next_number__gte=1), name="organizations_series_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}{self.next_number:0{self.width}d}"
