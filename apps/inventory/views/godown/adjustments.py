"""Stock adjustments and destruction notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy.context import current_organization_id
from apps.core.ui import formats
from apps.core.ui.links import Link, page_url
from apps.core.ui.pages import CreatePage, Empty, ListPage, PrintPage, View
from apps.core.ui.tables.columns import Badge
from apps.inventory.filters.godown import AdjustmentFilter
from apps.inventory.forms.godown import AdjustmentForm
from apps.inventory.models import Batch, Place, StockAdjustment, WriteKind, WriteState
from apps.inventory.operations import adjustments as operations
from apps.inventory.tables.godown import AdjustmentTable
from apps.inventory.views.godown.lines import LinesPage, Step
from apps.organizations.models import Organization

SEE, ADJUST = "inventory.stock.view", "inventory.stock.adjust"
TONES = {WriteState.DRAFT: "", WriteState.POSTED: "ok", WriteState.CANCELLED: "line"}


class AdjustmentList(ListPage[StockAdjustment]):
    model = StockAdjustment
    right = SEE
    table_class = AdjustmentTable
    filterset_class = AdjustmentFilter
    search_fields = ("note", "witness")
    views = (View(_("Drafts"), "state=draft"), View(_("Destruction"), "kind=destruction"))
    empty = Empty(_("No adjustments yet"), _("Breakage, theft and samples are written off here, each with its reason."))


class AdjustmentCreate(CreatePage[StockAdjustment]):
    model = StockAdjustment
    right = ADJUST
    form_class = AdjustmentForm
    submit_label = _("Choose the goods")


class AdjustmentDetail(LinesPage[StockAdjustment]):
    model = StockAdjustment
    right = SEE
    edit_right = ADJUST
    signed = True
    quantity_label = _("More or fewer")
    empty_text = _("Scan what it is about, or search for it. A minus takes off.")

    def get_queryset(self) -> QuerySet[StockAdjustment]:
        return super().get_queryset().select_related("place__branch", "posted_by__user")

    def place(self) -> Place:
        return self.instance.place

    def items(self) -> QuerySet[Any]:
        return self.instance.items.select_related("batch__product")

    def write(self, batch: Batch, quantity: int) -> None:
        operations.put_on_adjustment(pk=self.instance.pk, batch=batch, quantity=quantity)

    def starts_with(self) -> int:
        return -1

    def any_batch(self) -> bool:
        return bool(self.instance.kind == WriteKind.ADJUSTMENT)

    def is_open(self) -> bool:
        return bool(self.instance.state == WriteState.DRAFT)

    def badges(self) -> Sequence[Badge]:
        return [Badge(self.instance.get_state_display(), TONES[WriteState(self.instance.state)])]

    def facts(self) -> Sequence[tuple[str, Any]]:
        note = self.instance
        known = [
            (_now("Kind"), note.get_kind_display()),
            (_now("Place"), f"{note.place} · {note.place.branch}"),
            (_now("Reason"), note.get_reason_display()),
            (_now("Note"), note.note),
            (_now("Witness"), note.witness),
            (_now("How"), note.method),
            (_now("Posted"), f"{formats.moment(note.posted_at)} · {note.posted_by}" if note.posted_at else ""),
        ]
        return [fact for fact in known if fact[1]]

    def steps(self) -> Sequence[Step]:
        if not self.is_open():
            return ()
        return (
            Step(
                "cancel",
                _("Cancel document"),
                tone="del",
                right=ADJUST,
                question=_("The document is given up. The stock stays as it is."),
            ),
            Step(
                "post",
                _("Post"),
                icon="check",
                tone="pri",
                right=ADJUST,
                question=_("The quantities change now. A mistake is mended by another adjustment."),
            ),
        )

    def step(self, do: str) -> str:
        if do == "cancel":
            operations.cancel_adjustment(pk=self.instance.pk)
            return _now("%(adjustment)s cancelled") % {"adjustment": self.instance}
        operations.post_adjustment(pk=self.instance.pk, on=timezone.localdate(), actor=self.request.member)
        return _now("%(adjustment)s posted") % {"adjustment": self.instance}

    def links(self) -> Sequence[Link | None]:
        url = page_url(self.request, self.instance, "print")
        return [Link(_("Print"), url, "printer") if url else None]


class AdjustmentPrint(PrintPage[StockAdjustment]):
    """The note on paper: of destroyed goods, with lines for the witness to sign."""

    model = StockAdjustment
    right = SEE
    template_name = "inventory/print/adjustment.html"

    @classmethod
    def offers(cls, instance: Any) -> bool:
        return bool(instance.state == WriteState.POSTED)

    @classmethod
    def sheet(cls, instance: StockAdjustment, paper: str) -> dict[str, Any]:  # noqa: ARG003
        branch = instance.place.branch
        organization = Organization.objects.get(pk=current_organization_id())
        return {
            "letterhead": {
                "name": organization.name,
                "lines": [f"{branch.address}, {branch.city} {branch.pin_code}", branch.gstin],
            },
            "document": {
                "title": _now("Destruction note")
                if instance.kind == WriteKind.DESTRUCTION
                else _now("Stock adjustment"),
                "number": str(instance),
                "facts": [
                    (
                        _now("Date"),
                        formats.day(timezone.localtime(instance.posted_at).date()) if instance.posted_at else "–",
                    ),
                    (_now("Place"), str(instance.place)),
                    (_now("Reason"), instance.get_reason_display()),
                ],
            },
            "items": instance.items.select_related("batch__product__manufacturer"),
        }
