"""Pages of routes and price groups."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.ui.pages import CreatePage, DeletePage, DetailPage, EditPage, Empty, ListPage
from apps.parties.forms import PriceGroupForm, RouteForm
from apps.parties.models import PriceGroup, Route
from apps.parties.panels import GroupPartiesPanel, RoutePartiesPanel
from apps.parties.tables import PriceGroupTable, RouteTable

SEE, EDIT = "parties.party.view", "parties.party.edit"


class RouteList(ListPage[Route]):
    model = Route
    right = SEE
    table_class = RouteTable
    search_fields = ("name",)
    empty = Empty(_("No routes yet"), _("A route is a delivery round. Customers on it are billed and packed together."))


class RouteDetail(DetailPage[Route]):
    model = Route
    right = SEE
    panels = (RoutePartiesPanel,)


class RouteCreate(CreatePage[Route]):
    model = Route
    right = EDIT
    form_class = RouteForm


class RouteEdit(EditPage[Route]):
    model = Route
    right = EDIT
    form_class = RouteForm


class RouteDelete(DeletePage[Route]):
    model = Route
    right = EDIT


class PriceGroupList(ListPage[PriceGroup]):
    model = PriceGroup
    right = SEE
    table_class = PriceGroupTable
    search_fields = ("name",)
    empty = Empty(_("No price groups yet"), _("Customers in one price group buy at the same rates."))


class PriceGroupDetail(DetailPage[PriceGroup]):
    model = PriceGroup
    right = SEE
    panels = (GroupPartiesPanel,)


class PriceGroupCreate(CreatePage[PriceGroup]):
    model = PriceGroup
    right = EDIT
    form_class = PriceGroupForm


class PriceGroupEdit(EditPage[PriceGroup]):
    model = PriceGroup
    right = EDIT
    form_class = PriceGroupForm


class PriceGroupDelete(DeletePage[PriceGroup]):
    model = PriceGroup
    right = EDIT
