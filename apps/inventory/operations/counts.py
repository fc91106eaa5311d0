"""Count documents: opened for a place, counted, submitted, approved."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.members import Member
from apps.inventory.models import Batch, CountItem, CountState, Place, Stock, StockCount
from apps.inventory.operations.adjusting import Counted, count
from apps.inventory.operations.ledger import Document, hold_still
from apps.inventory.operations.refusals import PlaceFrozen, QuantityRefused, StockRefused

DOCUMENT = "inventory.count"


class CountClosed(StockRefused):
    """The count is past the step that was asked for."""


def _locked(pk: int, *states: CountState) -> StockCount:
    found: StockCount = StockCount.objects.select_for_update(of=("self",)).select_related("place").get(pk=pk)
    if found.state not in states:
        raise CountClosed(
            _("%(count)s is %(state)s already.") % {"count": found, "state": found.get_state_display().lower()}
        )
    return found


@transaction.atomic
def open_count(*, place: Place, freeze: bool, blind: bool, note: str = "") -> StockCount:
    """Begin to count a place. A frozen place waits for moves under way and then stands still.

    Raises:
        PlaceFrozen: it is being counted already.
    """
    if freeze:
        hold_still()
    locked = Place.objects.select_for_update().get(pk=place.pk)
    going_on = StockCount.objects.filter(place=locked, state__in=[CountState.OPEN, CountState.SUBMITTED]).first()
    if going_on:
        raise PlaceFrozen(
            _("%(place)s is being counted already, in %(count)s.") % {"place": locked, "count": going_on},
            field="place",
        )
    if freeze:
        Place.objects.filter(pk=locked.pk).update(frozen=True, version=F("version") + 1)
    made: StockCount = StockCount.objects.create(place=locked, freeze=freeze, blind=blind, note=note)
    return made


@transaction.atomic
def put_on_count(*, pk: int, batch: Batch, quantity: int | None, actor: Member) -> None:
    """Say how many of a batch were counted, now; None takes the line off.

    Raises:
        CountClosed, QuantityRefused.
    """
    document = _locked(pk, CountState.OPEN)
    if quantity is None:
        CountItem.objects.filter(count=document, batch=batch).delete()
        return
    if quantity < 0:
        raise QuantityRefused(_("Type what you counted: 0 or more."), field="quantity")
    CountItem.objects.update_or_create(
        count=document,
        batch=batch,
        defaults={"quantity": quantity, "counted_at": timezone.now(), "counted_by_id": actor.id},
    )


@transaction.atomic
def submit_count(*, pk: int, actor: Member, rest_is_none: bool) -> StockCount:
    """Hand the count in for approval.

    Args:
        rest_is_none: what the books have in the place and nobody counted is counted as none, at this moment.

    Raises:
        CountClosed, QuantityRefused: nothing was counted.
    """
    document = _locked(pk, CountState.OPEN)
    now = timezone.now()
    if rest_is_none:
        missing = Stock.objects.filter(place=document.place, in_stock=True).exclude(
            batch__in=document.items.values("batch")
        )
        CountItem.objects.bulk_create(
            [
                CountItem(count=document, batch_id=row.batch_id, quantity=0, counted_at=now, counted_by_id=actor.id)
                for row in missing
            ]
        )
    if not document.items.exists():
        raise QuantityRefused(_("Nothing is counted yet."))
    return _moved_on(document, state=CountState.SUBMITTED, submitted_at=now, submitted_by_id=actor.id)


@transaction.atomic
def reopen_count(*, pk: int) -> StockCount:
    """Hand it back to be counted again.

    Raises:
        CountClosed.
    """
    return _moved_on(_locked(pk, CountState.SUBMITTED), state=CountState.OPEN, submitted_at=None, submitted_by_id=None)


@transaction.atomic
def approve_count(*, pk: int, on: dt.date, actor: Member) -> StockCount:
    """Bring the books to what was counted, and let the place go.

    Raises:
        CountClosed, CountRefused and what else `count` refuses: nothing was written.
    """
    document = _locked(pk, CountState.SUBMITTED)
    items = list(document.items.all())
    found = count(
        lines=[Counted(item.batch_id, document.place_id, item.quantity, item.counted_at, item.pk) for item in items],
        on=on,
        document=Document(DOCUMENT, document.pk, str(document)),
        actor=actor,
    )
    books = {one.line: one.book for one in found}
    for item in items:
        item.book = books.get(item.pk, item.quantity)
    CountItem.objects.bulk_update(items, ["book"], batch_size=1000)
    _thaw(document)
    return _moved_on(document, state=CountState.APPROVED, approved_at=timezone.now(), approved_by_id=actor.id)


@transaction.atomic
def cancel_count(*, pk: int) -> StockCount:
    """Give a count up; the books stay as they are.

    Raises:
        CountClosed: it was approved.
    """
    document = _locked(pk, CountState.OPEN, CountState.SUBMITTED)
    _thaw(document)
    return _moved_on(document, state=CountState.CANCELLED)


def _thaw(document: StockCount) -> None:
    if document.freeze:
        Place.objects.filter(pk=document.place_id).update(frozen=False, version=F("version") + 1)


def _moved_on(document: StockCount, **values: object) -> StockCount:
    StockCount.objects.filter(pk=document.pk).update(**values, version=F("version") + 1)
    document.refresh_from_db()
    return document
