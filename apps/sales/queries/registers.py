"""Registers over a time: controlled drugs by drug, sales by document, tax by HSN."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.core.tenancy.context import current_organization_id

MOST_ROWS = 20_000
"""So many rows go on paper at once; a longer time is printed in parts."""


@dataclass(frozen=True, slots=True)
class DrugRow:
    """So much of a batch of a controlled drug that left, or came back (less than zero)."""

    product_id: int
    product: str
    pack: str
    maker: str
    on: dt.date
    bill: str
    party: str
    address: str
    licences: str
    batch: str
    expiry: dt.date
    quantity: int


@dataclass(frozen=True, slots=True)
class SaleRow:
    """A bill or credit note; a note's amounts are less than zero."""

    on: dt.date
    number: str
    party: str
    gstin: str
    place: str
    taxable: Decimal
    cgst: Decimal
    state_tax: Decimal
    igst: Decimal
    round_off: Decimal
    total: Decimal
    cancelled: bool


@dataclass(frozen=True, slots=True)
class HsnRow:
    """Outward supplies of one code, unit and rate, credit notes taken off (table 12 of GSTR-1)."""

    hsn: str
    uqc: str
    rate: Decimal
    quantity: Decimal
    taxable: Decimal
    cgst: Decimal
    state_tax: Decimal
    igst: Decimal


_DRUGS = """
SELECT d.id, d.name, d.pack, coalesce(m.name, ''), e.on_date, e.bill_number, e.party_name, e.party_address, e.licences,
       t.number, t.expiry, e.quantity
FROM sales_registerentry e
JOIN inventory_product d ON d.organization_id = e.organization_id AND d.id = e.product_id
LEFT JOIN inventory_manufacturer m ON m.organization_id = d.organization_id AND m.id = d.manufacturer_id
JOIN inventory_batch t ON t.organization_id = e.organization_id AND t.id = e.batch_id
WHERE e.organization_id = %(organization)s AND e.register = %(register)s AND e.on_date BETWEEN %(first)s AND %(last)s
  AND (%(product)s::bigint IS NULL OR e.product_id = %(product)s)
ORDER BY lower(d.name), d.id, e.on_date, e.id LIMIT %(most)s
"""
_SALES = """
SELECT * FROM (
  SELECT b.on_date, b.number, p.name, b.gstin, b.place_of_supply, b.taxable, b.cgst, b.state_tax, b.igst, b.round_off,
         b.total, b.state = 'cancelled'
  FROM sales_bill b JOIN parties_party p ON p.organization_id = b.organization_id AND p.id = b.customer_id
  WHERE b.organization_id = %(organization)s AND b.on_date BETWEEN %(first)s AND %(last)s
    AND b.state IN ('posted', 'cancelled')
  UNION ALL
  SELECT r.on_date, r.number, p.name, r.gstin, r.place_of_supply, -r.taxable, -r.cgst, -r.state_tax, -r.igst,
         -r.round_off, -r.total, false
  FROM sales_salesreturn r JOIN parties_party p ON p.organization_id = r.organization_id AND p.id = r.customer_id
  WHERE r.organization_id = %(organization)s AND r.on_date BETWEEN %(first)s AND %(last)s AND r.state = 'posted'
) d ORDER BY on_date, number LIMIT %(most)s
"""
_HSN = """
SELECT hsn, uqc, rate, sum(quantity), sum(taxable), sum(cgst), sum(sgst + utgst), sum(igst)
FROM finance_taxline
WHERE organization_id = %(organization)s AND direction = 'out' AND on_date BETWEEN %(first)s AND %(last)s
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


def _fetch(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": current_organization_id(), "most": MOST_ROWS, **values})
        return list(cursor.fetchall())


def drug_register(register: str, *, first: dt.date, last: dt.date, product_id: int | None = None) -> list[DrugRow]:
    """The register of Schedule H1, X or of narcotics, drug by drug and by date; both days included."""
    return [DrugRow(*row) for row in _fetch(_DRUGS, register=register, first=first, last=last, product=product_id)]


def sale_register(*, first: dt.date, last: dt.date) -> list[SaleRow]:
    """Every posted bill and credit note by date; a cancelled bill is named, because it keeps its number."""
    return [SaleRow(*row) for row in _fetch(_SALES, first=first, last=last)]


def hsn_register(*, first: dt.date, last: dt.date) -> list[HsnRow]:
    """What the tax lines of the time come to by code, unit and rate."""
    return [HsnRow(*row) for row in _fetch(_HSN, first=first, last=last)]
