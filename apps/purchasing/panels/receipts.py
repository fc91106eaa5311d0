"""Receipts and bills on the pages of suppliers, and what of them needs somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.http import TenantRequest
from apps.core.ui.formats import inr
from apps.core.ui.links import Link, may_open, org_url
from apps.core.ui.pages import TablePanel
from apps.core.ui.registry import WorkItem
from apps.purchasing.models import GoodsReceipt, SupplierBill
from apps.purchasing.tables.receipts import ReceiptTable, SupplierBillTable

SEE = "purchasing.receipt.view"


class _OfSupplier(TablePanel):
    right = SEE
    limit = 10

    def context(self) -> Mapping[str, Any] | None:
        return super().context() if self.instance.is_supplier else None


class SupplierReceiptsPanel(_OfSupplier):
    """The last deliveries of a supplier."""

    title = gettext_lazy("Goods receipts")
    table_class = ReceiptTable

    def get_queryset(self) -> models.QuerySet[Any]:
        found: models.QuerySet[Any] = GoodsReceipt.objects.filter(supplier=self.instance)
        return found.order_by("-on_date", "-id")

    def all_url(self) -> str | None:
        return f"{org_url(self.request, 'purchasing:goodsreceipt_list')}?supplier={self.instance.pk}"

    def actions(self) -> Sequence[Link | None]:
        link = self.link(_("Receive goods"), "purchasing:goodsreceipt_create", "truck-delivery")
        return [Link(link.label, f"{link.url}?supplier={self.instance.pk}", link.icon) if link else None]


class SupplierBillsPanel(_OfSupplier):
    """The last bills of a supplier."""

    title = gettext_lazy("Supplier bills")
    table_class = SupplierBillTable

    def get_queryset(self) -> models.QuerySet[Any]:
        found: models.QuerySet[Any] = SupplierBill.objects.filter(supplier=self.instance)
        return found.order_by("-bill_date", "-id")

    def all_url(self) -> str | None:
        return f"{org_url(self.request, 'purchasing:supplierbill_list')}?supplier={self.instance.pk}"

    def actions(self) -> Sequence[Link | None]:
        return [self.link(_("MSMED terms"), "purchasing:supplier_terms", "file-text", pk=self.instance.pk)]


_WORK = """
SELECT (SELECT count(DISTINCT l.receipt_id) FROM purchasing_receiptline l
        JOIN purchasing_goodsreceipt r ON r.organization_id = app_org() AND r.id = l.receipt_id
          AND r.state IN ('draft', 'checked', 'parked')
        WHERE l.organization_id = app_org() AND l.asked_by_id IS NOT NULL),
       (SELECT count(*) FROM purchasing_goodsreceipt WHERE organization_id = app_org() AND state = 'checked'),
       (SELECT count(*) FROM purchasing_goodsreceipt WHERE organization_id = app_org() AND unbilled > 0),
       (SELECT coalesce(sum(unbilled), 0) FROM purchasing_goodsreceipt
        WHERE organization_id = app_org() AND unbilled > 0)
"""


def receipt_work(request: TenantRequest) -> Sequence[WorkItem]:
    """Lines that somebody asks to allow, receipts that wait for stock, and goods that wait for their bill."""
    if not may_open(request, "purchasing:goodsreceipt_list"):
        return []
    with connection.cursor() as cursor:
        cursor.execute(_WORK)
        asked, checked, unbilled, amount = cursor.fetchone()
    receipts, member, found = org_url(request, "purchasing:goodsreceipt_list"), request.member, []
    if asked and member.may("purchasing.receipt.allow"):
        text = ngettext(
            "%(count)d receipt asks you to allow a line", "%(count)d receipts ask you to allow lines", asked
        )
        found.append(
            WorkItem(
                icon="truck-delivery",
                text=text % {"count": asked},
                detail=_("Short-dated, or more than ordered"),
                url=f"{receipts}?state=draft",
                label=_("Open"),
                tone="warn",
                cost=64,
            )
        )
    if checked and member.may("purchasing.receipt.post"):
        text = ngettext("%(count)d receipt is checked", "%(count)d receipts are checked", checked)
        found.append(
            WorkItem(
                icon="truck-delivery",
                text=text % {"count": checked},
                detail=_("Add to stock"),
                url=f"{receipts}?state=checked",
                label=_("Open"),
                tone="info",
                cost=50,
            )
        )
    if unbilled and member.may("purchasing.receipt.post"):
        text = ngettext("%(count)d receipt waits for its bill", "%(count)d receipts wait for their bill", unbilled)
        found.append(
            WorkItem(
                icon="receipt",
                text=text % {"count": unbilled},
                detail=inr(amount, 0),
                url=f"{receipts}?billed=no",
                label=_("Open"),
                tone="warn",
                cost=38,
            )
        )
    return found
