"""What a person wants to be told about the stock, and what they were told."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy.models import TenantForeignKey, TenantModel
from apps.organizations.models import Membership


class NearExpiry(models.IntegerChoices):
    """How many days ahead somebody wants to know of goods that expire."""

    NEVER = 0, _("Not at all")
    DAYS_30 = 30, _("30 days ahead")
    DAYS_60 = 60, _("60 days ahead")
    DAYS_90 = 90, _("90 days ahead")
    DAYS_180 = 180, _("180 days ahead")


class AlertSubscription(TenantModel):
    """A member's choice of alerts. Without one everything is shown and nothing is sent by e-mail."""

    member = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("member")
    )
    low_stock = models.BooleanField(_("low stock"), default=True)
    near_expiry_days = models.PositiveSmallIntegerField(
        _("near expiry"),
        default=NearExpiry.DAYS_90,
        choices=NearExpiry,
    )
    expired = models.BooleanField(_("expired"), default=True)
    recalled = models.BooleanField(_("recalled and still in stock"), default=True)
    licences = models.BooleanField(_("drug licences that end"), default=True)
    digest = models.BooleanField(
        _("a summary by e-mail each morning"),
        default=False,
        help_text=_("At 7 in the morning, when there is anything."),
    )
    # The address under which the member uses the product, for the links of the e-mail.
    origin = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("choice of alerts")
        verbose_name_plural = _("choices of alerts")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint("organization", "member", name="inventory_alertsubscription_unique"),
            models.CheckConstraint(
                condition=models.Q(near_expiry_days__in=NearExpiry.values), name="inventory_alertsubscription_days"
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)


class AlertDigest(TenantModel):
    """A morning's summary for a member. There is one a day at most, whoever asks for it."""

    append_only = True

    member = TenantForeignKey(Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("member"))
    on_date = models.DateField(_("date"))
    moment = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("morning summary")
        verbose_name_plural = _("morning summaries")
        ordering = ["-on_date", "id"]
        constraints = [
            models.UniqueConstraint("organization", "member", "on_date", name="inventory_alertdigest_unique")
        ]

    def __str__(self) -> str:
        return f"{self.on_date}"
