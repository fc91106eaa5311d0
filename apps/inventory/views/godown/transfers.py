"""Transfers: packed, sent, and taken in where they arrive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.ui import formats
from apps.core.ui.links import Link, page_url
from apps.core.ui.pages import ActionPage, CreatePage, Empty, ListPage, View
from apps.core.ui.tables.columns import Badge
from apps.inventory.filters.godown import TransferFilter
from apps.inventory.forms.godown import TransferForm, take_in_form
from apps.inventory.models import Batch, Place, Transfer, TransferState
from apps.inventory.operations import transfers as operations
from apps.inventory.tables.godown import TransferTable
from apps.inventory.views.godown.lines import Column, LinesPage, Step

SEE, MOVE = "inventory.stock.view", "inventory.stock.move"
TONES = {
    TransferState.DRAFT: "",
    TransferState.SENT: "info",
    TransferState.RECEIVED: "ok",
    TransferState.CANCELLED: "line",
}


class TransferList(ListPage[Transfer]):
    model = Transfer
    right = SEE
    table_class = TransferTable
    filterset_class = TransferFilter
    search_fields = ("number", "note")
    views = (View(_("Being packed"), "state=draft"), View(_("On the way"), "state=sent"))
    empty = Empty(
        _("No transfers yet"), _("A transfer takes goods to another rack, godown or branch and keeps track of them.")
    )


class TransferCreate(CreatePage[Transfer]):
    model = Transfer
    right = MOVE
    form_class = TransferForm
    submit_label = _("Start packing")


class TransferDetail(LinesPage[Transfer]):
    model = Transfer
    right = SEE
    edit_right = MOVE
    quantity_label = _("Goes")
    empty_text = _("Scan what goes, or search for it.")

    def get_queryset(self) -> QuerySet[Transfer]:
        return (
            super()
            .get_queryset()
            .select_related("from_place__branch", "to_place__branch", "sent_by__user", "received_by__user")
        )

    @property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        return (Column(_("Arrived"), "arrived"),) if self.instance.state == TransferState.RECEIVED else ()

    def place(self) -> Place:
        return self.instance.from_place

    def items(self) -> QuerySet[Any]:
        return self.instance.items.select_related("batch__product")

    def write(self, batch: Batch, quantity: int) -> None:
        operations.put_on_transfer(pk=self.instance.pk, batch=batch, quantity=quantity)

    def is_open(self) -> bool:
        return self.instance.state == TransferState.DRAFT

    def badges(self) -> Sequence[Badge]:
        return [Badge(self.instance.get_state_display(), TONES[TransferState(self.instance.state)])]

    def facts(self) -> Sequence[tuple[str, Any]]:
        transfer = self.instance
        facts: list[tuple[str, Any]] = [
            (_now("From"), _full(transfer.from_place)),
            (_now("To"), _full(transfer.to_place)),
        ]
        if transfer.sent_at:
            facts.append((_now("Sent"), f"{formats.moment(transfer.sent_at)} · {transfer.sent_by}"))
        if transfer.received_at:
            facts.append((_now("Received"), f"{formats.moment(transfer.received_at)} · {transfer.received_by}"))
        if transfer.note:
            facts.append((_now("Note"), transfer.note))
        return facts

    def steps(self) -> Sequence[Step]:
        if self.instance.state != TransferState.DRAFT:
            return ()
        return (
            Step(
                "cancel",
                _("Cancel transfer"),
                right=MOVE,
                tone="del",
                question=_("The transfer is given up. Nothing has moved."),
            ),
            Step("send", _("Send"), icon="send", tone="pri", right=MOVE),
        )

    def step(self, do: str) -> str:
        if do == "cancel":
            operations.cancel_transfer(pk=self.instance.pk)
            return _now("%(transfer)s cancelled") % {"transfer": self.instance}
        sent = operations.send_transfer(pk=self.instance.pk, on=timezone.localdate(), actor=self.request.member)
        if sent.state == TransferState.RECEIVED:
            return _now("Moved to %(place)s") % {"place": sent.to_place}
        return _now("%(transfer)s is on the way to %(place)s") % {"transfer": sent, "place": sent.to_place}

    def links(self) -> Sequence[Link | None]:
        url = page_url(self.request, self.instance, "take_in")
        return [Link(_("Take in"), url, "package", primary=True) if url else None]


def _full(place: Place) -> str:
    return f"{place} · {place.branch}"


class TransferTakeIn(ActionPage[Transfer]):
    """What arrived, and where it is put."""

    model = Transfer
    right = MOVE
    submit_label = _("Take in")

    @classmethod
    def offers(cls, instance: Any) -> bool:
        return bool(instance.state == TransferState.SENT)

    def get_title(self) -> str:
        return _now("Take in %(transfer)s") % {"transfer": self.name}

    def question(self) -> str:
        return _now(
            "Type less where something is missing. "
            "What did not arrive stays in transit until it is found or written off."
        )

    def make_form(self, *, bound: bool) -> forms.Form:
        return take_in_form(self.instance, self.request.POST if bound else None)

    def perform(self, form: Any) -> None:
        cleaned = form.cleaned_data
        operations.take_in_transfer(
            pk=self.instance.pk,
            arrived={int(name.removeprefix("arrived-")): value for name, value in cleaned.items() if name != "place"},
            place=cleaned["place"],
            on=timezone.localdate(),
            actor=self.request.member,
        )

    def success_text(self) -> str:
        return _now("%(transfer)s received") % {"transfer": self.name}
