"""Branches and their drug licences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.ui.links import Link, page_url, row_links
from apps.core.ui.pages.actions import ArchivePage, DeletePage, RestorePage
from apps.core.ui.pages.detail import Card, DetailPage, Fact
from apps.core.ui.pages.editing import CreatePage, EditPage
from apps.core.ui.pages.listbase import Empty, View
from apps.core.ui.pages.listing import ListPage
from apps.core.ui.pages.panels import TablePanel
from apps.organizations import operations, queries
from apps.organizations.filters import BranchFilter, LicenceFilter
from apps.organizations.forms import BranchForm, LicenceForm
from apps.organizations.models import Branch, BranchLicence, NumberSeries
from apps.organizations.rules.gstin import InvalidGstin, validate_gstin
from apps.organizations.rules.states import state_label
from apps.organizations.tables import AllLicencesTable, BranchSeriesTable, BranchTable, LicenceTable

VIEW, EDIT = "organizations.branch.view", "organizations.branch.edit"


class BranchList(ListPage[Branch]):
    model = Branch
    right = VIEW
    table_class = BranchTable
    filterset_class = BranchFilter
    search_fields = ("name", "code", "city", "gstin")
    search_hint = _("Name, code, city or GSTIN")
    default_filters = "active=true"
    empty = Empty(_("No branches yet"), _("A branch is a place of business with its own State, GSTIN and licences."))

    def get_queryset(self) -> QuerySet[Branch]:
        return queries.branches()


class LicencePanel(TablePanel):
    """Drug licences of the branch, the one that ends first on top."""

    title = _("Drug licences")
    right = VIEW
    table_class = LicenceTable
    empty = _("No licence yet. Without one that covers a drug, the branch cannot sell it.")

    def get_queryset(self) -> QuerySet[BranchLicence]:
        found: QuerySet[BranchLicence] = self.instance.licences.order_by("valid_to", "id")
        return found

    def row_kind(self) -> str:
        return "edit"

    def actions(self) -> Sequence[Link | None]:
        return [self.link(_("Add licence"), "organizations:branch_add_licence", "plus", pk=self.instance.pk)]


class SeriesPanel(TablePanel):
    """Number series of the branch, newest year first."""

    title = _("Number series")
    right = "organizations.series.view"
    table_class = BranchSeriesTable

    def get_queryset(self) -> QuerySet[NumberSeries]:
        found: QuerySet[NumberSeries] = self.instance.series.order_by("-financial_year", "id")
        return found

    def all_url(self) -> str | None:
        url = page_url(self.request, NumberSeries, "list")
        return f"{url}?branch={self.instance.pk}" if url else None


def _holder(branch: Branch) -> str:
    try:
        pan = validate_gstin(branch.gstin, sandbox=True).pan if branch.gstin else None
    except InvalidGstin:
        return ""
    return f"{pan} · {_now(pan.holder)}" if pan else ""


class BranchDetail(DetailPage[Branch]):
    model = Branch
    right = VIEW
    cards = (
        Card(
            _("Registration"),
            (
                Fact(_("GSTIN"), lambda branch: branch.gstin or _now("Unregistered"), css="code"),
                Fact(_("PAN"), _holder),
                "state_code",
                "code",
                "gstin_sandbox",
            ),
        ),
        Card(_("Where it is"), ("address", "city", "pin_code", "phone", "email")),
        Card(
            _("On its bills"),
            (
                "composition",
                "bank_name",
                Fact(_("Account number"), lambda branch: branch.bank_account, css="code"),
                Fact(_("IFSC"), lambda branch: branch.bank_ifsc, css="code"),
                "signatory",
                Fact(_("FSSAI"), lambda branch: branch.fssai, css="code"),
                "bill_terms",
            ),
            width=12,
        ),
    )
    panels = (LicencePanel, SeriesPanel)

    def facts(self) -> Sequence[Any]:
        return [state_label(self.instance.state_code)]


class BranchCreate(CreatePage[Branch]):
    model = Branch
    right = EDIT
    form_class = BranchForm

    def save(self, form: Any) -> Branch:
        return operations.add_branch(**form.cleaned_data)


class BranchEdit(EditPage[Branch]):
    model = Branch
    right = EDIT
    form_class = BranchForm


class BranchArchive(ArchivePage[Branch]):
    model = Branch
    right = EDIT

    def perform(self, form: Any) -> None:  # noqa: ARG002
        operations.deactivate_branch(branch=self.instance)


class BranchRestore(RestorePage[Branch]):
    model = Branch
    right = EDIT

    def perform(self, form: Any) -> None:  # noqa: ARG002
        operations.reactivate_branch(branch=self.instance)


class LicenceList(ListPage[BranchLicence]):
    """Licences of every branch, the one that ends first on top."""

    model = BranchLicence
    right = VIEW
    table_class = AllLicencesTable
    filterset_class = LicenceFilter
    search_fields = ("number", "branch__name")
    search_hint = _("Number or branch")
    ordering = ("valid_to", "id")
    views = (
        View(_("Ending within 90 days"), "standing=ending", counted=True),
        View(_("Ended"), "standing=ended", counted=True),
    )
    empty = Empty(_("No drug licences yet"), _("Add them on the page of the branch they belong to."))

    def row_url_maker(self) -> Callable[[Any], str | None] | None:
        make = row_links(self.request, self.model, "edit")
        return None if make is None else lambda record: make(record.pk)


class LicenceCreate(CreatePage[BranchLicence]):
    """A licence of the branch in the address."""

    model = BranchLicence
    right = EDIT
    form_class = LicenceForm

    def prepare(self) -> None:
        self.branch: Branch = get_object_or_404(Branch.objects.all(), pk=self.kwargs["pk"])

    def get_title(self) -> str:
        return _now("Drug licence for %(branch)s") % {"branch": self.branch}

    def crumbs(self) -> list[Link]:
        return _crumbs(self, self.branch)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"instance": BranchLicence(branch=self.branch)}

    def cancel_url(self) -> str:
        return self.url("organizations:branch_detail", pk=self.branch.pk)

    def success_url(self, instance: BranchLicence) -> str:  # noqa: ARG002
        return self.cancel_url()


class LicenceEdit(EditPage[BranchLicence]):
    model = BranchLicence
    right = EDIT
    form_class = LicenceForm
    template_name = "organizations/licence_edit.html"
    fragment = "ui/form.html#form"

    def get_queryset(self) -> QuerySet[BranchLicence]:
        return super().get_queryset().select_related("branch")

    def crumbs(self) -> list[Link]:
        return _crumbs(self, self.instance.branch)

    def detail_url(self) -> str:
        return self.url("organizations:branch_detail", pk=self.instance.branch_id)

    def get_context(self, **extra: Any) -> dict[str, Any]:
        return super().get_context(delete_url=page_url(self.request, self.instance, "delete"), **extra)


class LicenceDelete(DeletePage[BranchLicence]):
    model = BranchLicence
    right = EDIT

    def get_queryset(self) -> QuerySet[BranchLicence]:
        return super().get_queryset().select_related("branch")

    def crumbs(self) -> list[Link]:
        return _crumbs(self, self.instance.branch)

    def success_url(self) -> str:
        return self.url("organizations:branch_detail", pk=self.instance.branch_id)

    cancel_url = success_url


def _crumbs(page: Any, branch: Branch) -> list[Link]:
    """The list of branches, and the branch."""
    listed, own = page_url(page.request, Branch, "list"), page_url(page.request, branch, "detail")
    return [Link(label, url) for label, url in ((_("Branches"), listed), (str(branch), own)) if url]
