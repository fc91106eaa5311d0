"""What the last look at the whole of the books found."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy.models import TenantModel


class BooksCheck(TenantModel):
    """One run of every registered check."""

    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"))
    # [{"name": …, "looked_at": 12, "faults": ["…"]}]: sentences that name what is off.
    results = models.JSONField(_("results"), default=list)
    fault_count = models.PositiveIntegerField(_("faults"), default=0)

    class Meta:
        verbose_name = _("check of the books")
        verbose_name_plural = _("checks of the books")
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "-id"], name="finance_bookscheck_latest")]

    def __str__(self) -> str:
        return f"{self.started_at:%d %b %Y %H:%M}"
