"""The tenant."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.organizations.rules.time_zones import DEFAULT, is_time_zone

YEAR_STARTS = [(1, _("January")), (4, _("April")), (7, _("July")), (10, _("October"))]


def validate_time_zone(name: str) -> None:
    """Refuse what the time zone database does not list."""
    if not is_time_zone(name):
        raise ValidationError(_("There is no time zone of that name."), code="unknown")


@audited
class Organization(models.Model):
    """One business. Its primary key is the organization_id of every row it owns."""

    row_policies: ClassVar[dict[str, str]] = {
        "tenant": "USING (id = app_org())",
        "member": (
            "FOR SELECT USING (EXISTS (SELECT FROM organizations_membership m "
            "WHERE m.organization_id = organizations_organization.id AND m.user_id = app_user()))"
        ),
    }

    name = models.CharField(_("business name"), max_length=120)
    slug = models.SlugField(
        _("web address"), max_length=40, unique=True, help_text=_("Letters, digits and hyphens: /o/banyan-kite/")
    )
    financial_year_start = models.PositiveSmallIntegerField(
        _("financial year starts in"),
        default=4,
        choices=YEAR_STARTS,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text=_("April for every business under Indian tax law."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=40,
        default=DEFAULT,
        validators=[validate_time_zone],
        help_text=_("A day begins at its midnight: batches expire then, licences end, dues fall due."),
    )
    require_second_factor = models.BooleanField(
        _("every member needs a second factor"),
        default=False,
        help_text=_("Members without a passkey or an authenticator app are asked to add one before they go on."),
    )
    active = models.BooleanField(_("active"), default=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True, editable=False)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = [Lower("name"), "id"]

    def __str__(self) -> str:
        return self.name
