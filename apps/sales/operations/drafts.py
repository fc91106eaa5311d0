"""Drafts: opened, written line by line, put aside, taken up again, thrown away.

Each call commits by itself, so that a reload or another device finds what was typed; each checks the state, and the
version where one is given, after it has locked the bill. Nothing here touches stock or books.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.members import Member
from apps.inventory.models import Product
from apps.organizations.models import Branch
from apps.parties.models import Party
from apps.sales.models import Bill, BillLine, BillPick, BillState
from apps.sales.operations.refusals import LineGone, LineRefused
from apps.sales.operations.writing import give_prices, open_bill, reprice, take_customer, written
from apps.sales.queries.sheet import Sheet, sheet

ZERO = Decimal(0)
MOST_LINES = 1_000
"""An e-invoice takes no more (schema INV-01)."""
_MOST_UNITS = 10_000_000


@dataclass(frozen=True, slots=True)
class PickInput:
    """So much of a batch in a place, chosen by hand."""

    batch_id: int
    place_id: int
    quantity: int
    free: int = 0


@transaction.atomic
def open_draft(*, branch: Branch, actor: Member, on_date: dt.date | None = None, customer: Party | None = None) -> Bill:
    """A new draft; nothing is taken from any series."""
    bill = Bill(branch=branch, on_date=on_date or timezone.localdate(), made_by_id=actor.id)
    if customer is not None:
        take_customer(bill, customer, None)
    bill.save(force_insert=True)
    return bill


@transaction.atomic
def set_line(
    *,
    bill_id: int,
    product_id: int,
    quantity: int,
    actor: Member,
    line_id: int | None = None,
    free: int | None = None,
    rate: Decimal | None = None,
    discount: Decimal = ZERO,
    picks: Sequence[PickInput] = (),
    override: str = "",
    version: int | None = None,
) -> Sheet:
    """Write a line, or a new one, and tell what its row shows: batches, price, what is off, the foot of the bill.

    Args:
        line_id: None adds a line at the end.
        free: None gives what the scheme of the day gives.
        rate: None gives the price list's; the reason stands in the line's `why`.
        picks: batches chosen by hand; they must come to quantity and free. Empty leaves it to first expiry.
        override: why these and not those that expire first.

    Returns:
        The sheet with the lines of that product: `lines[-1]` is a new one. Its bill has the new version.

    Raises:
        BillClosed, LineGone, LineRefused, Stale: nothing was written.
    """
    bill = open_bill(bill_id, version)
    _check_figures(quantity, free, rate, discount)
    _check_picks(picks, override)
    line = _line_of(bill, line_id)
    before = {line.product_id} if line.pk else set()
    if line.product_id != product_id:
        if not Product.objects.filter(pk=product_id).exists():
            raise LineRefused(_("This product is not there any more. Choose another."), field="product")
        line.product_id = product_id
    line.quantity, line.discount, line.override = quantity, discount, override.strip()
    line.rate_typed, line.free_typed = rate is not None, free is not None
    line.rate, line.free = rate or ZERO, free or 0
    give_prices(bill, [line])
    if not line.quantity + line.free:
        raise LineRefused(_("Type how many, 1 or more."), field="quantity")
    if picks and (sum(p.quantity for p in picks), sum(p.free for p in picks)) != (line.quantity, line.free):
        raise LineRefused(
            _("The batches come to %(picked)d, the line to %(wanted)d. Make them equal.")
            % {"picked": sum(p.quantity + p.free for p in picks), "wanted": line.quantity + line.free},
            field="picks",
        )
    line.save()
    _choose(bill, line, picks)
    return written(bill, before | {product_id}, actor)


def _line_of(bill: Bill, line_id: int | None) -> BillLine:
    if line_id is not None:
        found: BillLine | None = BillLine.objects.filter(bill=bill, pk=line_id).first()
        if found is None:
            raise LineGone(_("This line is gone: somebody removed it. Type it again."))
        return found
    last = BillLine.objects.filter(bill=bill).aggregate(last=Max("position"))["last"] or 0
    if bill.line_count >= MOST_LINES:
        raise LineRefused(
            _("A bill has at most %(most)d lines. Post this one and begin another.") % {"most": MOST_LINES}
        )
    return BillLine(bill=bill, position=last + 1)


def _check_figures(quantity: int, free: int | None, rate: Decimal | None, discount: Decimal) -> None:
    if not 0 <= quantity <= _MOST_UNITS:
        raise LineRefused(_("Quantities are whole numbers of 1 or more."), field="quantity")
    if free is not None and not 0 <= free <= _MOST_UNITS:
        raise LineRefused(_("Free units are 0 or more."), field="free")
    if rate is not None and not 0 <= rate < 10**10:
        raise LineRefused(_("A rate is 0 or more."), field="rate")
    if not 0 <= discount <= 100:
        raise LineRefused(_("A discount is between 0 and 100 per cent."), field="discount")


def _check_picks(picks: Sequence[PickInput], override: str) -> None:
    if any(pick.quantity < 0 or pick.free < 0 or not pick.quantity + pick.free for pick in picks):
        raise LineRefused(_("Type how many of the batch, 1 or more."), field="picks")
    if len({(pick.batch_id, pick.place_id) for pick in picks}) < len(picks):
        raise LineRefused(_("A batch stands twice in the list. Make one of both."), field="picks")
    if picks and not override.strip():
        raise LineRefused(_("Say why these batches and not those that expire first."), field="override")


def _choose(bill: Bill, line: BillLine, picks: Sequence[PickInput]) -> None:
    BillPick.objects.filter(bill=bill, line=line).delete()
    if picks:
        BillPick.objects.bulk_create(
            BillPick(
                bill=bill,
                line=line,
                batch_id=pick.batch_id,
                place_id=pick.place_id,
                quantity=pick.quantity,
                free=pick.free,
                chosen=True,
            )
            for pick in picks
        )


@transaction.atomic
def remove_line(*, bill_id: int, line_id: int, actor: Member, version: int | None = None) -> Sheet:
    """Take a line off. Removed twice it is gone once.

    Returns:
        The sheet with what is left of the line's product.
    """
    bill = open_bill(bill_id, version)
    line = BillLine.objects.filter(bill=bill, pk=line_id).first()
    if line is None:
        return sheet(bill, member=actor, product_ids=set())
    product = line.product_id
    line.delete()
    return written(bill, {product}, actor)


@transaction.atomic
def hold(*, bill_id: int, version: int | None = None) -> Bill:
    """Put a draft aside, for the next customer on the phone. Holding it twice holds it once."""
    bill = open_bill(bill_id, version)
    if bill.state == BillState.DRAFT:
        _step(bill, BillState.HELD, held_at=timezone.now())
    return bill


@transaction.atomic
def recall(*, bill_id: int, actor: Member, version: int | None = None) -> Sheet:
    """Take a held bill up again: prices, tax and batches are those of now."""
    bill = open_bill(bill_id, version)
    if bill.state == BillState.HELD:
        _step(bill, BillState.DRAFT, held_at=None)
    return reprice(bill, actor)


def _step(bill: Bill, state: BillState, **values: Any) -> None:
    bill.state = state
    for name, value in values.items():
        setattr(bill, name, value)
    bill.version += 1
    bill.save(update_fields=["state", "version", "touched_at", *values])


@transaction.atomic
def discard(*, bill_id: int, version: int | None = None) -> None:
    """Throw a draft away; it never had a number. Thrown away twice it is gone once.

    Raises:
        BillClosed: it was posted meanwhile.
    """
    if not Bill.objects.filter(pk=bill_id).exists():
        return
    bill = open_bill(bill_id, version)
    bill.delete()
