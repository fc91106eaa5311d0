"""Pages of price revisions: draw up, look at old and new, apply, undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui.formats import num
from apps.core.ui.links import Link
from apps.core.ui.pages import ActionPage, Card, CreatePage, DetailPage, Empty, ListPage, TablePanel
from apps.core.ui.tables import Badge
from apps.inventory.forms.revisions import RevisionForm
from apps.inventory.models import RateRevision, RateRevisionLine, RevisionState
from apps.inventory.operations import revisions as operations
from apps.inventory.tables.revisions import RevisionLineTable, RevisionTable

SEE, EDIT = "inventory.product.view", "inventory.price.revise"
_TONES = {"draft": "warn", "applied": "ok", "undone": "line"}


class RevisionList(ListPage[RateRevision]):
    model = RateRevision
    right = SEE
    table_class = RevisionTable
    search_fields = ("name",)
    empty = Empty(
        gettext_lazy("No price revisions yet"),
        gettext_lazy("When a maker sends a new list: choose the products, see old and new prices, then apply them."),
    )


class LinesPanel(TablePanel):
    """Old and new prices."""

    title = gettext_lazy("Old and new prices")
    right = SEE
    table_class = RevisionLineTable
    limit = 200

    def get_queryset(self) -> QuerySet[RateRevisionLine]:
        return RateRevisionLine.objects.filter(revision=self.instance).order_by("id")

    def all_url(self) -> str | None:
        link = self.link(_("All"), "inventory:raterevision_lines", pk=self.instance.pk)
        return link.url if link else None


class RevisionDetail(DetailPage[RateRevision]):
    model = RateRevision
    right = SEE
    cards = (Card(gettext_lazy("Revision"), ("effective_from", "lines_count", "applied_at"), width=12),)
    panels = (LinesPanel,)

    def badges(self) -> list[Badge]:
        return [Badge(self.instance.get_state_display(), _TONES[self.instance.state])]

    def actions(self) -> Sequence[Link | None]:
        kinds = {
            RevisionState.DRAFT: (("apply", _("Apply"), "check"), ("discard", _("Discard"), "trash")),
            RevisionState.APPLIED: (("undo", _("Undo"), "arrow-back-up"),),
        }
        found = []
        for kind, label, icon in kinds.get(RevisionState(self.instance.state), ()):
            link = self.link(f"inventory:raterevision_{kind}", label, icon, pk=self.instance.pk)
            if link is not None:
                found.append(Link(link.label, link.url, link.icon, primary=kind == "apply"))
        return found


class RevisionLines(ListPage[RateRevisionLine]):
    """All lines of a revision."""

    model = RateRevisionLine
    right = SEE
    table_class = RevisionLineTable
    ordering = ("id",)
    search_fields = ("product__name",)

    def prepare(self) -> None:
        self.revision = get_object_or_404(RateRevision, pk=self.kwargs["pk"])
        super().prepare()

    def get_queryset(self) -> QuerySet[RateRevisionLine]:
        return RateRevisionLine.objects.filter(revision=self.revision)


class RevisionCreate(CreatePage[RateRevision]):
    model = RateRevision
    right = EDIT
    form_class = RevisionForm
    template_name = "inventory/product_form.html"
    fragment = "ui/form.html#form"
    submit_label = gettext_lazy("Show old and new prices")
    base_units: Sequence[str] = ()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"organization": self.request.organization.slug}

    def save(self, form: Any) -> RateRevision:
        return operations.draw_up_revision(
            name=form.cleaned_data["name"],
            effective_from=form.cleaned_data["effective_from"],
            products=list(form.products().values_list("pk", flat=True)),
            change=form.change(),
        )

    def success_text(self, instance: RateRevision) -> str:
        return _("%(count)s prices would change. Look at them, then apply.") % {"count": num(instance.lines_count)}


class RevisionApply(ActionPage[RateRevision]):
    model = RateRevision
    right = EDIT
    submit_label = gettext_lazy("Apply")

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") == RevisionState.DRAFT

    def get_title(self) -> str:
        return _("Apply %(revision)s") % {"revision": self.name}

    def question(self) -> str:
        return _("%(count)s products get their new prices from %(day)s on. Batches that are here keep theirs.") % {
            "count": num(self.instance.lines_count),
            "day": date_format(self.instance.effective_from),
        }

    def perform(self, form: Any) -> None:  # noqa: ARG002
        operations.apply_revision(revision=self.instance)

    def success_text(self) -> str:
        return _("%(revision)s applied") % {"revision": self.name}

    def undo_url(self) -> str:
        return self.url("inventory:raterevision_undo", pk=self.instance.pk)


class RevisionUndo(ActionPage[RateRevision]):
    model = RateRevision
    right = EDIT
    submit_label = gettext_lazy("Undo")

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") == RevisionState.APPLIED

    def get_title(self) -> str:
        return _("Undo %(revision)s") % {"revision": self.name}

    def question(self) -> str:
        return _("The prices that held before hold again. It is refused once a batch came in at a new price.")

    def perform(self, form: Any) -> None:  # noqa: ARG002
        operations.undo_revision(revision=self.instance)

    def success_text(self) -> str:
        return _("%(revision)s undone") % {"revision": self.name}


class RevisionDiscard(ActionPage[RateRevision]):
    model = RateRevision
    right = EDIT
    tone = "del"
    submit_label = gettext_lazy("Discard")

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") == RevisionState.DRAFT

    def get_title(self) -> str:
        return _("Discard %(revision)s") % {"revision": self.name}

    def question(self) -> str:
        return _("The preview goes away. No price changes.")

    def perform(self, form: Any) -> None:  # noqa: ARG002
        operations.discard_revision(revision=self.instance)

    def success_text(self) -> str:
        return _("%(revision)s discarded") % {"revision": self.name}

    def success_url(self) -> str:
        return self.url("inventory:raterevision_list")
