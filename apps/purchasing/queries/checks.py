"""Checks of buying for `verify_books`, and where its documents are opened."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.amounts import inr
from apps.core.tenancy.context import current_organization_id
from apps.finance.documents import DocumentType
from apps.finance.verify import MOST_NAMED, Check, Finding

DOCUMENTS = (
    DocumentType("purchasing.receipt", gettext_lazy("Goods receipt"), "purchasing:goodsreceipt_detail", "purchases"),
    DocumentType("purchasing.bill", gettext_lazy("Supplier bill"), "purchasing:supplierbill_detail", "purchases"),
)

# The account may hold what vouchers by hand put there; the documents' own lines must be the receipts' figures.
_UNBILLED = """
SELECT o.name, coalesce(r.unbilled, 0), coalesce(b.balance, 0), coalesce(r.receipts, 0) FROM organizations_branch o
LEFT JOIN (
  SELECT branch_id, sum(unbilled) AS unbilled, count(*) AS receipts FROM purchasing_goodsreceipt
  WHERE organization_id = %(organization)s AND state = 'posted' GROUP BY 1
) r ON r.branch_id = o.id
LEFT JOIN (
  SELECT l.branch_id, sum(l.credit - l.debit) AS balance FROM finance_journalline l
  JOIN finance_account a ON a.organization_id = %(organization)s AND a.id = l.account_id
    AND a.role = 'goods_received_not_billed'
  WHERE l.organization_id = %(organization)s GROUP BY 1
) b ON b.branch_id = o.id
WHERE o.organization_id = %(organization)s ORDER BY o.id
"""
_LINES = """
SELECT r.number, r.unbilled, coalesce(sum(l.accrued - l.cleared), 0) FROM purchasing_goodsreceipt r
LEFT JOIN purchasing_receiptline l ON l.organization_id = %(organization)s AND l.receipt_id = r.id
WHERE r.organization_id = %(organization)s AND r.state = 'posted'
GROUP BY r.id HAVING r.unbilled <> coalesce(sum(l.accrued - l.cleared), 0) ORDER BY r.id LIMIT %(most)s
"""
# What a receipt took in, line by line, against its moves.
_MOVES = """
SELECT r.number, l.units, coalesce(m.units, 0) FROM purchasing_goodsreceipt r
JOIN (
  SELECT receipt_id, sum(coalesce(quantity, 0) + free) AS units FROM purchasing_receiptline
  WHERE organization_id = %(organization)s AND NOT rejected GROUP BY 1
) l ON l.receipt_id = r.id
LEFT JOIN (
  SELECT document_id, sum(quantity) AS units FROM inventory_move
  WHERE organization_id = %(organization)s AND document_kind = 'purchasing.receipt' GROUP BY 1
) m ON m.document_id = r.id
WHERE r.organization_id = %(organization)s AND r.number <> ''
  AND coalesce(m.units, 0) <> CASE WHEN r.state = 'posted' THEN l.units ELSE 0 END
ORDER BY r.id LIMIT %(most)s
"""


def unbilled_check() -> Finding:
    """The account of goods received and not billed is what receipts say no bill has cleared."""
    with connection.cursor() as cursor:
        cursor.execute(_UNBILLED, {"organization": current_organization_id()})
        rows = cursor.fetchall()
    return Finding(
        looked_at=sum(row[3] for row in rows),
        faults=[
            _("%(branch)s: receipts without a bill come to %(receipts)s, and the account holds %(books)s.")
            % {"branch": name, "receipts": inr(unbilled), "books": inr(balance)}
            for name, unbilled, balance, _count in rows
            if unbilled != balance
        ],
    )


def receipts_check() -> Finding:
    """Receipts' own sums, and the moves they made."""
    values = {"organization": current_organization_id(), "most": MOST_NAMED}
    faults = []
    with connection.cursor() as cursor:
        cursor.execute(_LINES, values)
        faults += [
            _("%(number)s: %(kept)s not billed, and its lines say %(lines)s.")
            % {"number": number, "kept": inr(kept), "lines": inr(lines)}
            for number, kept, lines in cursor.fetchall()
        ]
        cursor.execute(_MOVES, values)
        faults += [
            _("%(number)s: %(lines)d units on its lines, %(moves)d in its moves.")
            % {"number": number, "lines": lines, "moves": moves}
            for number, lines, moves in cursor.fetchall()
        ]
        cursor.execute(
            "SELECT count(*) FROM purchasing_goodsreceipt WHERE organization_id = %(organization)s AND number <> ''",
            values,
        )
        return Finding(looked_at=cursor.fetchone()[0], faults=faults)


CHECKS = (
    Check("purchasing.unbilled", gettext_lazy("Goods received, not billed"), unbilled_check),
    Check("purchasing.receipts", gettext_lazy("Goods receipts and their moves"), receipts_check),
)
