"""Which documents went out on paper, how often, and by whom: a second copy says that it is one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy.models import TenantForeignKey, TenantModel
from apps.organizations.models import Membership
from apps.sales.rules.paper import Copy


class PrintWay(models.TextChoices):
    """How a copy went out."""

    PRINT = "print", _("Printed")
    PDF = "pdf", _("Fetched as PDF")
    MAIL = "mail", _("Sent by e-mail")


class PrintedCopy(TenantModel):
    """One copy of a document that went out."""

    append_only: ClassVar[bool] = True

    # As `finance.documents` knows it, such as sales.bill.
    document_kind = models.CharField(_("document"), max_length=30)
    document_id = models.BigIntegerField()
    copy = models.CharField(_("copy"), max_length=10, choices=[(copy.value, _(copy.caption)) for copy in Copy])
    way = models.CharField(_("how"), max_length=5, choices=PrintWay)
    # Where it went, by e-mail.
    sent_to = models.CharField(_("to"), max_length=254, blank=True)
    person = TenantForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("by")
    )
    moment = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("printed copy")
        verbose_name_plural = _("printed copies")
        ordering = ["id"]
        indexes = [
            models.Index("organization", "document_kind", "document_id", "copy", name="sales_printedcopy_of_document")
        ]

    def __str__(self) -> str:
        return f"{self.document_kind} {self.document_id}: {self.get_copy_display()}"
