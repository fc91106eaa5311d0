"""What of selling the books' verification looks at: bills against journal, taxes and goods."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _

from apps.core.tenancy.context import current_organization_id
from apps.finance.verify import MOST_NAMED, Finding

# Each bill beside what its moves, its entry and its lines say. A cancelled one has moved nothing and owes nothing.
_BILLS = """
WITH bill AS (
  SELECT id, number, state, total, taxable, cgst + state_tax + igst AS tax, cost FROM sales_bill
  WHERE organization_id = %(organization)s AND state IN ('posted', 'cancelled')
), picked AS (
  SELECT bill_id, sum(quantity + free) AS units, sum(taxable) AS taxable, sum(cgst + state_tax + igst) AS tax
  FROM sales_billpick WHERE organization_id = %(organization)s GROUP BY 1
), lined AS (
  SELECT bill_id, sum(quantity + free) AS units, sum(taxable) AS taxable, sum(cgst + state_tax + igst) AS tax
  FROM sales_billline WHERE organization_id = %(organization)s GROUP BY 1
), moved AS (
  SELECT document_id, -sum(quantity) AS units, -sum(quantity * cost) AS cost FROM inventory_move
  WHERE organization_id = %(organization)s AND document_kind = 'sales.bill' GROUP BY 1
), entered AS (
  SELECT e.source_id, sum(l.debit - l.credit) FILTER (WHERE a.role = 'receivables') AS owed,
         sum(l.debit - l.credit) FILTER (WHERE a.role = 'cogs') AS cost
  FROM finance_journalentry e
  JOIN finance_journalline l ON l.organization_id = e.organization_id AND l.entry_id = e.id
  JOIN finance_account a ON a.organization_id = l.organization_id AND a.id = l.account_id
  WHERE e.organization_id = %(organization)s AND e.source_kind = 'sales.bill' GROUP BY 1
), taxed AS (
  SELECT e.source_id, sum(t.taxable) AS taxable, sum(t.cgst + t.sgst + t.utgst + t.igst) AS tax
  FROM finance_taxline t
  JOIN finance_journalentry e ON e.organization_id = t.organization_id AND e.id = t.entry_id
  WHERE t.organization_id = %(organization)s AND e.source_kind = 'sales.bill' GROUP BY 1
)
SELECT b.number,
       CASE WHEN p.units <> l.units THEN 'batches'
            WHEN (p.taxable, p.tax) <> (b.taxable, b.tax) OR (l.taxable, l.tax) <> (b.taxable, b.tax) THEN 'lines'
            WHEN coalesce(m.units, 0) <> CASE b.state WHEN 'posted' THEN p.units ELSE 0 END THEN 'goods'
            WHEN coalesce(e.owed, 0) <> CASE b.state WHEN 'posted' THEN b.total ELSE 0 END
              OR coalesce(e.cost, 0) <> CASE b.state WHEN 'posted' THEN b.cost ELSE 0 END THEN 'books'
            WHEN (coalesce(t.taxable, 0), coalesce(t.tax, 0))
              <> (CASE b.state WHEN 'posted' THEN b.taxable ELSE 0 END,
                  CASE b.state WHEN 'posted' THEN b.tax ELSE 0 END)
              THEN 'tax' END AS off
FROM bill b
LEFT JOIN picked p ON p.bill_id = b.id
LEFT JOIN lined l ON l.bill_id = b.id
LEFT JOIN moved m ON m.document_id = b.id
LEFT JOIN entered e ON e.source_id = b.id
LEFT JOIN taxed t ON t.source_id = b.id
"""
_OFF = f"SELECT number, off FROM ({_BILLS}) c WHERE off IS NOT NULL ORDER BY number LIMIT %(most)s"  # noqa: S608 - our own text
_COUNT = "SELECT count(*) FROM sales_bill WHERE organization_id = %s AND state IN ('posted', 'cancelled')"


def bills_check() -> Finding:
    """Every posted and cancelled bill: its lines, batches, moves, journal entry and tax lines say the same."""
    words = {
        "batches": _("%(number)s: its batches and its lines do not come to the same quantity."),
        "lines": _("%(number)s: its lines do not come to its foot."),
        "goods": _("%(number)s: the stock ledger moved another quantity than the bill says."),
        "books": _("%(number)s: the journal has another amount or cost than the bill."),
        "tax": _("%(number)s: its tax lines do not come to its taxes."),
    }
    with connection.cursor() as cursor:
        cursor.execute(_OFF, {"organization": current_organization_id(), "most": MOST_NAMED})
        rows = cursor.fetchall()
        cursor.execute(_COUNT, [current_organization_id()])
        looked_at = cursor.fetchone()[0]
    return Finding(looked_at, [words[off] % {"number": number} for number, off in rows])
