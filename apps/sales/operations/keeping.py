"""What a posted bill keeps: figures of its lines, the batches that left, and entries of the drug registers. A statement
for each, whatever the number of lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.core.tenancy.context import current_organization_id
from apps.finance.rules.gst import Tax
from apps.sales.models import Bill
from apps.sales.queries.sheet import Batched, SheetLine
from apps.sales.rules.particulars import Particulars
from apps.sales.rules.posting import registers_of

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Part:
    """A batch of a line with what it comes to."""

    line: SheetLine
    pick: Batched
    gross: Decimal
    tax: Tax


_LINES = """
UPDATE sales_billline l
SET rate = f.rate, mrp = f.mrp, hsn = f.hsn, tax_rate = f.tax_rate, gross = f.gross, taxable = f.taxable, cgst = f.cgst,
    state_tax = f.state_tax, igst = f.igst
FROM unnest(%(ids)s::bigint[], %(rates)s::numeric[], %(mrps)s::numeric[], %(hsns)s::varchar[], %(tax_rates)s::numeric[],
            %(grosses)s::numeric[], %(taxables)s::numeric[], %(cgsts)s::numeric[], %(states)s::numeric[],
            %(igsts)s::numeric[]) AS f (id, rate, mrp, hsn, tax_rate, gross, taxable, cgst, state_tax, igst)
WHERE l.organization_id = %(organization)s AND l.id = f.id
"""
_CLEAR = "DELETE FROM sales_billpick WHERE organization_id = %s AND bill_id = %s"
_PICKS = """
INSERT INTO sales_billpick
  (organization_id, bill_id, line_id, batch_id, place_id, quantity, free, mrp, rate, taxable, cgst, state_tax, igst,
   cost, chosen)
SELECT %(organization)s, %(bill)s, f.line, f.batch, f.place, f.quantity, f.free, f.mrp, f.rate, f.taxable, f.cgst,
       f.state_tax, f.igst, f.cost, f.chosen
FROM unnest(%(lines)s::bigint[], %(batches)s::bigint[], %(places)s::bigint[], %(quantities)s::int[], %(frees)s::int[],
            %(mrps)s::numeric[], %(rates)s::numeric[], %(taxables)s::numeric[], %(cgsts)s::numeric[],
            %(states)s::numeric[], %(igsts)s::numeric[], %(costs)s::numeric[], %(chosens)s::bool[])
     WITH ORDINALITY
     AS f (line, batch, place, quantity, free, mrp, rate, taxable, cgst, state_tax, igst, cost, chosen, n)
ORDER BY f.n
"""
_REGISTER = """
INSERT INTO sales_registerentry
  (organization_id, register, branch_id, on_date, bill_id, bill_number, product_id, batch_id, quantity, party_id,
   party_name, party_address, licences, moment)
SELECT %(organization)s, f.register, %(branch)s, %(on)s, %(bill)s, %(number)s, f.product, f.batch, f.quantity,
       %(party)s, %(name)s, %(address)s, %(licences)s, now()
FROM unnest(%(registers)s::varchar[], %(products)s::bigint[], %(batches)s::bigint[], %(quantities)s::int[])
     AS f (register, product, batch, quantity)
"""
_TAKE_BACK = """
INSERT INTO sales_registerentry
  (organization_id, register, branch_id, on_date, bill_id, bill_number, product_id, batch_id, quantity, party_id,
   party_name, party_address, licences, moment)
SELECT organization_id, register, branch_id, %s, bill_id, bill_number, product_id, batch_id, -quantity, party_id,
       party_name, party_address, licences, now()
FROM sales_registerentry WHERE organization_id = %s AND bill_id = %s
"""


def keep_lines(bill: Bill, parts: Sequence[Part], *, had_chosen: bool) -> None:
    """Figures of each line, and its batches. The bill is still a draft: afterwards the database refuses it."""
    sums: dict[int, list[Any]] = {}
    for part in parts:
        line, tax = part.line, part.tax
        found = sums.setdefault(
            line.id,
            [part.pick.rate, part.pick.mrp, line.product.goods.hsn, line.product.tax_rate or ZERO, *[ZERO] * 5],
        )
        amounts = (part.gross, tax.taxable, tax.cgst, tax.sgst + tax.utgst, tax.igst)
        for place, amount in enumerate(amounts, 4):
            found[place] += amount
    organization = current_organization_id()
    names = ("rates", "mrps", "hsns", "tax_rates", "grosses", "taxables", "cgsts", "states", "igsts")
    columns = {name: [row[place] for row in sums.values()] for place, name in enumerate(names)}
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"organization": organization, "ids": list(sums), **columns})
        if had_chosen:
            cursor.execute(_CLEAR, [organization, bill.pk])
        cursor.execute(
            _PICKS,
            {
                "organization": organization,
                "bill": bill.pk,
                "lines": [part.line.id for part in parts],
                "batches": [part.pick.batch_id for part in parts],
                "places": [part.pick.place_id for part in parts],
                "quantities": [part.pick.quantity for part in parts],
                "frees": [part.pick.free for part in parts],
                "mrps": [part.pick.mrp for part in parts],
                "rates": [part.pick.rate for part in parts],
                "taxables": [part.tax.taxable for part in parts],
                "cgsts": [part.tax.cgst for part in parts],
                "states": [part.tax.sgst + part.tax.utgst for part in parts],
                "igsts": [part.tax.igst for part in parts],
                "costs": [part.pick.cost for part in parts],
                "chosens": [part.pick.chosen for part in parts],
            },
        )


def write_registers(bill: Bill, parts: Sequence[Part], *, number: str, sides: Particulars) -> int:
    """An entry for each batch of a controlled drug; returns how many."""
    rows = [
        (register, part.line.product_id, part.pick.batch_id, part.pick.quantity + part.pick.free)
        for part in parts
        for register in registers_of(part.line.product.goods.schedule, part.line.product.goods.ndps)
    ]
    if rows:
        values: dict[str, Any] = {
            "organization": current_organization_id(),
            "branch": bill.branch_id,
            "on": bill.on_date,
            "bill": bill.pk,
            "number": number,
            "party": bill.customer_id,
            "name": sides.buyer.name,
            "address": sides.buyer.address[:400],
            "licences": ", ".join(sides.buyer.licences)[:200],
            "registers": [row[0] for row in rows],
            "products": [row[1] for row in rows],
            "batches": [row[2] for row in rows],
            "quantities": [row[3] for row in rows],
        }
        with connection.cursor() as cursor:
            cursor.execute(_REGISTER, values)
    return len(rows)


def take_back_registers(bill: Bill) -> None:
    """The same entries with less than zero, on the day of the bill."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, [bill.on_date, current_organization_id(), bill.pk])
