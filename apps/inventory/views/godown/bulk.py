"""What is done to many rows of the stock page at once: moved, set aside, labelled, listed for return."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.http import Member
from apps.core.refusals import Refusal
from apps.core.ui.pages import BulkAction, BulkResult
from apps.inventory.forms.godown import MoveRowsForm, QuarantineForm
from apps.inventory.models import Place, PlaceKind, Stock
from apps.inventory.operations.standing import standing_place
from apps.inventory.operations.transfers import move_stock

MOVE = "inventory.stock.move"
_AT_ONCE = 200


def _few(rows: QuerySet[Stock]) -> list[Stock]:
    """The rows, when they are no more than one person handles at once.

    Raises:
        Refusal: they are.
    """
    found = list(rows.select_related("batch__product", "place__branch").order_by("expiry", "id")[: _AT_ONCE + 1])
    if len(found) > _AT_ONCE:
        raise Refusal(_now("Choose at most %(most)d batches at once.") % {"most": _AT_ONCE})
    return found


def move_rows(*, rows: QuerySet[Stock], actor: Member, to_place: Place, note: str) -> BulkResult:
    """All that is free of these rows, to one place."""
    found = _few(rows)
    targets = {row.place.branch_id: to_place for row in found}
    move_stock(rows=found, targets=targets, note=note, on=timezone.localdate(), actor=actor)
    return BulkResult(len(found))


def quarantine_rows(*, rows: QuerySet[Stock], actor: Member, note: str) -> BulkResult:
    """All that is free of these rows, each to the quarantine of its branch."""
    found = _few(rows)
    branches = {row.place.branch_id for row in found}
    targets = {branch: standing_place(branch_id=branch, kind=PlaceKind.QUARANTINE) for branch in sorted(branches)}
    move_stock(rows=found, targets=targets, note=note, on=timezone.localdate(), actor=actor)
    return BulkResult(len(found))


def label_rows(*, rows: QuerySet[Stock], actor: Any) -> BulkResult:
    """The labels of these batches."""
    found = _few(rows)
    keys = dict.fromkeys(row.batch_id for row in found)
    return BulkResult(len(keys), url=_page(actor, "labels", "batch", list(keys)))


def list_rows_for_return(*, rows: QuerySet[Stock], actor: Any) -> BulkResult:
    """The list of these batches for the people who made them."""
    found = _few(rows)
    return BulkResult(len(found), url=_page(actor, "return-list", "stock", [row.pk for row in found]))


def _page(actor: Any, page: str, name: str, keys: list[int]) -> str:
    return f"/o/{actor.organization.slug}/stock/{page}/?{urlencode([(name, key) for key in keys])}"


STOCK_ACTIONS = (
    BulkAction(
        "move",
        _("Move to…"),
        move_rows,
        MOVE,
        icon="truck",
        question=_("Move all that is free of %(count)s batches?"),
        done=_("%(count)s batches moved"),
        form_class=MoveRowsForm,
    ),
    BulkAction(
        "quarantine",
        _("Quarantine"),
        quarantine_rows,
        MOVE,
        icon="shield-x",
        question=_("Move all that is free of %(count)s batches to quarantine? Nothing of it is sold from there."),
        done=_("%(count)s batches moved to quarantine"),
        form_class=QuarantineForm,
    ),
    BulkAction(
        "labels",
        _("Labels"),
        label_rows,
        "inventory.stock.view",
        icon="tag",
        question=_("Print labels for %(count)s batches?"),
    ),
    BulkAction(
        "returns",
        _("Return list"),
        list_rows_for_return,
        "inventory.stock.view",
        icon="truck-return",
        question=_("List %(count)s batches by manufacturer, to be sent back?"),
    ),
)
