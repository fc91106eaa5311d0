"""Pages of customers and suppliers."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui.links import Link, page_url
from apps.core.ui.pages import (
    ArchivePage,
    Card,
    CreatePage,
    DeletePage,
    DetailPage,
    EditPage,
    Empty,
    ListPage,
    Page,
    RestorePage,
    View,
)
from apps.core.ui.tables import Badge
from apps.parties import queries
from apps.parties.filters import PartyFilter
from apps.parties.forms import PartyForm
from apps.parties.models import Party
from apps.parties.panels import AddressPanel, ContactPanel, LicencePanel
from apps.parties.tables import PartyTable

SEE, EDIT = "parties.party.view", "parties.party.edit"


class PartyList(ListPage[Party]):
    model = Party
    right = SEE
    table_class = PartyTable
    filterset_class = PartyFilter
    same_for_all = True
    search_hint = gettext_lazy("Name, city, GSTIN, phone")
    default_filters = "active=true"
    views = (
        View(gettext_lazy("Customers"), "active=true&is_customer=true"),
        View(gettext_lazy("Suppliers"), "active=true&is_supplier=true"),
        View(gettext_lazy("Licence ends soon"), "active=true&licence=ending", counted=True),
        View(gettext_lazy("No valid licence"), "active=true&licence=none"),
        View(gettext_lazy("Archived"), "active=false"),
    )
    empty = Empty(
        gettext_lazy("Nobody to trade with yet"),
        gettext_lazy("Add the customers you bill and the suppliers you buy from. A stockist can be both."),
    )

    def search(self, queryset: models.QuerySet[Party], text: str) -> models.QuerySet[Party]:
        return queryset.matching(text)  # type: ignore[attr-defined, no-any-return]

    def actions(self) -> list[Link]:
        duplicates = self.link("parties:duplicates", _("Possible duplicates"), "users")
        return [duplicates] if duplicates else []


class PartyDetail(DetailPage[Party]):
    model = Party
    right = SEE
    cards = (
        Card(gettext_lazy("Registration"), ("registration", "gstin", "pan", "state_code")),
        Card(gettext_lazy("Where they are"), ("address", "city", "pin_code", "phone", "email")),
        Card(
            gettext_lazy("Terms"),
            ("credit_limit", "credit_days", "minimum_shelf_life_days", "route", "price_group"),
        ),
    )
    panels = (LicencePanel, AddressPanel, ContactPanel)

    def badges(self) -> list[Badge]:
        kinds = [
            *([Badge(gettext_lazy("Customer"))] if self.instance.is_customer else []),
            *([Badge(gettext_lazy("Supplier"), "info")] if self.instance.is_supplier else []),
        ]
        return [*kinds, *super().badges()]


class _PartyFormPage:
    """What the form needs to know of the request."""

    request: Any

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),  # type: ignore[misc]
            "organization": self.request.organization.slug,
            "may_set_credit": self.request.member.may("parties.credit.edit"),
        }


class PartyCreate(_PartyFormPage, CreatePage[Party]):
    model = Party
    right = EDIT
    form_class = PartyForm
    title = gettext_lazy("New customer or supplier")
    submit_label = gettext_lazy("Save")

    def get_initial(self) -> dict[str, Any]:
        return {"registration": "regular"}


class PartyEdit(_PartyFormPage, EditPage[Party]):
    model = Party
    right = EDIT
    form_class = PartyForm


class PartyArchive(ArchivePage[Party]):
    model = Party
    right = EDIT


class PartyRestore(RestorePage[Party]):
    model = Party
    right = EDIT


class PartyDelete(DeletePage[Party]):
    model = Party
    right = "parties.party.delete"


class LookAlikes(Page):
    """Parties that carry a number being typed; a fragment for the form."""

    right = EDIT
    template_name = "parties/look_alikes.html"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        but = request.GET.get("but", "")
        found = queries.look_alikes(
            gstin=request.GET.get("gstin", ""),
            pan=request.GET.get("pan", ""),
            phone=request.GET.get("phone", ""),
            but=int(but) if but.isdecimal() else None,
        )
        rows = [(party, page_url(self.request, party, "detail"), likeness) for party, likeness in found]
        return self.render(self.get_context(found=rows))


class DuplicateList(Page):
    """Parties that look like one and the same."""

    right = SEE
    title = gettext_lazy("Possible duplicates")
    template_name = "parties/duplicates.html"

    def crumbs(self) -> list[Link]:
        return [Link(_("Parties"), self.url("parties:party_list"))]

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        groups = queries.duplicate_groups()
        parties = Party.objects.in_bulk([key for group in groups for key in group.party_ids])
        rows = [
            (group, [(parties[key], page_url(self.request, parties[key], "detail")) for key in group.party_ids])
            for group in groups
        ]
        return self.render(self.get_context(groups=rows))
