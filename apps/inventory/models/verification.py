"""What the nightly proof of the stock found."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy.models import TenantModel


class StockVerification(TenantModel):
    """One rebuilding of every balance from the moves."""

    append_only = True

    ran_at = models.DateTimeField(_("when"))
    moves = models.BigIntegerField(_("moves"))
    balances = models.BigIntegerField(_("balances"))
    differences = models.BigIntegerField(_("differences"))
    # The first of them, in words.
    found = models.JSONField(_("what differs"), default=list)

    class Meta:
        verbose_name = _("verification of the stock")
        verbose_name_plural = _("verifications of the stock")
        ordering = ["-ran_at"]
        indexes = [models.Index("organization", models.F("ran_at").desc(), name="inventory_verification_last")]

    def __str__(self) -> str:
        return f"{self.ran_at:%d %b %Y %H:%M}"
