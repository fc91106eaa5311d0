"""Returns while they are drafts: opened, filled line by line, thrown away."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.members import Member
from apps.core.refusals import Refusal
from apps.organizations.models import Branch
from apps.parties.models import Party
from apps.sales.models import Bill, BillPick, CreditKind, ReturnedPick, SalesReturn, SalesReturnLine
from apps.sales.rules.returns import NoteKind, Why, note_kind

FITS = ("levy", "place_of_supply", "zero_rated", "reverse_charge", "registration", "gstin")
"""What all bills behind one note have in common: a note has one tax and one recipient."""


class ReturnRefused(Refusal):
    """Goods cannot be taken back like that."""


class ReturnClosed(ReturnRefused):
    """The note is posted."""


class MoreThanSold(ReturnRefused):
    """More units would come back than left."""


@transaction.atomic
def open_return(*, branch: Branch, customer: Party, on_date: dt.date, actor: Member, note: str = "") -> SalesReturn:
    """A draft without lines."""
    made = SalesReturn(branch=branch, customer=customer, on_date=on_date, note=note, made_by_id=actor.id)
    made.save(force_insert=True)
    return made


def open_note(return_id: int) -> SalesReturn:
    """The draft, kept from everybody else until the transaction ends.

    Raises:
        ReturnClosed: it is posted.
    """
    found: SalesReturn = (
        SalesReturn.objects.select_for_update(of=("self",), no_key=True)
        .select_related("branch", "customer")
        .get(pk=return_id)
    )
    if not found.is_open:
        raise ReturnClosed(_("%(note)s is posted, so it is not changed.") % {"note": found})
    return found


@transaction.atomic
def set_returned(*, return_id: int, pick_id: int, quantity: int, reason: Why) -> SalesReturn:
    """Say how many units of a batch of a bill came back for that reason; 0 takes the line off.

    Raises:
        MoreThanSold: with what is left.
        ReturnRefused: it was sold to somebody else, its bill bears another tax or wants another note, or expired goods
            are to be sold again.
        ReturnClosed.
    """
    note = open_note(return_id)
    lines = SalesReturnLine.objects.filter(note=note)
    if quantity == 0:
        lines.filter(pick=pick_id, reason=reason.value).delete()
    else:
        pick = _pick_for(note, pick_id)
        if reason is Why.SALEABLE and pick.batch.expiry < note.on_date:
            raise ReturnRefused(
                _("%(batch)s expired in %(month)s. Take it back as expiry.")
                % {"batch": pick.batch, "month": f"{pick.batch.expiry:%m/%Y}"},
                field="reason",
            )
        others = sum(lines.filter(pick=pick).exclude(reason=reason.value).values_list("quantity", flat=True))
        left = pick.quantity + pick.free - returned_of(pick_id) - others
        if quantity > left:
            raise MoreThanSold(
                _("Only %(left)d of %(batch)s on %(bill)s can come back.")
                % {"left": left, "batch": pick.batch, "bill": pick.bill},
                field="quantity",
            )
        SalesReturnLine.objects.update_or_create(
            note=note, pick=pick, reason=reason.value, defaults={"quantity": quantity}
        )
    SalesReturn.objects.filter(pk=note.pk).update(
        kind=_kind(note).value, version=F("version") + 1, touched_at=timezone.now()
    )
    note.refresh_from_db()
    return note


def returned_of(pick_id: int) -> int:
    """Units of it on posted notes."""
    return int(ReturnedPick.objects.filter(pick=pick_id).values_list("returned", flat=True).first() or 0)


def _pick_for(note: SalesReturn, pick_id: int) -> BillPick:
    """The batch of a bill, if it can be on this note."""
    pick: BillPick | None = BillPick.objects.select_related("bill", "batch__product").filter(pk=pick_id).first()
    if pick is None or (pick.bill.customer_id, pick.bill.branch_id) != (note.customer_id, note.branch_id):
        raise ReturnRefused(
            _("That was not sold to %(customer)s by %(branch)s.") % {"customer": note.customer, "branch": note.branch}
        )
    bill = pick.bill
    if bill.state != "posted":
        raise ReturnRefused(_("%(bill)s is %(state)s.") % {"bill": bill, "state": bill.get_state_display().lower()})
    if bill.on_date > note.on_date:
        raise ReturnRefused(_("%(bill)s is of a later day than this return.") % {"bill": bill})
    other = Bill.objects.filter(picks__returns__note=note).exclude(pk=bill.pk).order_by("pk").first()
    if other is None:
        return pick
    if note_kind(bill.on_date, note.on_date) is not note_kind(other.on_date, note.on_date):
        raise ReturnRefused(
            _(
                "The tax of %(bill)s or %(other)s can no longer be adjusted (section 34, CGST Act), so they need two "
                "notes. Post this one and open another."
            )
            % {"bill": bill, "other": other}
        )
    if any(getattr(bill, name) != getattr(other, name) for name in FITS):
        raise ReturnRefused(
            _("%(bill)s bears other taxes than %(other)s. Post this note and open another.")
            % {"bill": bill, "other": other}
        )
    return pick


def _kind(note: SalesReturn) -> CreditKind:
    """Which note the lines make it."""
    first = Bill.objects.filter(picks__returns__note=note).order_by("pk").first()
    kind = note_kind(first.on_date, note.on_date) if first else NoteKind.GST
    return CreditKind(kind.value)


@transaction.atomic
def discard_return(*, return_id: int) -> None:
    """Throw a draft away.

    Raises:
        ReturnClosed: it is posted.
    """
    open_note(return_id).delete()
