"""Purchase orders on the pages of suppliers and products, and what about them needs somebody."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.http import TenantRequest
from apps.core.ui.links import Link, may_open, org_url, row_links
from apps.core.ui.pages import TablePanel
from apps.core.ui.registry import WorkItem
from apps.purchasing.models import OPEN_STATES, OrderLine, PurchaseOrder, SupplierPrice
from apps.purchasing.tables.orders import OrderTable, ProductOrderTable
from apps.purchasing.tables.prices import SupplierPriceTable

SEE, APPROVE = "purchasing.order.view", "purchasing.order.approve"


class SupplierOrdersPanel(TablePanel):
    """The last orders to a supplier."""

    title = gettext_lazy("Purchase orders")
    right = SEE
    table_class = OrderTable
    limit = 10

    def context(self) -> Mapping[str, Any] | None:
        return super().context() if self.instance.is_supplier else None

    def get_queryset(self) -> models.QuerySet[Any]:
        found: models.QuerySet[Any] = PurchaseOrder.objects.filter(supplier=self.instance)
        return found.order_by("-on_date", "-id")

    def all_url(self) -> str | None:
        return f"{org_url(self.request, 'purchasing:purchaseorder_list')}?supplier={self.instance.pk}"

    def actions(self) -> Sequence[Link | None]:
        link = self.link(_("New order"), "purchasing:purchaseorder_create", "plus")
        return [Link(link.label, f"{link.url}?supplier={self.instance.pk}", link.icon) if link else None]


class ProductOrdersPanel(TablePanel):
    """The last orders of a product, with what is still to come."""

    title = gettext_lazy("Purchase orders")
    right = SEE
    table_class = ProductOrderTable
    limit = 10
    empty = gettext_lazy("Not ordered yet")

    def get_queryset(self) -> models.QuerySet[Any]:
        found: models.QuerySet[Any] = OrderLine.objects.filter(product=self.instance)
        return found.order_by("-id")

    def row_url_maker(self) -> Callable[[Any], str | None] | None:
        make = row_links(self.request, PurchaseOrder)
        return (lambda record: make(record.order_id)) if make else None


class ProductPricesPanel(TablePanel):
    """What suppliers ask for a product, newest first."""

    title = gettext_lazy("Supplier prices")
    right = SEE
    table_class = SupplierPriceTable
    limit = 10

    def get_queryset(self) -> models.QuerySet[Any]:
        found: models.QuerySet[Any] = SupplierPrice.objects.filter(product=self.instance)
        return found.order_by("-effective_from", "-id")

    def actions(self) -> Sequence[Link | None]:
        link = self.link(_("New price"), "purchasing:supplierprice_create", "plus")
        return [Link(link.label, f"{link.url}?product={self.instance.pk}", link.icon) if link else None]


_COUNTS = """
SELECT (SELECT count(*) FROM (SELECT FROM purchasing_purchaseorder
                              WHERE organization_id = app_org() AND state = 'waiting' LIMIT 100) w),
       (SELECT count(*) FROM (SELECT FROM purchasing_purchaseorder
                              WHERE organization_id = app_org() AND state = ANY (%(open)s)
                                AND expected_on < %(today)s LIMIT 100) l)
"""


def order_work(request: TenantRequest) -> Sequence[WorkItem]:
    """Orders that wait for approval, and orders that are late."""
    if not may_open(request, "purchasing:purchaseorder_list"):
        return []
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"open": list(OPEN_STATES), "today": timezone.localdate()})
        waiting, late = cursor.fetchone()
    orders = org_url(request, "purchasing:purchaseorder_list")
    found = []
    if waiting and request.member.may(APPROVE):
        found.append(
            WorkItem(
                icon="shopping-cart",
                text=ngettext(
                    "%(count)d purchase order waits for approval",
                    "%(count)d purchase orders wait for approval",
                    waiting,
                )
                % {"count": waiting},
                detail=_("Over the limit of ordering"),
                url=f"{orders}?state=waiting",
                label=_("Open"),
                tone="warn",
                cost=58,
            )
        )
    if late:
        found.append(
            WorkItem(
                icon="truck-delivery",
                text=ngettext("%(count)d purchase order is late", "%(count)d purchase orders are late", late)
                % {"count": late},
                detail=_("Ask the supplier, or close it short"),
                url=f"{orders}?expected=late",
                label=_("Open"),
                tone="warn",
                cost=42,
            )
        )
    return found
