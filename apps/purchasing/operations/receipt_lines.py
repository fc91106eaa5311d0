"""Goods receipts while they are open: begun, filled line by line, laid aside, thrown away. Every call saves itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from apps.core.members import Member
from apps.core.refusals import Stale
from apps.inventory.models import Place
from apps.inventory.queries.catalogue import product_tax_rates
from apps.inventory.rules.expiry import month_end
from apps.organizations.models import Branch
from apps.parties.models import Party
from apps.purchasing.models import (
    BillCharge,
    GoodsReceipt,
    OrderLine,
    PurchaseOrder,
    ReceiptLine,
    ReceiptState,
    SupplierBill,
)
from apps.purchasing.operations.receipt_entry import (
    MOST_LINES,
    ZERO,
    LineEntry,
    check_entry,
    check_order,
    check_place,
    check_supplier,
)
from apps.purchasing.operations.receipt_locks import (
    OPEN_STATES,
    ReceiptRefused,
    locked_receipt,
    sum_up_receipt,
)
from apps.purchasing.queries.receiving import facts_of, look_at

_FIELDS = tuple(one.name for one in fields(LineEntry))


def entry_of(line: ReceiptLine) -> LineEntry:
    """The line as somebody would have typed it."""
    return LineEntry(**{name: getattr(line, name) for name in _FIELDS})


@transaction.atomic
def start_receipt(
    *,
    supplier: Party,
    branch: Branch,
    place: Place,
    on_date: dt.date,
    order: PurchaseOrder | None = None,
    challan: str = "",
    actor: Member,
) -> GoodsReceipt:
    """A receipt; against an order it has a line for everything that is still expected, to be counted.

    Raises:
        ReceiptRefused: the party is no supplier or archived, the place is another branch's, or the order takes none.
    """
    check_supplier(supplier)
    check_place(place, branch)
    if order is not None:
        check_order(order, supplier, branch)
    receipt: GoodsReceipt = GoodsReceipt.objects.create(
        supplier=supplier,
        branch=branch,
        place=place,
        on_date=on_date,
        order=order,
        challan=challan.strip(),
        made_by_id=actor.id,
    )
    if order is not None:
        _expect(receipt, order)
    return receipt


def _expect(receipt: GoodsReceipt, order: PurchaseOrder) -> None:
    rows = [
        row
        for row in OrderLine.objects.filter(order=order).select_related("product").order_by("id")
        if row.quantity > row.received
    ]
    taxes = product_tax_rates([row.product for row in rows], receipt.on_date)
    made = ReceiptLine.objects.bulk_create(
        ReceiptLine(
            receipt=receipt,
            position=position,
            product=row.product,
            order_line=row,
            rate=row.rate,
            discount=row.discount,
            tax_rate=taxes[row.product_id],
        )
        for position, row in enumerate(rows, 1)
    )
    note_findings(receipt, [line.pk for line in made])
    sum_up_receipt(receipt.pk)


@transaction.atomic
def change_receipt(
    *,
    pk: int,
    version: int | None,
    on_date: dt.date,
    place: Place,
    challan: str,
    temperature: Decimal | None,
    note: str,
) -> GoodsReceipt:
    """Change what stands above the lines.

    Raises:
        ReceiptClosed, Stale, ReceiptRefused.
    """
    receipt = locked_receipt(pk, version=version)
    check_place(place, receipt.branch)
    if temperature is not None and not -90 <= temperature <= 60:
        raise ReceiptRefused(_("That is no temperature of goods. Type degrees Celsius."), field="temperature")
    receipt.on_date, receipt.place, receipt.temperature = on_date, place, temperature
    receipt.challan, receipt.note = challan.strip(), note.strip()
    receipt.version += 1
    receipt.save(update_fields=["on_date", "place", "temperature", "challan", "note", "version"])
    return receipt


@transaction.atomic
def put_receipt_line(
    *, pk: int, entry: LineEntry, line_id: int | None = None, version: int | None = None, key: str = ""
) -> ReceiptLine:
    """Write a line: a new one, or another version of one. The line is kept whatever is still missing on it.

    Args:
        version: of the line, as the person saw it.
        key: of a new line, made by whoever typed it: sent again it is the line that is there.

    Raises:
        ReceiptClosed: the goods are in stock, or the receipt is cancelled.
        ReceiptRefused: naming the field that cannot be.
        Stale: somebody changed or removed the line meanwhile.
    """
    receipt = locked_receipt(pk)
    line = _line_to_write(receipt, line_id, version, key)
    product = check_entry(entry, receipt)
    if entry.tax_rate is None and (line.pk is None or line.product_id != product.pk):
        entry = replace(entry, tax_rate=product_tax_rates([product], receipt.on_date)[product.pk])
    if line.pk and (line.expiry, line.quantity, line.product_id) != (
        entry.expiry,
        entry.quantity,
        entry.product_id,
    ):
        # What somebody allowed was another thing.
        line.allowed_by, line.asked_by = None, None
    for name in _FIELDS:
        setattr(line, name, getattr(entry, name))
    line.number = line.number.strip()
    if entry.expiry is not None:
        line.expiry = month_end(entry.expiry)
    line.save()
    _settle(receipt, line)
    return line


def _line_to_write(receipt: GoodsReceipt, line_id: int | None, version: int | None, key: str) -> ReceiptLine:
    rows = ReceiptLine.objects.filter(receipt=receipt)
    if line_id is None:
        again = rows.filter(key=key).first() if key else None
        if again is not None:
            return _next(again)
        last = rows.aggregate(last=Max("position"), count=Max("id"))["last"] or 0
        if last >= MOST_LINES:
            raise ReceiptRefused(_("A receipt has at most %(most)d lines. Begin another.") % {"most": MOST_LINES})
        return ReceiptLine(receipt=receipt, position=last + 1, key=key)
    found = rows.filter(pk=line_id).first()
    if found is None or (version is not None and found.version != version):
        raise Stale
    return _next(found)


def _next(line: ReceiptLine) -> ReceiptLine:
    line.version += 1
    return line


@transaction.atomic
def remove_receipt_line(*, pk: int, line_id: int) -> LineEntry | None:
    """Take a line off; returns what it said, so that it can be put back. One that is gone is no fault.

    Raises:
        ReceiptClosed.
    """
    receipt = locked_receipt(pk)
    line = ReceiptLine.objects.filter(receipt=receipt, pk=line_id).first()
    if line is None:
        return None
    entry = entry_of(line)
    line.delete()
    _settle(receipt, line, gone=True)
    return entry


@transaction.atomic
def split_receipt_line(*, pk: int, line_id: int, key: str = "") -> ReceiptLine:
    """Another line of the same goods below, for their next batch.

    Raises:
        ReceiptClosed, Stale.
    """
    receipt = locked_receipt(pk)
    line = ReceiptLine.objects.filter(receipt=receipt, pk=line_id).first()
    if line is None:
        raise Stale
    again = ReceiptLine.objects.filter(receipt=receipt, key=key).first() if key else None
    if again is not None:
        before: ReceiptLine = again
        return before
    ReceiptLine.objects.filter(receipt=receipt, position__gt=line.position).update(position=F("position") + 1)
    entry = replace(
        entry_of(line), number="", expiry=None, manufactured=None, quantity=None, free=0, scheme=ZERO, billed=None
    )
    values: dict[str, Any] = {name: getattr(entry, name) for name in _FIELDS}
    made: ReceiptLine = ReceiptLine.objects.create(receipt=receipt, position=line.position + 1, key=key, **values)
    _settle(receipt, made)
    return made


# ---- the whole ----


@transaction.atomic
def move_receipt(*, pk: int, state: ReceiptState, reason: str = "") -> GoodsReceipt:
    """Say that it is checked, park it, or take it up again.

    Raises:
        ReceiptClosed: that cannot follow on where it is.
        ReceiptRefused: there is nothing to check.
    """
    before = {
        ReceiptState.CHECKED: (ReceiptState.DRAFT,),
        ReceiptState.PARKED: (ReceiptState.DRAFT, ReceiptState.CHECKED),
        ReceiptState.DRAFT: (ReceiptState.PARKED, ReceiptState.CHECKED),
    }
    receipt = locked_receipt(pk, before[state])
    if state is ReceiptState.CHECKED and not receipt.line_count:
        raise ReceiptRefused(_("There is nothing on this receipt yet. Scan or add what came."))
    receipt.state, receipt.reason = state, reason.strip()[:200]
    receipt.version += 1
    receipt.save(update_fields=["state", "reason", "version"])
    return receipt


@transaction.atomic
def discard_receipt(*, pk: int, reason: str = "") -> None:
    """Give an open receipt up, which has no number, and the draft of its bill, whose number is then free again.

    Raises:
        ReceiptClosed.
    """
    receipt = locked_receipt(pk, OPEN_STATES)
    receipt.state, receipt.reason = ReceiptState.CANCELLED, reason.strip()[:200] or _("Given up")
    bill_id, receipt.bill = receipt.bill_id, None
    receipt.version += 1
    receipt.save(update_fields=["state", "reason", "bill", "version"])
    if bill_id and not GoodsReceipt.objects.filter(bill=bill_id).exists():
        BillCharge.objects.filter(bill=bill_id).delete()
        SupplierBill.objects.filter(pk=bill_id, state="draft").delete()


# ---- what it says ----


def note_findings(receipt: GoodsReceipt, line_ids: list[int] | None = None) -> None:
    """Look at lines again and keep what is odd about them."""
    lines = list(ReceiptLine.objects.filter(receipt=receipt, **({} if line_ids is None else {"pk__in": line_ids})))
    found = look_at(lines, facts_of(receipt, line_ids), receipt.on_date)
    changed = []
    for line in lines:
        words = ",".join(found[line.pk])
        if words != line.findings:
            line.findings = words
            changed.append(line)
    if changed:
        ReceiptLine.objects.bulk_update(changed, ["findings"])


def _settle(receipt: GoodsReceipt, line: ReceiptLine, *, gone: bool = False) -> None:
    """Whatever follows from a changed line: what is odd about it and about others of the same order line, the sums."""
    same = [] if gone else [line.pk]
    if line.order_line_id:
        others = ReceiptLine.objects.filter(receipt=receipt, order_line=line.order_line_id).exclude(pk=line.pk)
        same += others.values_list("pk", flat=True)
    if same:
        note_findings(receipt, same)
        if not gone:
            line.refresh_from_db(fields=["findings"])
    sum_up_receipt(receipt.pk)
