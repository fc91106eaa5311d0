"""Posted documents as paper shows them. What they say of both sides is what they kept when they were posted."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from apps.core.tenancy.context import current_organization_id
from apps.finance.rules.gst import Levy, Tax
from apps.sales.models import Bill, BillKind, BillState, CreditKind, SalesReturn
from apps.sales.queries.particulars import letterhead, particulars
from apps.sales.rules.paper import PaperBill, PaperKind, PaperLine, short_maker, short_pack
from apps.sales.rules.particulars import Particulars

_BILLED = """
SELECT p.line_id, d.name, d.schedule, coalesce(m.name, ''), d.pack, l.hsn, d.uqc, t.number, t.expiry, p.mrp, t.ptr,
       p.quantity, p.free, p.rate, l.discount, p.taxable, p.cgst, p.state_tax, p.igst, l.tax_rate
FROM sales_billpick p
JOIN sales_billline l ON l.organization_id = p.organization_id AND l.id = p.line_id
JOIN inventory_product d ON d.organization_id = p.organization_id AND d.id = l.product_id
LEFT JOIN inventory_manufacturer m ON m.organization_id = p.organization_id AND m.id = d.manufacturer_id
JOIN inventory_batch t ON t.organization_id = p.organization_id AND t.id = p.batch_id
WHERE p.organization_id = %s AND p.bill_id = %s
ORDER BY l.position, p.id
"""
_RETURNED = """
SELECT r.id, d.name, d.schedule, coalesce(m.name, ''), d.pack, l.hsn, d.uqc, t.number, t.expiry, p.mrp, t.ptr,
       r.quantity - r.free, r.free, p.rate, l.discount, r.taxable, r.cgst, r.state_tax, r.igst, l.tax_rate
FROM sales_salesreturnline r
JOIN sales_billpick p ON p.organization_id = r.organization_id AND p.id = r.pick_id
JOIN sales_billline l ON l.organization_id = p.organization_id AND l.id = p.line_id
JOIN inventory_product d ON d.organization_id = p.organization_id AND d.id = l.product_id
LEFT JOIN inventory_manufacturer m ON m.organization_id = p.organization_id AND m.id = d.manufacturer_id
JOIN inventory_batch t ON t.organization_id = p.organization_id AND t.id = p.batch_id
WHERE r.organization_id = %s AND r.note_id = %s
ORDER BY r.id
"""
_CORRECTED = """
SELECT DISTINCT b.on_date, b.number FROM sales_salesreturnline r
JOIN sales_billpick p ON p.organization_id = r.organization_id AND p.id = r.pick_id
JOIN sales_bill b ON b.organization_id = p.organization_id AND b.id = p.bill_id
WHERE r.organization_id = %s AND r.note_id = %s ORDER BY 1, 2
"""


def _rows(statement: str, key: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [current_organization_id(), key])
        return list(cursor.fetchall())


def _lines(rows: list[tuple[Any, ...]], levy: Levy, bill_discount: Decimal = Decimal(0)) -> Iterator[PaperLine]:
    number, before = 0, None
    territory = levy is Levy.TERRITORY
    for (
        line, name, schedule, maker, pack, hsn, uqc, batch, expiry, mrp, ptr,
        quantity, free, rate, discount, taxable, cgst, state_tax, igst, tax_rate,
    ) in rows:  # fmt: skip
        number += line != before
        yield PaperLine(
            number=number if line != before else 0,
            name=name,
            schedule=schedule,
            maker=short_maker(maker),
            pack=short_pack(pack),
            hsn=hsn,
            uqc=uqc,
            batch=batch,
            expiry=expiry,
            mrp=mrp,
            ptr=ptr,
            quantity=quantity,
            free=free,
            rate=rate,
            # Both discounts as one, so that the line can be reckoned after on paper.
            discount=round(100 - (100 - discount) * (100 - bill_discount) / 100, 3),
            tax=Tax(
                taxable,
                cgst=cgst,
                sgst=Decimal("0.00") if territory else state_tax,
                utgst=state_tax if territory else Decimal("0.00"),
                igst=igst,
            ),
            tax_rate=tax_rate,
        )
        before = line


def _sides(document: Bill | SalesReturn) -> Particulars:
    """What the document kept; a bill of before particulars were kept says what is true now."""
    if document.particulars:
        return Particulars.of_data(document.particulars)
    ship_to = document.ship_to_id if isinstance(document, Bill) else None
    return particulars(
        branch_id=document.branch_id,
        party_id=document.customer_id or 0,
        on=document.on_date,
        ship_to_id=ship_to,
    )


def bill_on_paper(bill: Bill) -> PaperBill:
    """A posted bill. Three statements."""
    sides, levy = _sides(bill), Levy(bill.levy)
    return PaperBill(
        kind=PaperKind.INVOICE if bill.kind == BillKind.INVOICE else PaperKind.BILL_OF_SUPPLY,
        number=bill.number,
        day=bill.on_date,
        due_on=bill.due_on,
        supplier=sides.supplier,
        letterhead=letterhead(bill.branch_id),
        buyer=sides.buyer,
        ship_to=sides.ship_to,
        place_of_supply=bill.place_of_supply,
        levy=levy,
        reverse_charge=bill.reverse_charge,
        zero_rated=bill.zero_rated,
        sez=bill.registration == "sez",
        lines=tuple(_lines(_rows(_BILLED, bill.pk), levy, bill.bill_discount)),
        round_off=bill.round_off,
        total=bill.total,
        facts=((_("Order"), bill.reference),) if bill.reference else (),
        cancelled=bill.cancel_reason if bill.state == BillState.CANCELLED else "",
    )


def note_on_paper(note: SalesReturn) -> PaperBill:
    """A posted credit note. Four statements."""
    sides, levy = _sides(note), Levy(note.levy)
    return PaperBill(
        kind=PaperKind.CREDIT_NOTE if note.kind == CreditKind.GST else PaperKind.COMMERCIAL_NOTE,
        number=note.number,
        day=note.on_date,
        supplier=sides.supplier,
        letterhead=letterhead(note.branch_id),
        buyer=sides.buyer,
        place_of_supply=note.place_of_supply,
        levy=levy,
        reverse_charge=note.reverse_charge,
        zero_rated=note.zero_rated,
        sez=note.registration == "sez",
        lines=tuple(_lines(_rows(_RETURNED, note.pk), levy)),
        round_off=note.round_off,
        total=note.total,
        corrects=tuple((number, day) for day, number in _rows(_CORRECTED, note.pk)),
        facts=((_("Note"), note.note),) if note.note else (),
    )
