"""Cards of bills: on a bill's page, and on the page of the customer."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.ui.pages import TablePanel
from apps.sales.models import Bill, BillPick
from apps.sales.tables.bills import BillPickTable, CustomerBillTable

SEE = "sales.bill.view"


class BillPicksPanel(TablePanel):
    """Each batch that left, as it stands on paper."""

    title = _("Lines and batches")
    right = SEE
    table_class = BillPickTable
    limit = 1_000
    empty = _("Nothing has left yet: the bill is not posted.")

    def get_queryset(self) -> QuerySet[BillPick]:
        found: QuerySet[BillPick] = BillPick.objects.filter(bill=self.instance).order_by("line__position", "id")
        return found


class CustomerBillsPanel(TablePanel):
    """The last bills of a party."""

    title = _("Last bills")
    right = SEE
    table_class = CustomerBillTable
    limit = 10
    empty = _("Nothing was billed to them yet.")

    def get_queryset(self) -> QuerySet[Bill]:
        found: QuerySet[Bill] = Bill.objects.filter(customer=self.instance).exclude(number="")
        return found.order_by("-on_date", "-id")

    def all_url(self) -> str | None:
        link = self.link("", "sales:bill_list")
        return f"{link.url}?customer={self.instance.pk}" if link else None
