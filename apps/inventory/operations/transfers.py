"""Transfer documents: filled line by line, sent, and taken in where they arrive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.members import Member
from apps.inventory.models import Batch, Place, PlaceKind, Stock, Transfer, TransferItem, TransferState
from apps.inventory.operations.ledger import Document
from apps.inventory.operations.refusals import PlaceUnsuited, QuantityRefused, StockRefused
from apps.inventory.operations.transferring import ArrivalLine, TransferLine, accept_transfer, refuse_supply, transfer
from apps.organizations.operations import take_number
from apps.organizations.rules.numbering import DocumentKind

DOCUMENT = "inventory.transfer"


class TransferClosed(StockRefused):
    """The transfer is past the step that was asked for."""


def _locked(pk: int, state: TransferState) -> Transfer:
    """The transfer, if it is still where the person saw it."""
    found: Transfer = (
        Transfer.objects.select_for_update(of=("self",)).select_related("from_place", "to_place").get(pk=pk)
    )
    if found.state != state:
        raise TransferClosed(
            _("%(transfer)s is %(state)s already.") % {"transfer": found, "state": found.get_state_display().lower()}
        )
    return found


def check_way(*, start: Place, end: Place) -> None:
    """Refuse what could not be sent, before anybody packs it.

    Raises:
        PlaceUnsuited, TaxInvoiceNeeded.
    """
    if start.pk == end.pk:
        raise PlaceUnsuited(_("The goods lie there already. Choose another place."), field="to_place")
    refuse_supply([(start, end)])


@transaction.atomic
def put_on_transfer(*, pk: int, batch: Batch, quantity: int) -> None:
    """Say how much of a batch goes; 0 takes it off. Whether so much is free is asked when the transfer is sent.

    Raises:
        TransferClosed, QuantityRefused.
    """
    document = _locked(pk, TransferState.DRAFT)
    if quantity < 0:
        raise QuantityRefused(_("Type 1 or more, or remove the line."), field="quantity")
    if quantity == 0:
        TransferItem.objects.filter(transfer=document, batch=batch).delete()
    else:
        TransferItem.objects.update_or_create(transfer=document, batch=batch, defaults={"quantity": quantity})


@transaction.atomic
def send_transfer(*, pk: int, on: dt.date, actor: Member) -> Transfer:
    """Move the goods. Within a branch they arrive at once; between branches they are in transit, with a challan number.

    Raises:
        TransferClosed, StockShortage and what else `transfer` refuses: nothing moved.
    """
    document = _locked(pk, TransferState.DRAFT)
    items = list(document.items.all())
    if not items:
        raise QuantityRefused(_("There is nothing on this transfer yet. Scan or search what goes."))
    away = document.from_place.branch_id != document.to_place.branch_id
    lines = [
        TransferLine(item.batch_id, document.from_place_id, document.to_place_id, item.quantity, item.pk)
        for item in items
    ]
    now = timezone.now()
    # The number is taken last, for its row is what everybody waits for; the moves know the document by its key.
    transfer(lines=lines, on=on, document=_document(document), actor=actor, note=document.note)
    values: dict[str, object] = {"state": TransferState.SENT, "sent_at": now, "sent_by_id": actor.id}
    if away:
        branch = document.from_place.branch
        values["number"] = take_number(branch=branch, kind=DocumentKind.CHALLAN, day=on)
    else:
        TransferItem.objects.filter(transfer=document).update(arrived=F("quantity"))
        values |= {"state": TransferState.RECEIVED, "received_at": now, "received_by_id": actor.id}
    Transfer.objects.filter(pk=document.pk).update(**values, version=F("version") + 1)
    document.refresh_from_db()
    return document


@transaction.atomic
def move_stock(
    *, rows: Sequence[Stock], targets: Mapping[int, Place], note: str, on: dt.date, actor: Member
) -> list[Transfer]:
    """Send all that is free of these rows of stock, one transfer for each place they lie in. All go, or none.

    Args:
        targets: where the goods of each branch go, by the branch's key.

    Raises:
        QuantityRefused, PlaceUnsuited and what else `transfer` refuses: nothing moved.
    """
    made: dict[int, Transfer] = {}
    for row in rows:
        start = row.place
        target = targets[start.branch_id]
        if start.pk == target.pk:
            raise PlaceUnsuited(
                _("%(batch)s lies in %(place)s already. Take it off the list.") % {"batch": row.batch, "place": target}
            )
        if row.free <= 0:
            raise QuantityRefused(_("All of %(batch)s is held for bills. Take it off the list.") % {"batch": row.batch})
        if start.pk not in made:
            made[start.pk] = Transfer.objects.create(from_place=start, to_place=target, note=note)
        TransferItem.objects.create(transfer=made[start.pk], batch=row.batch, quantity=row.free)
    return [send_transfer(pk=document.pk, on=on, actor=actor) for document in made.values()]


@transaction.atomic
def take_in_transfer(*, pk: int, arrived: Mapping[int, int], place: Place, on: dt.date, actor: Member) -> Transfer:
    """Put what arrived into a place. What did not stays in transit, to be found or written off.

    Args:
        arrived: quantity by key of the line; a line that is not named arrived whole.

    Raises:
        TransferClosed, QuantityRefused, PlaceUnsuited and what else `accept_transfer` refuses: nothing moved.
    """
    document = _locked(pk, TransferState.SENT)
    items = list(document.items.select_related("batch"))
    for item in items:
        item.arrived = arrived.get(item.pk, item.quantity)
        if not 0 <= item.arrived <= item.quantity:
            raise QuantityRefused(
                _("%(batch)s: %(sent)d were sent. Type that or fewer.") % {"batch": item.batch, "sent": item.quantity},
                field=f"arrived-{item.pk}",
            )
    if place.kind == PlaceKind.TRANSIT:
        raise PlaceUnsuited(_("Choose where the goods are put."), field="place")
    lines = [ArrivalLine(item.batch_id, place.pk, item.arrived, item.pk) for item in items if item.arrived]
    if lines:
        accept_transfer(
            lines=lines, on=on, document=_document(document), branch_id=document.to_place.branch_id, actor=actor
        )
    TransferItem.objects.bulk_update(items, ["arrived"])
    Transfer.objects.filter(pk=document.pk).update(
        state=TransferState.RECEIVED,
        to_place=place,
        received_at=timezone.now(),
        received_by_id=actor.id,
        version=F("version") + 1,
    )
    document.refresh_from_db()
    return document


@transaction.atomic
def cancel_transfer(*, pk: int) -> None:
    """Give up a transfer that was not sent.

    Raises:
        TransferClosed: it was sent.
    """
    document = _locked(pk, TransferState.DRAFT)
    Transfer.objects.filter(pk=document.pk).update(state=TransferState.CANCELLED, version=F("version") + 1)


def _document(document: Transfer) -> Document:
    return Document(DOCUMENT, document.pk, f"T{document.pk}")
