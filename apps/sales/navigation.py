"""Where selling appears in the menu, the palette and on the home page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.http import TenantRequest
from apps.core.ui import registry
from apps.core.ui.formats import money
from apps.core.ui.links import row_links
from apps.core.ui.registry import Hit, NavEntry, NavGroup, Panel, SearchProvider
from apps.sales.models import Bill
from apps.sales.panels.bills import CustomerBillsPanel

_MOST_HITS = 8


def find_bills(request: TenantRequest, text: str) -> list[Hit]:
    """Bills for the palette, by the beginning of their number."""
    make = row_links(request, Bill)
    rows = Bill.objects.filter(number__prefix=text.strip().upper()).order_by("number", "id")
    return [
        Hit(label=number, detail=customer or "", url=make(key) if make else "", icon="file-text", end=money(total))
        for key, number, customer, total in rows.values_list("pk", "number", "customer__name", "total")[:_MOST_HITS]
        if number
    ]


def register() -> None:
    """Add the entries to the frame."""
    registry.add(
        NavGroup("sales", _("Sales"), order=5),
        NavEntry(
            "sales", _("Bills"), icon="file-text", route="sales:bill_list", keys="g b", order=10, phone=_("Bills")
        ),
        SearchProvider(_("Bills"), search=find_bills, right="sales.bill.view"),
        Panel("parties.party", CustomerBillsPanel, order=15),
    )
