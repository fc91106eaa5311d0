"""What people decide about a line of a receipt: reject it, ask, allow it, keep the rest on order."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.members import Member
from apps.core.refusals import Stale
from apps.purchasing.models import Decision, GoodsReceipt, ReceiptLine
from apps.purchasing.operations.receipt_lines import note_findings
from apps.purchasing.operations.receipt_locks import ReceiptRefused, locked_receipt, sum_up_receipt
from apps.purchasing.rules.line_checks import WEIGHTS, Finding, Weight

ALLOW = "purchasing.receipt.allow"


@transaction.atomic
def reject_line(*, pk: int, line_id: int, reason: str) -> ReceiptLine:
    """Keep nothing of a line. Where it is billed, what was billed is claimed back from the supplier.

    Raises:
        ReceiptClosed, Stale.
        ReceiptRefused: no reason is given.
    """
    if not reason.strip():
        raise ReceiptRefused(_("Say why the line is rejected."), field="reason")

    def change(line: ReceiptLine) -> None:
        line.rejected, line.reason = True, reason.strip()[:200]

    return _change(pk, line_id, change)


@transaction.atomic
def keep_line(*, pk: int, line_id: int) -> ReceiptLine:
    """Take a rejection back."""

    def change(line: ReceiptLine) -> None:
        line.rejected, line.reason = False, ""

    return _change(pk, line_id, change)


@transaction.atomic
def ask_about_line(*, pk: int, line_id: int, actor: Member) -> ReceiptLine:
    """Put the line before somebody who may allow it: it is on their list of work.

    Raises:
        ReceiptRefused: there is nothing to allow.
    """

    def change(line: ReceiptLine) -> None:
        if not _allowable(line):
            raise ReceiptRefused(_("There is nothing to allow on this line."))
        line.asked_by_id = actor.id

    return _change(pk, line_id, change)


@transaction.atomic
def allow_line(*, pk: int, line_id: int, actor: Member) -> ReceiptLine:
    """Allow what a rule of buying refuses: goods that expire too soon, more than was ordered.

    Raises:
        ReceiptRefused: the person may not, or there is nothing to allow.
    """
    if not actor.may(ALLOW):
        raise ReceiptRefused(_("Somebody with the right to allow it must do this. Ask the owner."))

    def change(line: ReceiptLine) -> None:
        if not _allowable(line):
            raise ReceiptRefused(_("There is nothing to allow on this line."))
        line.allowed_by_id = actor.id
        line.asked_by_id = None

    return _change(pk, line_id, change)


@transaction.atomic
def decide_rest(*, pk: int, line_id: int, decision: Decision) -> ReceiptLine:
    """Say what becomes of what an order's line lacks: it is still expected, or not any more."""

    def change(line: ReceiptLine) -> None:
        if line.order_line_id is None:
            raise ReceiptRefused(_("This line is of no order."))
        line.decision = decision

    return _change(pk, line_id, change)


@transaction.atomic
def claim_rest(*, pk: int, line_id: int, billed: int) -> ReceiptLine:
    """Say that the bill names more than came: the rest is claimed back.

    Raises:
        ReceiptRefused: it is less than nothing.
    """
    if billed < 0:
        raise ReceiptRefused(_("Type 0 or more."), field="billed")

    def change(line: ReceiptLine) -> None:
        line.billed = billed

    return _change(pk, line_id, change)


@transaction.atomic
def take_ordered(*, pk: int) -> int:
    """Count every line of the order that nobody has counted as come in full; how many there were."""
    receipt = locked_receipt(pk)
    lines = list(
        ReceiptLine.objects.filter(receipt=receipt, quantity__isnull=True, order_line__isnull=False).select_related(
            "order_line"
        )
    )
    for line in lines:
        order_line = line.order_line
        assert order_line is not None  # noqa: S101 - the filter says so
        line.quantity = max(order_line.quantity - order_line.received, 0)
        line.free = max(order_line.free - order_line.received_free, 0)
        line.version += 1
    ReceiptLine.objects.bulk_update(lines, ["quantity", "free", "version"])
    note_findings(receipt)
    sum_up_receipt(receipt.pk)
    return len(lines)


def _allowable(line: ReceiptLine) -> bool:
    return any(WEIGHTS[Finding(one)] is Weight.ALLOW for one in line.findings.split(",") if one)


def _change(pk: int, line_id: int, change: Callable[[ReceiptLine], None]) -> ReceiptLine:
    receipt: GoodsReceipt = locked_receipt(pk)
    line = ReceiptLine.objects.filter(receipt=receipt, pk=line_id).first()
    if line is None:
        raise Stale
    change(line)
    line.version += 1
    line.save()
    note_findings(receipt, [line.pk])
    line.refresh_from_db(fields=["findings"])
    sum_up_receipt(receipt.pk)
    found: ReceiptLine = line
    return found
