"""Number series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.ui.pages.base import Page
from apps.core.ui.pages.detail import Card, DetailPage, Fact
from apps.core.ui.pages.editing import CreatePage, EditPage
from apps.core.ui.pages.listbase import Empty
from apps.core.ui.pages.listing import ListPage
from apps.core.ui.tables import Badge
from apps.organizations import operations
from apps.organizations.filters import SeriesFilter
from apps.organizations.forms import SeriesCreateForm, SeriesForm
from apps.organizations.models import Branch, NumberSeries
from apps.organizations.rules.numbering import (
    DocumentKind,
    InvalidSeries,
    capacity,
    check_series,
    clean_prefix,
    default_prefix,
    financial_year,
    format_number,
    year_label,
)
from apps.organizations.tables import SeriesTable
from apps.organizations.views.pages import organization_of

VIEW, EDIT = "organizations.series.view", "organizations.series.edit"


class SeriesList(ListPage[NumberSeries]):
    model = NumberSeries
    right = VIEW
    table_class = SeriesTable
    filterset_class = SeriesFilter
    search_fields = ("prefix", "branch__name")
    search_hint = _("Prefix or branch")
    ordering = ("-financial_year", "branch_id", "id")
    empty = Empty(_("No number series yet"), _("Each branch numbers each kind of document by itself, year by year."))


class SeriesDetail(DetailPage[NumberSeries]):
    model = NumberSeries
    right = VIEW

    def get_queryset(self) -> QuerySet[NumberSeries]:
        return super().get_queryset().select_related("branch", "organization")

    cards = (
        Card(
            _("What it numbers"),
            (
                "branch",
                "kind",
                Fact(
                    _("Financial year"),
                    lambda one: year_label(one.financial_year, one.organization.financial_year_start),
                ),
            ),
        ),
        Card(
            _("The numbers"),
            (
                Fact(_("Next number"), lambda one: one.next_text, css="code"),
                Fact(_("First number"), lambda one: format_number(one.prefix, one.first_number, one.width), css="code"),
                Fact(
                    _("Highest number"),
                    lambda one: format_number(one.prefix, capacity(one.prefix, one.width), one.width),
                    css="code",
                ),
                Fact(_("Given out"), lambda one: one.next_number - one.first_number),
            ),
        ),
    )

    def badges(self) -> Sequence[Badge]:
        return [Badge(_("In use"), "ok")] if self.instance.is_used else [Badge(_("Not used yet"))]


class _Previewed:
    """A form that shows its numbers while they are typed."""

    def get_form_kwargs(self) -> dict[str, Any]:
        given: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]
        return given | {"preview_url": self.url("organizations:series_preview")}  # type: ignore[attr-defined]


class SeriesCreate(_Previewed, CreatePage[NumberSeries]):
    model = NumberSeries
    right = EDIT
    title = _("Set up a number series")
    form_class = SeriesCreateForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"start_month": organization_of(self.request).financial_year_start}

    def save(self, form: Any) -> NumberSeries:
        data = form.cleaned_data
        return operations.set_up_series(
            branch=data["branch"],
            kind=DocumentKind(data["kind"]),
            year=data["financial_year"],
            prefix=data["prefix"],
            width=data["width"],
            first_number=data["first_number"],
        )


class SeriesEdit(_Previewed, EditPage[NumberSeries]):
    model = NumberSeries
    right = EDIT
    form_class = SeriesForm

    @classmethod
    def offers(cls, instance: Model) -> bool:
        """A used series stays as it is."""
        return isinstance(instance, NumberSeries) and not instance.is_used

    def save(self, form: Any, before: dict[str, Any]) -> bool:
        if not form.has_changed():
            return False
        self.instance = operations.change_series(series=self.instance, version=before["version"], **form.cleaned_data)
        return True


class SeriesPreview(Page):
    """The first and the highest number of what is typed, or why there can be none."""

    right = EDIT
    title = _("Preview of a number series")
    template_name = "organizations/series_preview.html"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        prefix = clean_prefix(request.GET.get("prefix", ""))
        width, first = _whole(request.GET.get("width")), _whole(request.GET.get("first_number"))
        context: dict[str, Any] = {}
        if not prefix:
            context["suggestion"] = self._suggestion()
        elif width is None or first is None:
            context["problem"] = _now("Digits and first number are whole numbers")
        else:
            context |= self._numbers(prefix, width, first)
        return self.draw(self.template_name, self.get_context(**context))

    def _numbers(self, prefix: str, width: int, first: int) -> dict[str, Any]:
        try:
            check_series(prefix, width, first)
        except InvalidSeries as error:
            return {"problem": operations.sentence_of(error)}
        highest = capacity(prefix, width)
        return {
            "first": format_number(prefix, first, width),
            "following": format_number(prefix, first + 1, width),
            "highest": format_number(prefix, highest, width),
            "room": highest - first + 1,
        }

    def _suggestion(self) -> str:
        """What the branch's series of that kind begins with when nobody chose."""
        given = self.request.GET
        branch: Branch | None = Branch.objects.filter(pk=_whole(given.get("branch"))).first()
        kind = given.get("kind", "")
        if branch is None or kind not in DocumentKind._value2member_map_:
            return ""
        start = organization_of(self.request).financial_year_start
        year = _whole(given.get("financial_year")) or financial_year(timezone.localdate(), start)
        return default_prefix(branch.code, year, DocumentKind(kind), start)


def _whole(text: str | None) -> int | None:
    """A number as somebody types it, of at most nine digits; None for anything else."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
