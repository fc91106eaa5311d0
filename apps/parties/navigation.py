"""Where parties appear in the menu, the palette and on the home page."""

from __future__ import annotations

from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.core.http import TenantRequest
from apps.core.ui import registry
from apps.core.ui.links import page_url
from apps.core.ui.registry import Command, Hit, NavEntry, NavGroup, SearchProvider
from apps.parties.models import Party


def find_parties(request: TenantRequest, text: str) -> list[Hit]:
    """Parties for the palette."""
    found = Party.objects.filter(active=True).matching(text).order_by(Lower("name"), "id")[:8]
    return [
        Hit(
            label=party.name,
            detail=party.city,
            url=page_url(request, party, "detail") or "",
            icon="building-store" if party.is_customer else "briefcase",
            end=party.gstin,
        )
        for party in found
    ]


def register() -> None:
    """Add the entries to the frame."""
    registry.add(
        NavGroup("trade", _("Trade"), order=20),
        NavEntry(
            "trade",
            _("Customers and suppliers"),
            icon="building-store",
            route="parties:party_list",
            keys="g c",
            order=10,
            phone=_("Parties"),
        ),
        Command(_("New customer or supplier"), icon="plus", route="parties:party_create", keys="n c"),
        Command(_("Routes"), icon="truck-delivery", route="parties:route_list"),
        Command(_("Price groups"), icon="cash", route="parties:pricegroup_list"),
        Command(_("Possible duplicates"), icon="users", route="parties:duplicates"),
        SearchProvider(_("Customers and suppliers"), search=find_parties, right="parties.party.view", prefix="@"),
    )
