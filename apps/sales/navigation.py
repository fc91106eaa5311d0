"""Where selling appears in the menu, the palette and on the home page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.http import TenantRequest
from apps.core.ui import registry
from apps.core.ui.formats import inr
from apps.core.ui.links import may_open, org_url
from apps.core.ui.registry import Command, Hit, HomePanel, NavEntry, NavGroup, Panel, SearchProvider, Tile, Work
from apps.sales.panels.bills import CustomerBillsPanel
from apps.sales.panels.home import MovingPanel, SalesPanel, approval_work, month_tile, returns_work, today_tile
from apps.sales.queries.found import documents_found

SEE = "sales.bill.view"


def find_documents(request: TenantRequest, text: str) -> list[Hit]:
    """Bills and credit notes by their number, for the palette."""
    hits = []
    for one in documents_found(text):
        routes = (f"sales:{one.kind}_detail", f"sales:{one.kind}_print")
        route = next((name for name in routes if may_open(request, name)), "")
        if route:
            url = org_url(request, route, pk=one.id)
            icon = "file-invoice" if one.kind == "bill" else "truck-return"
            hits.append(Hit(label=one.number, detail=one.party, url=url, icon=icon, end=inr(one.total)))
    return hits


def register() -> None:
    """Add the entries to the frame."""
    registry.add(
        NavGroup("sales", _("Sales"), order=5),
        NavEntry(
            "sales", _("Bills"), icon="file-text", route="sales:bill_list", keys="g b", order=10, phone=_("Bills")
        ),
        Command(_("New bill"), icon="plus", route="sales:bill_create", keys="n s"),
        Panel("parties.party", CustomerBillsPanel, order=15),
        NavEntry("sales", _("Returns"), icon="truck-return", route="sales:salesreturn_list", order=30),
        NavEntry("sales", _("Registers"), icon="list-details", route="sales:registers", order=60),
        Command(_("Take goods back"), icon="truck-return", route="sales:salesreturn_create", keys="n g"),
        SearchProvider(_("Bills and credit notes"), search=find_documents, right=SEE, prefix="#", order=10),
        Tile(_("Sales today"), value=today_tile, right=SEE, order=5),
        Tile(_("Sales this month"), value=month_tile, right=SEE, order=6),
        Work(approval_work, right="sales.bill.allow", order=5),
        Command(_("Questions about bills"), icon="help-circle", route="sales:billapproval_list"),
        Work(returns_work, right="sales.return.edit", order=40),
        HomePanel(SalesPanel, order=10, lead=True),
        HomePanel(MovingPanel, order=50),
    )
