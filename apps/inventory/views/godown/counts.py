"""Stock counts: blind or not, on a phone or from a printed sheet, approved by a manager."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy.context import current_organization_id
from apps.core.ui import formats
from apps.core.ui.links import Link, page_url
from apps.core.ui.pages import CreatePage, Empty, ListPage, PrintPage, View
from apps.core.ui.tables.columns import Badge
from apps.inventory.filters.godown import CountFilter
from apps.inventory.forms.godown import CountForm
from apps.inventory.models import Batch, CountState, Place, Stock, StockCount
from apps.inventory.operations import counts as operations
from apps.inventory.tables.godown import CountTable
from apps.inventory.views.godown.lines import Column, LinesPage, Step
from apps.organizations.models import Organization

SEE, COUNT, APPROVE = "inventory.stock.view", "inventory.stock.count", "inventory.count.approve"
TONES = {
    CountState.OPEN: "info",
    CountState.SUBMITTED: "warn",
    CountState.APPROVED: "ok",
    CountState.CANCELLED: "line",
}


class CountList(ListPage[StockCount]):
    model = StockCount
    right = SEE
    table_class = CountTable
    filterset_class = CountFilter
    search_fields = ("place__name", "note")
    views = (View(_("Being counted"), "state=open"), View(_("To approve"), "state=submitted"))
    empty = Empty(_("No counts yet"), _("Count a rack or a godown; differences are written once a manager approves."))


class CountCreate(CreatePage[StockCount]):
    model = StockCount
    right = COUNT
    form_class = CountForm
    submit_label = _("Start counting")

    def save(self, form: Any) -> StockCount:
        return operations.open_count(**form.cleaned_data)


class CountDetail(LinesPage[StockCount]):
    model = StockCount
    right = SEE
    edit_right = COUNT
    quantity_label = _("Counted")
    empty_text = _("Scan a pack and type how many there are, or print the sheet and type from it.")

    def get_queryset(self) -> QuerySet[StockCount]:
        return super().get_queryset().select_related("place__branch", "submitted_by__user", "approved_by__user")

    @property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        counted = Column(_("Counted by"), "counted_by")
        if self.instance.state == CountState.APPROVED:
            return (Column(_("Books"), "book"), Column(_("Difference"), "difference"), counted)
        return (counted,)

    def place(self) -> Place:
        return self.instance.place

    def items(self) -> QuerySet[Any]:
        return self.instance.items.select_related("batch__product", "counted_by__user").annotate(
            difference=F("quantity") - F("book")
        )

    def write(self, batch: Batch, quantity: int) -> None:
        operations.put_on_count(pk=self.instance.pk, batch=batch, quantity=quantity, actor=self.request.member)

    def take_off(self, batch: Batch) -> None:
        operations.put_on_count(pk=self.instance.pk, batch=batch, quantity=None, actor=self.request.member)

    def any_batch(self) -> bool:
        return True

    def is_open(self) -> bool:
        return bool(self.instance.state == CountState.OPEN)

    def shows_books(self) -> bool:
        """A blind count hides the books from those who count until it is handed in, also from the manager's phone."""
        return not (self.instance.blind and self.is_open())

    def badges(self) -> Sequence[Badge]:
        found = [Badge(self.instance.get_state_display(), TONES[CountState(self.instance.state)])]
        if self.instance.place.frozen:
            found.append(Badge(_("Place frozen"), "info"))
        return found

    def facts(self) -> Sequence[tuple[str, Any]]:
        count = self.instance
        known = [
            (_now("Place"), f"{count.place} · {count.place.branch}"),
            (_now("Begun"), formats.moment(count.created_at)),
            (
                _now("Handed in"),
                f"{formats.moment(count.submitted_at)} · {count.submitted_by}" if count.submitted_at else "",
            ),
            (
                _now("Approved"),
                f"{formats.moment(count.approved_at)} · {count.approved_by}" if count.approved_at else "",
            ),
            (_now("Note"), count.note),
        ]
        return [fact for fact in known if fact[1]]

    def steps(self) -> Sequence[Step]:
        cancel = Step(
            "cancel",
            _("Cancel count"),
            tone="del",
            right=COUNT,
            question=_("The count is given up. The stock stays as it is."),
        )
        if self.instance.state == CountState.OPEN:
            return (
                cancel,
                Step("submit", _("Hand in what is listed"), right=COUNT),
                Step(
                    "submit_all",
                    _("Hand in, the rest is none"),
                    icon="check",
                    tone="pri",
                    right=COUNT,
                    question=_("What the books have here and nobody counted is counted as none."),
                ),
            )
        if self.instance.state == CountState.SUBMITTED:
            return (
                cancel,
                Step("reopen", _("Count again"), right=COUNT),
                Step(
                    "approve",
                    _("Approve"),
                    icon="check",
                    tone="pri",
                    right=APPROVE,
                    question=_("The books become what was counted."),
                ),
            )
        return ()

    def step(self, do: str) -> str:
        pk, member = self.instance.pk, self.request.member
        if do == "cancel":
            operations.cancel_count(pk=pk)
            return _now("%(count)s cancelled") % {"count": self.instance}
        if do == "reopen":
            operations.reopen_count(pk=pk)
            return _now("%(count)s goes on") % {"count": self.instance}
        if do == "approve":
            operations.approve_count(pk=pk, on=timezone.localdate(), actor=member)
            return _now("%(count)s approved") % {"count": self.instance}
        operations.submit_count(pk=pk, actor=member, rest_is_none=do == "submit_all")
        return _now("%(count)s is handed in for approval") % {"count": self.instance}

    def links(self) -> Sequence[Link | None]:
        url = page_url(self.request, self.instance, "print")
        return [Link(_("Count sheet"), url, "printer") if url else None]


class CountPrint(PrintPage[StockCount]):
    """The sheet to count with: a line for what the books have in the place; of a blind count without their figures."""

    model = StockCount
    right = SEE
    template_name = "inventory/print/count.html"

    @classmethod
    def sheet(cls, instance: StockCount, paper: str) -> dict[str, Any]:  # noqa: ARG003
        organization = Organization.objects.get(pk=current_organization_id())
        stock = Stock.objects.filter(place=instance.place, in_stock=True).select_related("batch", "product")
        return {
            "letterhead": {"name": organization.name, "lines": [str(instance.place.branch)]},
            "document": {
                "title": _now("Count sheet"),
                "number": str(instance),
                "facts": [
                    (_now("Place"), str(instance.place)),
                    (_now("Begun"), formats.day(timezone.localtime(instance.created_at).date())),
                ],
            },
            "blind": instance.blind,
            "stock": stock.order_by("product__name", "expiry", "id"),
        }
