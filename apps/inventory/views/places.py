"""Pages of places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.ui.links import Link
from apps.core.ui.pages import (
    ArchivePage,
    Card,
    CreatePage,
    DeletePage,
    DetailPage,
    EditPage,
    Empty,
    Fact,
    ListPage,
    RestorePage,
    TablePanel,
)
from apps.inventory.filters.place import PlaceFilter
from apps.inventory.forms.place import PlaceForm
from apps.inventory.models import Place, Stock
from apps.inventory.operations import places as operations
from apps.inventory.tables.place import PlaceStockTable, PlaceTable

SEE, EDIT = "inventory.place.view", "inventory.place.edit"


class PlaceList(ListPage[Place]):
    model = Place
    right = SEE
    table_class = PlaceTable
    filterset_class = PlaceFilter
    search_fields = ("name", "code")
    search_hint = _("Name or scan code")
    default_filters = "active=true"
    empty = Empty(_("No places yet"), _("A godown has racks and bins. Goods lie in one of them."))


class PlaceStockPanel(TablePanel):
    """What lies here, the first to expire on top."""

    title = _("Lies here")
    right = "inventory.stock.view"
    table_class = PlaceStockTable
    empty = _("Nothing lies here.")

    def get_queryset(self) -> QuerySet[Stock]:
        return Stock.objects.filter(place=self.instance, in_stock=True).order_by("expiry", "id")


class PartsPanel(TablePanel):
    """Racks and bins of the place."""

    title = _("Racks and bins")
    right = SEE
    table_class = PlaceTable
    empty = _("No rack or bin in this place.")

    def get_queryset(self) -> QuerySet[Place]:
        return Place.objects.filter(parent=self.instance, active=True).order_by("name", "id")

    def actions(self) -> Sequence[Link | None]:
        return [self.link(_("Add rack or bin"), "inventory:place_create", "plus")]


def _within(place: Place) -> str:
    return str(place.parent) if place.parent else ""


class PlaceDetail(DetailPage[Place]):
    model = Place
    right = SEE
    cards = (
        Card(
            _("Place"),
            (
                "kind",
                "branch",
                Fact(_("Lies in"), _within),
                Fact(_("Scan code"), lambda place: place.code, css="code"),
            ),
            width=12,
        ),
    )
    panels = (PlaceStockPanel, PartsPanel)

    def actions(self) -> Sequence[Link | None]:
        labels = self.link("inventory:labels", _("Shelf label"), "tag")
        return [Link(labels.label, f"{labels.url}?place={self.instance.pk}", labels.icon) if labels else None]

    def get_queryset(self) -> QuerySet[Place]:
        return super().get_queryset().select_related("branch", "parent")


class PlaceCreate(CreatePage[Place]):
    model = Place
    right = EDIT
    form_class = PlaceForm


class PlaceEdit(EditPage[Place]):
    model = Place
    right = EDIT
    form_class = PlaceForm


class PlaceArchive(ArchivePage[Place]):
    model = Place
    right = EDIT

    def perform(self, form: Any) -> None:  # noqa: ARG002
        operations.archive_place(place=self.instance)


class PlaceRestore(RestorePage[Place]):
    model = Place
    right = EDIT


class PlaceDelete(DeletePage[Place]):
    model = Place
    right = EDIT
