"""A posted bill is taken back: goods, journal, tax lines and registers, each by its mirror image. The number stays."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.members import Member
from apps.core.outbox.facts import emit
from apps.core.refusals import Stale
from apps.finance.models import JournalEntry, TaxLine
from apps.finance.operations import reverse_entry
from apps.finance.rules.drafts import TaxLineDraft
from apps.finance.rules.gst import Tax
from apps.inventory.models import Move, MoveKind
from apps.inventory.operations import Document, ReceiptLine, receive
from apps.sales.models import Bill, BillLine, BillPick, BillState
from apps.sales.operations.keeping import take_back_registers
from apps.sales.operations.posting import DOCUMENT, Completed, lock_party
from apps.sales.operations.refusals import BillClosed, BillRefused
from apps.sales.operations.writing import locked, reprice

CANCELLED = "sales.bill_cancelled"
_MOST_REASON = 200


@transaction.atomic
def cancel_bill(*, bill_id: int, reason: str, actor: Member, version: int | None = None) -> Completed:
    """Take a posted bill back on its own day, so that the returns of its month have neither. Cancelled twice, once.

    The goods go back to the batches and places they came from.

    Raises:
        BillRefused: no reason; BillClosed: it is not posted.
        AllocationRefused: it is paid, or has a credit note: take that back first.
        PostingRefused: the day is locked, as after the return was filed: make a credit note instead.
    """
    reason = reason.strip()[:_MOST_REASON]
    if not reason:
        raise BillRefused(_("Say why the bill is cancelled."), field="reason")
    bill = locked(bill_id)
    if bill.state == BillState.CANCELLED:
        return Completed(bill, created=False)
    if version is not None and bill.version != version:
        raise Stale
    if bill.state != BillState.POSTED:
        raise BillClosed(bill)
    lock_party(bill)
    document = Document(DOCUMENT, bill.pk, bill.number, bill.customer_id)
    receive(lines=_goods_of(bill), on=bill.on_date, document=document, actor=actor, kind=MoveKind.RETURN)
    entry = JournalEntry.objects.get(source_kind=DOCUMENT, source_id=bill.pk, entry_kind="main")
    reverse_entry(
        entry_id=entry.pk,
        narration=_("Cancelled: %(reason)s") % {"reason": reason},
        over_soft_lock=actor.may("finance.period.lock"),
        tax_lines=_mirrored(TaxLine.objects.filter(entry=entry).order_by("id")),
    )
    take_back_registers(bill)
    bill.state, bill.cancel_reason = BillState.CANCELLED, reason
    bill.cancelled_at, bill.cancelled_by_id = timezone.now(), actor.id
    bill.version += 1
    Bill.objects.filter(pk=bill.pk).update(
        state=bill.state,
        cancel_reason=reason,
        cancelled_at=bill.cancelled_at,
        cancelled_by=actor.id,
        version=bill.version,
    )
    emit(topic=CANCELLED, payload={"bill": bill.pk, "number": bill.number, "party": bill.customer_id})
    return Completed(bill, created=True)


def _goods_of(bill: Bill) -> list[ReceiptLine]:
    moves = Move.objects.filter(document_kind=DOCUMENT, document_id=bill.pk, kind=MoveKind.ISSUE)
    return [
        ReceiptLine(
            product_id=move.product_id,
            number=move.batch.number,
            expiry=move.batch.expiry,
            mrp=move.batch.mrp,
            quantity=-move.quantity,
            place_id=move.place_id,
            cost=move.cost,
            ptr=move.batch.ptr,
            pts=move.batch.pts,
            line=move.line,
        )
        for move in moves.select_related("batch").order_by("id")
    ]


def _mirrored(rows: Iterable[TaxLine]) -> list[TaxLineDraft]:
    """The same lines with less than zero, under the same number: together they are nothing."""
    return [
        TaxLineDraft(
            direction="out",
            document_kind=row.document_kind,
            document_number=row.document_number,
            document_total=row.document_total,
            hsn=row.hsn,
            uqc=row.uqc,
            quantity=-row.quantity,
            rate=row.rate,
            tax=Tax(-row.taxable, -row.cgst, -row.sgst, -row.utgst, -row.igst, -row.cess),
            place_of_supply=row.place_of_supply,
            party_id=row.party_id,
            party_gstin=row.party_gstin,
            registration=row.registration,
            cess_rate=row.cess_rate,
            reverse_charge=row.reverse_charge,
            zero_rated=row.zero_rated,
        )
        for row in rows
    ]


@transaction.atomic
def correct_bill(*, bill_id: int, reason: str, actor: Member, version: int | None = None) -> Bill:
    """Cancel a posted bill and open a draft with the same lines, to be mended and posted under a new number.

    Called twice it makes one draft.

    Raises:
        What `cancel_bill` raises: nothing is done.
    """
    done = cancel_bill(bill_id=bill_id, reason=reason, actor=actor, version=version)
    before: Bill | None = Bill.objects.filter(replaces=bill_id).first()
    if before is not None:
        return before
    old = done.bill
    draft = Bill(
        branch=old.branch,
        customer=old.customer,
        ship_to=old.ship_to,
        on_date=old.on_date,
        reference=old.reference,
        note=old.note,
        credit_days=old.credit_days,
        bill_discount=old.bill_discount,
        place_of_supply=old.place_of_supply,
        place_rule=old.place_rule,
        levy=old.levy,
        levy_reason=old.levy_reason,
        zero_rated=old.zero_rated,
        made_by_id=actor.id,
        replaces=old,
    )
    draft.save(force_insert=True)
    _copy_lines(old, draft)
    reprice(draft, actor)
    return draft


def _copy_lines(old: Bill, draft: Bill) -> None:
    made: dict[int, BillLine] = {}
    for line in BillLine.objects.filter(bill=old).order_by("position"):
        made[line.pk] = BillLine(
            bill=draft,
            position=line.position,
            product_id=line.product_id,
            quantity=line.quantity,
            free=line.free,
            rate=line.rate,
            rate_typed=line.rate_typed,
            free_typed=line.free_typed,
            discount=line.discount,
            override=line.override,
        )
    BillLine.objects.bulk_create(made.values())
    BillPick.objects.bulk_create(
        BillPick(
            bill=draft, line=made[pick.line_id], batch_id=pick.batch_id, place_id=pick.place_id,
            quantity=pick.quantity, free=pick.free, chosen=True,
        )
        for pick in BillPick.objects.filter(bill=old, chosen=True).order_by("id")
    )  # fmt: skip
