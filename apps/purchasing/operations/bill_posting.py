"""Supplier bills go into the books: what they clear, input tax, what is claimed back, what is owed and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.amounts import inr
from apps.core.members import Member
from apps.core.tenancy.context import current_organization_id
from apps.finance.operations import post_entry
from apps.finance.rules.drafts import ItemKind, OpenItemDraft, Side, TaxLineDraft
from apps.finance.rules.gst import sum_of
from apps.finance.rules.posting import Source, credit, debit
from apps.inventory.operations.revaluing import revalue
from apps.inventory.queries.batch_lookup import on_hand_of
from apps.organizations.models import Branch
from apps.parties.models import Party
from apps.purchasing.models import (
    BillCharge,
    BillLine,
    BillState,
    GoodsReceipt,
    ReceiptLine,
    ReceiptState,
    SupplierBill,
    SupplierTerms,
)
from apps.purchasing.operations.bill_drafts import told_duplicate
from apps.purchasing.operations.receipt_locks import BillRefused, DuplicateBill, locked_bill, locked_receipt
from apps.purchasing.queries.booking import billed_units, levy_of, sets_off, work_out_draft
from apps.purchasing.queries.receiving import figures_on, receiving_settings, small_supplier_days, withholding
from apps.purchasing.rules.booking import Booking, bill_entry, cleared_of
from apps.purchasing.rules.dues import due_on, msme_pay_by, withhold
from apps.purchasing.rules.landed import settle_difference

BILL = "purchasing.bill"
ZERO = Decimal("0.00")
_FREIGHT_HSN = "996511"


@dataclass(frozen=True, slots=True)
class Share:
    """What a bill does to one line of a receipt."""

    line: ReceiptLine
    cleared: Decimal
    billed: int
    to_stock: Decimal = ZERO
    to_sold: Decimal = ZERO


def post_bill(*, receipt_id: int, on_date: dt.date, actor: Member, version: int | None = None) -> SupplierBill:
    """Put the bill of goods that are in stock into the books. Doing it twice changes nothing.

    What it says otherwise than the receipt goes to the goods that are still there, and to the cost of those sold.

    Raises:
        ReceiptClosed: the goods are not in stock.
        BillRefused, DuplicateBill, SupplierUnfit, Stale, PostingRefused: nothing was changed.
    """
    with transaction.atomic():
        receipt = locked_receipt(receipt_id, (ReceiptState.POSTED,), version=version)
        if receipt.bill_id is None:
            raise BillRefused(_("%(receipt)s has no bill yet. Type its number and date.") % {"receipt": receipt})
        bill = locked_bill(receipt.bill_id)
        if bill.state == BillState.POSTED:
            return bill
        lines = list(ReceiptLine.objects.filter(receipt=receipt).select_related("product").order_by("position", "id"))
        return book_bill(bill=bill, receipt=receipt, lines=lines, on_date=on_date, actor=actor)


def book_bill(
    *,
    bill: SupplierBill,
    receipt: GoodsReceipt,
    lines: Sequence[ReceiptLine],
    on_date: dt.date,
    actor: Member,
    booking: Booking | None = None,
) -> SupplierBill:
    """The same for a bill and a receipt that the caller has locked; part of posting a receipt with its bill."""
    _check_whole(bill)
    settings = receiving_settings()
    if booking is None:
        booking = work_out_draft(
            lines,
            supplier=receipt.supplier,
            branch=receipt.branch,
            settings=settings,
            bill=bill,
            charges=list(BillCharge.objects.filter(bill=bill).order_by("id")),
        )
    check_total(booking)
    shares = _shares(booking, lines)
    changes = revalue(values=_by_batch(shares))
    own = round(changes.pop(receipt.branch_id, Decimal(0)), 2)
    figures = figures_on(bill.bill_date or on_date)
    held = _withheld(bill, booking, withholding(figures) if settings.withholds_tax else None)
    pay_by = _pay_by(bill.supplier, receipt.on_date, figures)
    due = due_on(bill.bill_date or on_date, bill.supplier.credit_days, pay_by)
    others = {branch: round(change, 2) for branch, change in changes.items() if round(change, 2)}
    entry = bill_entry(
        booking,
        cleared=sum((share.cleared for share in shares), ZERO),
        to_stock=own + sum(others.values(), ZERO),
        to_sold=sum((share.to_sold for share in shares), ZERO),
        withheld=held,
        supplier_id=bill.supplier_id,
    )
    for change in others.values():
        entry += [credit("stock", change), debit("between_branches", change)]
    source = Source(BILL, bill.pk, bill.number)
    over = actor.may("finance.period.lock")
    total = booking.figures.total
    if any(line.debit or line.credit for line in entry):
        post_entry(
            lines=entry,
            source=source,
            branch=receipt.branch,
            on_date=on_date,
            party_id=bill.supplier_id,
            over_soft_lock=over,
            tax_lines=_tax_lines(bill, booking, lines, receipt.branch),
            open_items=[OpenItemDraft(bill.supplier_id, Side.PAYABLE, ItemKind.BILL, bill.number, due, held - total)],
        )
    post_between(others, source=source, on_date=on_date, part="revalued", over_soft_lock=over)
    _keep_lines(bill, booking, shares)
    _clear(receipt, shares)
    foot = booking.figures.foot
    values: dict[str, Any] = {
        "state": BillState.POSTED,
        "booked_on": on_date,
        "levy": levy_of(receipt.supplier, receipt.branch).levy,
        "taxable": foot.taxable,
        "cgst": foot.cgst,
        "sgst": foot.sgst,
        "utgst": foot.utgst,
        "igst": foot.igst,
        "round_off": booking.figures.round_off,
        "total": total,
        "claimed": booking.claim,
        "withheld": held,
        "due_on": due,
        "pay_by": pay_by,
        "posted_at": timezone.now(),
        "posted_by_id": actor.id,
        "version": bill.version + 1,
    }
    for name, value in values.items():
        setattr(bill, name, value)
    try:
        with transaction.atomic():
            bill.save(update_fields=list(values))
    except IntegrityError as error:
        if "purchasing_supplierbill_number_unique" not in str(error):
            raise
        raise DuplicateBill(told_duplicate(bill), field="bill_number") from None
    return bill


def check_total(booking: Booking) -> None:
    """Refuse a bill whose lines do not come to its total.

    Raises:
        BillRefused: with both figures.
    """
    if off := booking.figures.unexplained:
        raise BillRefused(
            _(
                "The bill says %(printed)s and its lines come to %(lines)s: %(off)s is not explained. "
                "Mend a line or the total."
            )
            % {
                "printed": inr(booking.figures.exact + off),
                "lines": inr(booking.figures.exact),
                "off": inr(abs(off)),
            },
            field="printed_total",
        )


def post_between(
    others: dict[int, Decimal], *, source: Source, on_date: dt.date, part: str, over_soft_lock: bool
) -> None:
    """The entries of branches whose goods of the same batch became worth more or less."""
    for branch in Branch.objects.filter(pk__in=others):
        post_entry(
            lines=[debit("stock", others[branch.pk]), credit("between_branches", others[branch.pk])],
            source=source,
            entry_kind=f"{part}:{branch.pk}"[:40],
            branch=branch,
            on_date=on_date,
            over_soft_lock=over_soft_lock,
        )


def _check_whole(bill: SupplierBill) -> None:
    if not bill.number:
        raise BillRefused(_("Type the number of the supplier's bill."), field="bill_number")
    if bill.bill_date is None:
        raise BillRefused(_("Type the date of the supplier's bill."), field="bill_date")


def _shares(booking: Booking, lines: Sequence[ReceiptLine]) -> list[Share]:
    """What of each line's goods the bill clears, and where the rest of its value goes."""
    there = on_hand_of({line.batch_id for line in lines if line.batch_id})
    shares = []
    for line, worked in zip(lines, booking.lines, strict=True):
        open_units = max((line.quantity or 0) - line.billed_quantity, 0)
        billed = billed_units(line)
        open_value = line.accrued - line.cleared
        cleared = ZERO if line.rejected else cleared_of(open_value, billed=billed, open_units=open_units)
        share = Share(line, cleared, min(billed, open_units))
        difference = worked.value - worked.extra - cleared
        if difference and line.batch_id:
            parts = settle_difference(difference, units=line.units, still_there=there.get(line.batch_id, 0))
            share = replace(share, to_stock=parts.stock, to_sold=parts.sold)
        shares.append(share)
    return shares


def _by_batch(shares: Sequence[Share]) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = {}
    for share in shares:
        if share.to_stock and share.line.batch_id:
            sums[share.line.batch_id] = sums.get(share.line.batch_id, ZERO) + share.to_stock
    return sums


def _withheld(bill: SupplierBill, booking: Booking, rule: Any) -> Decimal:
    if rule is None:
        return ZERO
    # Two bills of one supplier at once must not both believe to be under the threshold.
    Party.objects.select_for_update(no_key=True).get(pk=bill.supplier_id)
    before = SupplierBill.objects.filter(
        supplier=bill.supplier_id, financial_year=bill.financial_year, state=BillState.POSTED
    ).aggregate(taxable=Sum("taxable"))["taxable"]
    found = withhold(
        booking.figures.foot.taxable,
        bought_before=before or ZERO,
        rule=rule,
        has_pan=bool(bill.supplier.pan or bill.supplier.gstin),
    )
    return found.tax


def _pay_by(supplier: Party, accepted_on: dt.date, figures: dict[str, Decimal]) -> dt.date | None:
    terms = SupplierTerms.objects.filter(supplier=supplier).exclude(enterprise="").first()
    days = small_supplier_days(figures)
    if terms is None or days is None:
        return None
    return msme_pay_by(accepted_on, days=days, written_agreement=terms.written_agreement, agreed_days=terms.agreed_days)


def _tax_lines(
    bill: SupplierBill, booking: Booking, lines: Sequence[ReceiptLine], branch: Branch
) -> list[TaxLineDraft]:
    """Input tax by HSN and rate, of what was received and kept, and of charges."""
    sums: dict[tuple[str, str, Decimal], list[Any]] = {}
    for line, worked in zip(lines, booking.lines, strict=True):
        if worked.kept.taxable:
            one = sums.setdefault((line.product.hsn, line.product.uqc, line.tax_rate or Decimal(0)), [0, []])
            one[0] += min(line.quantity or 0, billed_units(line))
            one[1].append(worked.kept)
    charges = BillCharge.objects.filter(bill=bill).order_by("id") if booking.figures.charges else ()
    for charge, tax in zip(charges, booking.figures.charges, strict=True):
        sums.setdefault((_FREIGHT_HSN, "OTH", charge.tax_rate), [0, []])[1].append(tax)
    supplier, levy = bill.supplier, levy_of(bill.supplier, branch)
    return [
        TaxLineDraft(
            direction="in",
            document_kind="INV" if levy.tax_invoice else "BOS",
            document_number=bill.number,
            document_total=booking.figures.total,
            hsn=hsn,
            uqc=uqc,
            quantity=Decimal(quantity),
            rate=rate,
            tax=sum_of(taxes),
            place_of_supply=levy.place,
            party_id=supplier.pk,
            party_gstin=supplier.gstin,
            registration=supplier.registration,
            zero_rated=levy.zero_rated,
            creditable=sets_off(branch),
            document_on=bill.bill_date,
        )
        for (hsn, uqc, rate), (quantity, taxes) in sums.items()
    ]


def _keep_lines(bill: SupplierBill, booking: Booking, shares: Sequence[Share]) -> None:
    BillLine.objects.bulk_create(
        [
            BillLine(
                bill=bill,
                receipt_line=share.line,
                product_id=share.line.product_id,
                position=position,
                hsn=share.line.product.hsn,
                quantity=billed_units(share.line),
                rate=share.line.rate or Decimal(0),
                discount=share.line.discount,
                scheme=share.line.scheme,
                tax_rate=share.line.tax_rate or Decimal(0),
                taxable=worked.tax.taxable,
                cgst=worked.tax.cgst,
                sgst=worked.tax.sgst,
                utgst=worked.tax.utgst,
                igst=worked.tax.igst,
                claimed=worked.rest.total,
                charges=worked.charges,
                cleared=share.cleared,
                revalued=share.to_stock,
            )
            for position, (share, worked) in enumerate(zip(shares, booking.lines, strict=True), 1)
        ]
    )


_CLEAR = """
UPDATE purchasing_receiptline l
SET cleared = l.cleared + u.cleared, billed_quantity = l.billed_quantity + u.billed
FROM unnest(%(lines)s::bigint[], %(cleared)s::numeric[], %(billed)s::int[]) AS u (line, cleared, billed)
WHERE l.organization_id = %(organization)s AND l.id = u.line
"""
_UNBILLED = """
UPDATE purchasing_goodsreceipt r SET unbilled = l.unbilled
FROM (SELECT coalesce(sum(accrued - cleared), 0) AS unbilled FROM purchasing_receiptline
      WHERE organization_id = %(organization)s AND receipt_id = %(receipt)s) l
WHERE r.organization_id = %(organization)s AND r.id = %(receipt)s
"""


def _clear(receipt: GoodsReceipt, shares: Sequence[Share], *, sign: int = 1) -> None:
    values: dict[str, Any] = {
        "organization": current_organization_id(),
        "receipt": receipt.pk,
        "lines": [share.line.pk for share in shares],
        "cleared": [sign * share.cleared for share in shares],
        "billed": [sign * share.billed for share in shares],
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR, values)
        cursor.execute(_UNBILLED, values)
