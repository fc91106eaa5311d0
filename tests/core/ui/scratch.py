"""Pages over real models, as an app would declare them; the address book of the tests of the page machinery."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django import forms
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from apps.core.refusals import Refusal
from apps.core.ui import tables
from apps.core.ui.links import model_paths, org_path
from apps.core.ui.pages import (
    ActionPage,
    ArchivePage,
    Badge,
    BulkAction,
    BulkResult,
    Card,
    CreatePage,
    DeletePage,
    DetailPage,
    EditPage,
    Empty,
    Fact,
    ListPage,
    PrintPage,
    Refused,
    RestorePage,
    Stat,
    TablePanel,
    View,
)
from apps.organizations.models import Branch, BranchLicence, NumberSeries
from apps.organizations.rules.states import STATE_CHOICES

VIEW, EDIT = "organizations.branch.view", "organizations.branch.edit"


class BranchTable(tables.Table):
    name = tables.TextColumn(
        linkify=True, secondary="city", after=lambda record: f" <{record.code}>", sources=("code",)
    )
    code = tables.CodeColumn()
    gstin = tables.CodeColumn()
    state_code = tables.ChoiceColumn()
    phone = tables.TextColumn()
    created_at = tables.DateTimeColumn()
    active = tables.FlagColumn(on=None, off=Badge(_("Archived")))

    default_columns = ("name", "code", "state_code", "phone", "active")
    phone_top = "code"
    phone_detail = ("state_code", "phone")

    class Meta:
        model = Branch


class BranchFilter(django_filters.FilterSet):
    active = django_filters.BooleanFilter()
    state_code = django_filters.ChoiceFilter(choices=STATE_CHOICES, label=_("State"))
    created = django_filters.DateFromToRangeFilter(field_name="created_at", label=_("Added"))

    class Meta:
        model = Branch
        fields = ["active", "state_code", "created"]


class BranchForm(forms.ModelForm):
    class Meta:
        model = Branch
        fields = ["name", "code", "state_code", "address", "city", "pin_code", "phone", "gstin_sandbox"]

    def clean_pin_code(self) -> str:
        pin = str(self.cleaned_data["pin_code"])
        if not pin.isdigit():
            raise forms.ValidationError("Type 6 digits.")
        return pin


def close_branches(*, rows: Any, actor: Any) -> BulkResult:
    """Archives all but Pune."""
    done, refused = 0, []
    for branch in rows.select_for_update().order_by("pk"):
        if branch.name == "Pune":
            refused.append(Refused(branch.name, "It is the first one."))
            continue
        type(branch).objects.filter(pk=branch.pk).update(active=False)
        done += 1
    return BulkResult(done, refused)


class CityForm(forms.Form):
    city = forms.CharField(max_length=60)


def move_branches(*, rows: Any, actor: Any, city: str) -> BulkResult:
    if city == "Nowhere":
        raise Refusal("There is no such city.", field="city")
    return BulkResult(rows.update(city=city))


class BranchList(ListPage[Branch]):
    model = Branch
    right = VIEW
    table_class = BranchTable
    filterset_class = BranchFilter
    search_fields = ("name", "code", "city")
    empty = Empty(_("No branches yet"), _("A branch is a place of business."))
    views: ClassVar[Sequence[View]] = (View(_("Maharashtra"), "state_code=27", counted=True),)
    bulk_actions = (
        BulkAction("close", _("Archive"), close_branches, EDIT, icon="archive", done=_("%(count)s archived")),
        BulkAction("move", _("Change city"), move_branches, EDIT, form_class=CityForm),
    )

    def totals(self, queryset: Any) -> dict[str, Any]:
        return {"code": queryset.count()}


class LicenceTable(tables.Table):
    form = tables.ChoiceColumn()
    number = tables.CodeColumn()
    valid_to = tables.DateColumn()

    class Meta:
        model = BranchLicence


class LicencePanel(TablePanel):
    title = _("Drug licences")
    right = VIEW
    table_class = LicenceTable

    def get_queryset(self) -> Any:
        return self.instance.licences.order_by("valid_to", "id")


class BranchDetail(DetailPage[Branch]):
    model = Branch
    right = VIEW
    cards = (
        Card(_("Registration"), ("code", "gstin", "state_code")),
        Card(_("Where it is"), ("address", "city", Fact(_("Post"), lambda branch: f"PIN {branch.pin_code}"))),
    )
    panels = (LicencePanel,)


class BranchCreate(CreatePage[Branch]):
    model = Branch
    right = EDIT
    form_class = BranchForm


class BranchEdit(EditPage[Branch]):
    model = Branch
    right = EDIT
    form_class = BranchForm


class BranchArchive(ArchivePage[Branch]):
    model = Branch
    right = EDIT


class BranchRestore(RestorePage[Branch]):
    model = Branch
    right = EDIT


class BranchDelete(DeletePage[Branch]):
    model = Branch
    right = EDIT


class BranchMove(ActionPage[Branch]):
    """An operation with a form that may refuse."""

    model = Branch
    right = EDIT
    title = _("Move")
    form_class = CityForm

    def perform(self, form: Any) -> None:
        if form.cleaned_data["city"] == "Nowhere":
            raise Refusal("There is no such city. Type another.", field="city")
        if form.cleaned_data["city"] == "Today":
            raise Refusal("It is Sunday.")
        Branch.objects.filter(pk=self.instance.pk).update(city=form.cleaned_data["city"])


class BranchSheet(PrintPage[Branch]):
    model = Branch
    right = VIEW
    template_name = "print.html"
    papers = ("a4", "a5")

    @classmethod
    def sheet(cls, instance: Branch, paper: str) -> dict[str, Any]:
        return {"letterhead": {"name": instance.name, "lines": ("Registered office",)}}


class BranchesAtWork(BranchList):
    """The same list, without the archived ones unless asked for."""

    default_filters = "active=true"
    views = ()

    def stats(self, queryset: Any) -> list[Stat]:
        return [Stat("Maharashtra", str(queryset.filter(state_code="27").count()), "state_code=27", "27", "g4")]


class SeriesTable(tables.Table):
    kind = tables.TextColumn(linkify=True)
    prefix = tables.CodeColumn()

    class Meta:
        model = NumberSeries


class SeriesList(ListPage[NumberSeries]):
    model = NumberSeries
    right = "organizations.series.view"
    table_class = SeriesTable


_pages = [
    *model_paths(
        "branches",
        Branch,
        list=BranchList,
        create=BranchCreate,
        detail=BranchDetail,
        edit=BranchEdit,
        archive=BranchArchive,
        restore=BranchRestore,
        delete=BranchDelete,
        move=BranchMove,
        sheet=BranchSheet,
    ),
    org_path("work/", BranchesAtWork, name="branches_at_work"),
    *model_paths("series", NumberSeries, list=SeriesList),
]

urlpatterns = [
    path("", include("apps.core.ui.urls")),
    path("accounts/", include("apps.accounts.urls")),
    path("", include((_pages, "organizations"))),
]
