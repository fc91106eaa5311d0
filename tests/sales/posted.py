"""Posted bills for tests of what comes after the posting."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

from django.utils import timezone

from apps.finance.operations import post_entry
from apps.finance.rules.drafts import ItemKind, OpenItemDraft, Side
from apps.finance.rules.gst import Levy, Taxed, split, sum_of
from apps.finance.rules.posting import Source, credit, debit
from apps.finance.rules.rounding import paise, round_document
from apps.inventory.operations import Demand, Document, issue_fefo
from apps.organizations.rules.numbering import financial_year
from apps.sales.models import Bill, BillLine, BillPick, BillState
from apps.sales.operations import complete_bill
from apps.sales.queries.particulars import particulars
from tests.sales.shop import TODAY, Desk

_numbers = itertools.count(1)


def posted_bill(desk: Desk, *lines: tuple[Any, int, int], rate: Decimal = Decimal(80), **fields: Any) -> Bill:
    """A posted bill of (product, paid, free)."""
    bill = desk.draft(**{key: fields.pop(key) for key in ("customer",) if key in fields})
    Bill.objects.filter(pk=bill.pk).update(**fields)
    bill.refresh_from_db()
    for product, quantity, free in lines:
        desk.line(bill, quantity, product_id=product.pk, free=free, rate=rate)
    bill.refresh_from_db()
    if financial_year(bill.on_date) < financial_year(TODAY):
        return _of_an_earlier_year(desk, bill)
    return complete_bill(bill_id=bill.pk, actor=desk.biller).bill


def _of_an_earlier_year(desk: Desk, bill: Bill) -> Bill:
    """The same by hand: number series begin with the year in which the organization was set up."""
    assert bill.customer_id is not None
    rows = list(BillLine.objects.filter(bill=bill).select_related("product").order_by("position"))
    number = f"PUN/{next(_numbers):05}"
    issue = issue_fefo(
        demands=[Demand(row.product_id, row.quantity + row.free, line=row.pk) for row in rows],
        branch_id=bill.branch_id,
        on=bill.on_date,
        document=Document("sales.bill", bill.pk, number, bill.customer_id),
        actor=desk.biller,
    )
    picks: list[tuple[BillLine, BillPick]] = []
    for row in rows:
        free = row.free
        taken = [one for one in issue.picks if one.line == row.pk]
        for one in reversed(taken):
            given = min(free, one.quantity)
            free -= given
            pick = BillPick(
                bill=bill, line=row, batch_id=one.batch_id, place_id=one.place_id, quantity=one.quantity - given,
                free=given, mrp=one.mrp, rate=row.rate, cost=one.cost,
                taxable=paise((one.quantity - given) * row.rate * (100 - row.discount) / 100),
            )  # fmt: skip
            picks.append((row, pick))
    levy = Levy(bill.levy)
    taxes = split([Taxed(pick.taxable, row.tax_rate) for row, pick in picks], levy)
    for (_row, pick), tax in zip(picks, taxes, strict=True):
        pick.cgst, pick.state_tax, pick.igst = tax.cgst, tax.sgst + tax.utgst, tax.igst
        pick.save(force_insert=True)
    tax = sum_of(taxes)
    foot = round_document(tax.total)
    cost = sum((pick.cost * (pick.quantity + pick.free) for _row, pick in picks), Decimal(0))
    sides = particulars(branch_id=bill.branch_id, party_id=bill.customer_id, on=bill.on_date)
    post_entry(
        lines=[
            debit("receivables", foot.total, party_id=bill.customer_id),
            credit("sales", tax.taxable),
            credit("output_cgst", tax.cgst),
            credit("output_sgst", tax.sgst),
            credit("output_utgst", tax.utgst),
            credit("output_igst", tax.igst),
            credit("round_off", foot.round_off),
            debit("cogs", paise(cost)),
            credit("stock", paise(cost)),
        ],
        source=Source("sales.bill", bill.pk, number),
        branch=bill.branch,
        on_date=bill.on_date,
        party_id=bill.customer_id,
        open_items=[OpenItemDraft(bill.customer_id, Side.RECEIVABLE, ItemKind.BILL, number, bill.on_date, foot.total)],
    )
    gross = sum((paise(pick.quantity * pick.rate) for _row, pick in picks), Decimal(0))
    Bill.objects.filter(pk=bill.pk).update(
        state=BillState.POSTED, number=number, financial_year=financial_year(bill.on_date), due_on=bill.on_date,
        place_of_supply=bill.place_of_supply or "27", gross=gross, discount=gross - tax.taxable, taxable=tax.taxable,
        cgst=tax.cgst, state_tax=tax.sgst + tax.utgst, igst=tax.igst, round_off=foot.round_off, total=foot.total,
        cost=paise(cost), posted_at=timezone.now(), posted_by=desk.biller, particulars=sides.as_data(),
    )  # fmt: skip
    bill.refresh_from_db()
    return bill
