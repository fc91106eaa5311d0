"""Number series: consecutive document numbers per branch, kind and financial year (CGST Rules 2017, rule 46(b))."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey
from apps.organizations.models.branch import Branch
from apps.organizations.rules.numbering import DocumentKind, format_number

DOCUMENT_KINDS = [(kind.value, _(kind.caption)) for kind in DocumentKind]

_FORWARD_ONLY = """
IF NEW.next_number < OLD.next_number AND OLD.next_number > OLD.first_number THEN
    RAISE EXCEPTION 'Number series % is at %: it never goes back.', OLD.prefix, OLD.next_number
        USING ERRCODE = 'restrict_violation';
END IF;
IF OLD.next_number > OLD.first_number
   AND (NEW.prefix, NEW.first_number, NEW.branch_id, NEW.kind, NEW.financial_year)
       IS DISTINCT FROM (OLD.prefix, OLD.first_number, OLD.branch_id, OLD.kind, OLD.financial_year) THEN
    RAISE EXCEPTION 'Number series % has given out numbers: it stays as it is.', OLD.prefix
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""
_KEPT = """
IF OLD.next_number > OLD.first_number THEN
    RAISE EXCEPTION 'Number series % has given out numbers: it is kept.', OLD.prefix
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN OLD;
"""


# The running number is left out of the history: the documents themselves say who took which number.
@audited(exclude=["next_number"])
class NumberSeries(BusinessModel):
    """The next number of one kind of document. `prefix` is what stands before it, such as `BK/2627/`.

    Once a number is out, the database itself refuses to turn it back, to change what made it, and to delete the series.
    """

    branch = TenantForeignKey(Branch, on_delete=models.PROTECT, related_name="series", verbose_name=_("branch"))
    kind = models.CharField(_("document"), max_length=20, choices=DOCUMENT_KINDS)
    financial_year = models.PositiveSmallIntegerField(_("financial year"), help_text=_("The year it starts in."))
    prefix = models.CharField(_("prefix"), max_length=15)
    width = models.PositiveSmallIntegerField(_("digits"), default=5)
    first_number = models.PositiveIntegerField(
        _("first number"), default=1, help_text=_("Go on where your last software stopped, or start at 1.")
    )
    next_number = models.PositiveIntegerField(_("next number"), default=1, editable=False)

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
            models.CheckConstraint(
                condition=models.Q(first_number__gte=1, next_number__gte=models.F("first_number")),
                name="organizations_series_forward",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="forward_only", when=pgtrigger.Before, operation=pgtrigger.Update, func=_FORWARD_ONLY
            ),
            pgtrigger.Trigger(name="kept_once_used", when=pgtrigger.Before, operation=pgtrigger.Delete, func=_KEPT),
        ]

    def __str__(self) -> str:
        return self.prefix

    @property
    def next_text(self) -> str:
        """The number that the next document gets."""
        return format_number(self.prefix, self.next_number, self.width)

    @property
    def is_used(self) -> bool:
        """Whether a number has been given out."""
        return self.next_number > self.first_number
