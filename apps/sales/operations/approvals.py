"""Questions to the owner, and their answers."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.members import Member
from apps.core.outbox.facts import emit
from apps.sales.models import ApprovalState, BillApproval
from apps.sales.operations.refusals import BillRefused
from apps.sales.operations.writing import open_bill
from apps.sales.queries.sheet import sheet
from apps.sales.rules.facts import Level

ASKED = "sales.approval_asked"
ANSWERED = "sales.approval_answered"
_MOST_WORDS = 300


@transaction.atomic
def ask_owner(*, bill_id: int, actor: Member, version: int | None = None) -> list[BillApproval]:
    """Ask about everything on the bill that somebody else may allow. What was asked already and has not grown is left.

    Raises:
        BillRefused: there is nothing to ask.
        BillClosed, Stale.
    """
    bill = open_bill(bill_id, version)
    found = [notice for notice in sheet(bill, member=actor).in_the_way if notice.level is Level.ASK]
    if not found:
        raise BillRefused(_("There is nothing on this bill that the owner would have to allow."))
    waiting = {(row.code, row.line): row for row in BillApproval.objects.filter(bill=bill, state=ApprovalState.WAITING)}
    made: list[BillApproval] = []
    for notice in found:
        row = waiting.get((notice.code, notice.line))
        if row is None:
            row = BillApproval(bill=bill, code=notice.code, line=notice.line, asked_by_id=actor.id)
        elif row.measure >= notice.measure:
            made.append(row)
            continue
        else:
            row.version += 1
        row.measure, row.question = notice.measure, notice.text[:_MOST_WORDS]
        row.save()
        made.append(row)
    emit(topic=ASKED, payload={"bill": bill.pk, "approvals": [row.pk for row in made]})
    return made


@transaction.atomic
def answer_owner(*, approval_id: int, allow: bool, actor: Member, note: str = "") -> BillApproval:
    """Allow what was asked, or refuse it. Answered twice alike it is answered once.

    Raises:
        BillRefused: the person may not, or it was answered otherwise.
    """
    if not actor.may("sales.bill.allow"):
        raise BillRefused(_("You may not allow this. Ask somebody who may."))
    row: BillApproval = BillApproval.objects.select_for_update(of=("self",)).select_related("bill").get(pk=approval_id)
    state = ApprovalState.ALLOWED if allow else ApprovalState.REFUSED
    if row.state == state:
        return row
    if row.state != ApprovalState.WAITING:
        raise BillRefused(_("This was answered already: %(answer)s.") % {"answer": row.get_state_display().lower()})
    row.state, row.answered_by_id, row.answered_at = state, actor.id, timezone.now()
    row.answer_note = note.strip()[:200]
    row.version += 1
    row.save(update_fields=["state", "answered_by", "answered_at", "answer_note", "version"])
    emit(topic=ANSWERED, payload={"bill": row.bill_id, "approval": row.pk, "allowed": allow})
    return row
