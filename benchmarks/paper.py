"""Workloads of documents on paper and of the home page: the invoice of 30 lines as a page and as PDF, and all that home
adds up.

The products and batches are another room's. Sales of each day lie in 16 rows, as busy postings leave them.
"""

from __future__ import annotations

from typing import Any

import psycopg

from benchmarks import data
from benchmarks.bench import Bench
from benchmarks.harness import Workload

LINES = 30
DAYS = 800
SHARDS = 16

_BILL = """
INSERT INTO sales_bill
  (organization_id, version, created_at, branch_id, customer_id, on_date, state, kind, number, financial_year,
   reference, note, credit_days, due_on, bill_discount, place_of_supply, place_rule, levy, levy_reason, zero_rated,
   reverse_charge, registration, gstin, particulars, line_count, gross, discount, taxable, cgst, state_tax, igst,
   round_off, total, cost, touched_at, posted_at, cancel_reason)
SELECT %(organization)s, 1, now(), b.id, p.id, current_date, 'posted', 'invoice', 'PAPER/1', 2026, '', '', 0,
       current_date, 0, '27', '', 'state', '', false, false, 'unregistered', '', '{}', %(lines)s,
       %(lines)s * 800, 0, %(lines)s * 800, %(lines)s * 20, %(lines)s * 20, 0, 0, %(lines)s * 840, 0, now(), now(), ''
FROM (SELECT id FROM organizations_branch WHERE organization_id = %(organization)s ORDER BY id LIMIT 1) b,
     (SELECT id FROM parties_party WHERE organization_id = %(organization)s ORDER BY id LIMIT 1) p
"""
_LINE = """
INSERT INTO sales_billline
  (organization_id, bill_id, position, product_id, quantity, free, rate, rate_typed, free_typed, mrp, discount, scheme,
   why, override, hsn, tax_rate, gross, taxable, cgst, state_tax, igst)
SELECT %(organization)s, b.id, row_number() OVER (), t.product_id, 10, 0, 80, true, true, 105, 0, '', '{}', '',
       '300490', 5, 800, 800, 20, 20, 0
FROM (SELECT id FROM sales_bill WHERE organization_id = %(organization)s AND number = 'PAPER/1') b,
     (SELECT DISTINCT ON (product_id) product_id FROM (
        SELECT product_id FROM inventory_batch WHERE organization_id = %(organization)s ORDER BY id LIMIT 5000) f
      LIMIT %(lines)s) t
"""
_PICK = """
INSERT INTO sales_billpick
  (organization_id, bill_id, line_id, batch_id, place_id, quantity, free, mrp, rate, taxable, cgst, state_tax, igst,
   cost, chosen)
SELECT %(organization)s, l.bill_id, l.id,
       (SELECT min(t.id) FROM inventory_batch t
        WHERE t.organization_id = l.organization_id AND t.product_id = l.product_id),
       (SELECT min(id) FROM inventory_place WHERE organization_id = %(organization)s),
       10, 0, 105, 80, 800, 20, 20, 0, 60, false
FROM sales_billline l JOIN sales_bill b ON b.organization_id = l.organization_id AND b.id = l.bill_id
WHERE l.organization_id = %(organization)s AND b.number = 'PAPER/1'
"""
_DAYS = """
INSERT INTO sales_dailysales (organization_id, branch_id, on_date, shard, bills, billed, returned)
SELECT %(organization)s, b.id, current_date - d, s, 30, 1000 + pg_temp.h(d * 100 + s, 'y') %% 90000, 10
FROM generate_series(0, %(days)s) AS d, generate_series(0, %(shards)s - 1) AS s,
     (SELECT id FROM organizations_branch WHERE organization_id = %(organization)s ORDER BY id LIMIT 1) b
"""

# By hand: the rows that the sheet and the page show.
_SHEET = """
SELECT p.id, d.name, l.hsn, t.number, t.expiry, p.mrp, p.quantity, p.rate, p.taxable, p.cgst, p.state_tax, l.tax_rate
FROM sales_billpick p
JOIN sales_billline l ON l.organization_id = p.organization_id AND l.id = p.line_id
JOIN inventory_product d ON d.organization_id = p.organization_id AND d.id = l.product_id
JOIN inventory_batch t ON t.organization_id = p.organization_id AND t.id = p.batch_id
WHERE p.organization_id = app_org() AND p.bill_id = %s ORDER BY l.position
"""
_SOLD = """
SELECT on_date, sum(bills), sum(billed) - sum(returned) FROM sales_dailysales
WHERE organization_id = app_org() AND on_date > current_date - 62 GROUP BY 1
"""


def fill(owner: psycopg.Connection[Any], *, organization: int, count: int) -> None:  # noqa: ARG001 - one bill is a bill
    """A bill of thirty lines, and two years of days."""
    values = {"organization": organization, "lines": LINES, "days": DAYS, "shards": SHARDS}
    data.load(owner, "sales_bill", statement=_BILL, values=values)
    data.load(owner, "sales_billline", statement=_LINE, values=values)
    data.load(owner, "sales_billpick", statement=_PICK, values=values)
    data.load(owner, "sales_dailysales", statement=_DAYS, values=values)


def workloads(bench: Bench) -> list[Workload]:
    """The invoice as page, PDF and slip; home with all its parts."""
    house, probe = bench.big, bench.probe
    rows = probe.fetch(house, "SELECT id FROM sales_bill WHERE organization_id = app_org() AND number = 'PAPER/1'")
    key = rows[0][0]
    path = f"bills/{key}/print/"

    def raw() -> None:
        probe.fetch(house, _SHEET, key)

    return [
        bench.beside("invoice_page", lambda: bench.get(house, path), raw),
        bench.beside("invoice_slip", lambda: bench.get(house, f"{path}?paper=slip"), raw),
        bench.beside("invoice_pdf", lambda: bench.get(house, f"{path}?as=pdf"), raw),
        bench.page("home", "", _SOLD),
    ]
