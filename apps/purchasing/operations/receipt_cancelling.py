"""Receipts and bills taken back: every entry has its counter-entry, and goods leave as they came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.core.members import Member
from apps.core.tenancy.context import current_organization_id
from apps.finance.models import JournalEntry, JournalLine, TaxLine
from apps.finance.operations import post_entry
from apps.finance.rules.drafts import TaxLineDraft
from apps.finance.rules.gst import Tax
from apps.finance.rules.posting import PostingLine, Source, credit, debit
from apps.inventory.models import MoveKind
from apps.inventory.operations import Document, Picked, StockShortage, issue_picked, lock_products
from apps.inventory.operations.revaluing import revalue
from apps.inventory.queries.batch_lookup import worth_by_branch
from apps.purchasing.models import BillLine, BillState, GoodsReceipt, ReceiptLine, ReceiptState, SupplierBill
from apps.purchasing.operations.bill_posting import BILL, post_between
from apps.purchasing.operations.order_receipts import Taken, give_back_receipt
from apps.purchasing.operations.receipt_locks import BillRefused, ReceiptRefused, locked_bill, locked_receipt
from apps.purchasing.operations.receipt_posting import RECEIPT

ZERO = Decimal("0.00")


def cancel_receipt(*, pk: int, reason: str, on_date: dt.date, actor: Member) -> GoodsReceipt:
    """Take goods back out of stock, and their bill out of the books: they came in by mistake. The number stays used.

    Raises:
        ReceiptRefused: no reason, or some of the goods are gone: return what is left to the supplier instead.
        AllocationRefused: the bill is paid.
        ReceiptClosed, PostingRefused: nothing was changed.
    """
    with transaction.atomic():
        receipt = locked_receipt(pk, (ReceiptState.POSTED, ReceiptState.CANCELLED))
        if receipt.state == ReceiptState.CANCELLED and receipt.number:
            return receipt
        locked_receipt(pk, (ReceiptState.POSTED,))
        _say(reason)
        if receipt.bill_id is not None:
            bill = locked_bill(receipt.bill_id)
            if bill.state == BillState.POSTED:
                _take_bill_back(bill, receipt, reason, on_date, actor)
        if BillLine.objects.filter(receipt_line__receipt=receipt, bill__state=BillState.POSTED).exists():
            raise ReceiptRefused(_("Another bill names these goods. Cancel that one first."))
        lines = list(ReceiptLine.objects.filter(receipt=receipt, batch__isnull=False).order_by("position", "id"))
        give_back_receipt(
            taken=[
                Taken(line.order_line_id, line.quantity or 0, line.free)
                for line in lines
                if line.order_line_id is not None
            ]
        )
        changes = _take_out(receipt, lines, actor, on_date)
        _take_value_back(receipt=receipt, lines=lines, changes=changes, reason=reason, on_date=on_date, actor=actor)
        receipt.state, receipt.reason = ReceiptState.CANCELLED, reason.strip()[:200]
        receipt.unbilled = ZERO
        receipt.version += 1
        receipt.save(update_fields=["state", "reason", "unbilled", "version"])
        return receipt


def cancel_bill(*, receipt_id: int, reason: str, on_date: dt.date, actor: Member) -> SupplierBill:
    """Take a bill out of the books; its goods stay, received and not billed.

    Raises:
        BillRefused: there is none in the books, or no reason is given.
        AllocationRefused: it is paid.
    """
    with transaction.atomic():
        receipt = locked_receipt(receipt_id, (ReceiptState.POSTED,))
        bill = locked_bill(receipt.bill_id) if receipt.bill_id else None
        if bill is None or bill.state != BillState.POSTED:
            raise BillRefused(_("%(receipt)s has no bill in the books.") % {"receipt": receipt})
        _say(reason)
        return _take_bill_back(bill, receipt, reason, on_date, actor)


def _say(reason: str) -> None:
    if not reason.strip():
        raise ReceiptRefused(_("Say why it is cancelled."), field="reason")


def _take_bill_back(
    bill: SupplierBill, receipt: GoodsReceipt, reason: str, on_date: dt.date, actor: Member
) -> SupplierBill:
    rows = list(BillLine.objects.filter(bill=bill).select_related("receipt_line"))
    entry = JournalEntry.objects.filter(source_kind=BILL, source_id=bill.pk, entry_kind="main").first()
    if entry is not None:
        back: dict[int, Decimal] = {}
        for row in rows:
            batch = row.receipt_line.batch_id
            if row.revalued and batch:
                back[batch] = back.get(batch, ZERO) - row.revalued
        changes = revalue(values=back)
        over = actor.may("finance.period.lock")
        others = {
            branch: round(change, 2)
            for branch, change in changes.items()
            if branch != receipt.branch_id and round(change, 2)
        }
        own = round(changes.get(receipt.branch_id, Decimal(0)), 2)
        source = Source(BILL, bill.pk, bill.number)
        post_entry(
            lines=_mirrored(entry, stock=own, between=sum(others.values(), ZERO)),
            source=source,
            entry_kind="main:reversed",
            branch=receipt.branch,
            on_date=max(on_date, entry.on_date),
            narration=reason.strip()[:300],
            party_id=bill.supplier_id,
            reverses_id=entry.pk,
            over_soft_lock=over,
            tax_lines=_taxes_back(entry),
        )
        post_between(others, source=source, on_date=on_date, part="revalued:reversed", over_soft_lock=over)
    _open_again(receipt, rows)
    bill.state, bill.reason = BillState.CANCELLED, reason.strip()[:200]
    bill.version += 1
    bill.save(update_fields=["state", "reason", "version"])
    GoodsReceipt.objects.filter(pk=receipt.pk).update(bill=None, version=F("version") + 1)
    receipt.bill = None
    return bill


def _mirrored(entry: JournalEntry, *, stock: Decimal, between: Decimal) -> list[PostingLine]:
    """The entry the other way round, but for the stock: that changes by what its goods really become worth less, and
    what was sold meanwhile is a purchase difference.
    """
    lines, off = [], ZERO
    for line in JournalLine.objects.filter(entry=entry).select_related("account").order_by("position"):
        if line.account.role in ("stock", "between_branches"):
            off += line.debit - line.credit
            continue
        lines.append(
            PostingLine(account_id=line.account_id, debit=line.credit, credit=line.debit, party_id=line.party_id)
        )
    return [
        *lines,
        debit("stock", stock),
        debit("between_branches", between),
        credit("purchase_difference", off + stock + between),
    ]


def _taxes_back(entry: JournalEntry) -> list[TaxLineDraft]:
    return [
        TaxLineDraft(
            direction=row.direction,
            document_kind=row.document_kind,
            document_number=row.document_number,
            document_total=-row.document_total,
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
            zero_rated=row.zero_rated,
            creditable=row.creditable,
            document_on=row.document_on,
        )
        for row in TaxLine.objects.filter(entry=entry).order_by("id")
    ]


_OPEN_AGAIN = """
UPDATE purchasing_receiptline l
SET cleared = l.cleared - u.cleared, billed_quantity = greatest(l.billed_quantity - u.billed, 0)
FROM unnest(%(lines)s::bigint[], %(cleared)s::numeric[], %(billed)s::int[]) AS u (line, cleared, billed)
WHERE l.organization_id = %(organization)s AND l.id = u.line
"""
_UNBILLED = """
UPDATE purchasing_goodsreceipt r SET unbilled = l.unbilled
FROM (SELECT coalesce(sum(accrued - cleared), 0) AS unbilled FROM purchasing_receiptline
      WHERE organization_id = %(organization)s AND receipt_id = %(receipt)s) l
WHERE r.organization_id = %(organization)s AND r.id = %(receipt)s
"""


def _open_again(receipt: GoodsReceipt, rows: Sequence[BillLine]) -> None:
    values: dict[str, Any] = {
        "organization": current_organization_id(),
        "receipt": receipt.pk,
        "lines": [row.receipt_line_id for row in rows],
        "cleared": [row.cleared for row in rows],
        "billed": [row.quantity for row in rows],
    }
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_AGAIN, values)
        cursor.execute(_UNBILLED, values)


def _take_out(
    receipt: GoodsReceipt, lines: Sequence[ReceiptLine], actor: Member, on_date: dt.date
) -> dict[int, Decimal]:
    """The goods leave from where they were put; by branch, what stock became worth less."""
    lock_products(line.product_id for line in lines)
    batches = {line.batch_id for line in lines if line.batch_id}
    before = worth_by_branch(batches)
    try:
        issue_picked(
            picks=[
                Picked(line.batch_id, line.place_id or receipt.place_id, line.units, line.pk)
                for line in lines
                if line.batch_id
            ],
            on=on_date,
            document=Document(RECEIPT, receipt.pk, receipt.number, receipt.supplier_id),
            actor=actor,
            kind=MoveKind.RETURN,
        )
    except StockShortage as shortage:
        raise ReceiptRefused(
            _(
                "Some of these goods are gone or lie elsewhere: %(shortage)s "
                "Return what is left to the supplier instead."
            )
            % {"shortage": shortage}
        ) from None
    after = worth_by_branch(batches)
    return {branch: after.get(branch, Decimal(0)) - worth for branch, worth in before.items()}


def _take_value_back(
    *,
    receipt: GoodsReceipt,
    lines: Sequence[ReceiptLine],
    changes: dict[int, Decimal],
    reason: str,
    on_date: dt.date,
    actor: Member,
) -> None:
    value = sum((line.accrued for line in lines), ZERO)
    own = round(changes.pop(receipt.branch_id, Decimal(0)), 2)
    entry = JournalEntry.objects.filter(source_kind=RECEIPT, source_id=receipt.pk, entry_kind="main").first()
    if entry is None:
        return
    post_entry(
        lines=[
            debit("goods_received_not_billed", value),
            debit("stock", own),
            credit("purchase_difference", value + own),
        ],
        source=Source(RECEIPT, receipt.pk, receipt.number),
        entry_kind="main:reversed",
        branch=receipt.branch,
        on_date=max(on_date, entry.on_date),
        narration=reason.strip()[:300],
        party_id=receipt.supplier_id,
        reverses_id=entry.pk,
        over_soft_lock=actor.may("finance.period.lock"),
    )
