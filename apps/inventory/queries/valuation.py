"""What the stock is worth, by the ledger of goods and by the books."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from apps.core.tenancy.context import current_organization_id
from apps.finance.verify import Finding

_VALUES = """
SELECT o.name, g.value, b.value, b.entries FROM organizations_branch o
LEFT JOIN (
  SELECT p.branch_id, sum(s.on_hand * s.cost) AS value FROM inventory_stock s
  JOIN inventory_place p ON p.organization_id = %(organization)s AND p.id = s.place_id
  WHERE s.organization_id = %(organization)s AND s.on_hand > 0 GROUP BY 1
) g ON g.branch_id = o.id
LEFT JOIN (
  SELECT l.branch_id, sum(l.debit - l.credit) AS value, count(*) AS entries FROM finance_journalline l
  JOIN finance_account a ON a.organization_id = %(organization)s AND a.id = l.account_id
    AND a.role IN ('stock', 'goods_in_transit')
  WHERE l.organization_id = %(organization)s GROUP BY 1
) b ON b.branch_id = o.id
WHERE o.organization_id = %(organization)s ORDER BY o.id
"""
# Each line in the books is whole paise and costs have four decimals, so each may be off by half a paisa; each average
# of a batch's cost by a little more.
_ROUNDING = Decimal("0.01")


@dataclass(frozen=True)
class StockValue:
    """What a branch's stock is worth at cost: by its goods, and by its stock accounts."""

    branch: str
    goods: Decimal
    books: Decimal
    lines: int

    @property
    def agrees(self) -> bool:
        """Whether both are the same but for rounding."""
        return abs(self.goods - self.books) <= _ROUNDING * max(self.lines, 1)


def stock_values() -> list[StockValue]:
    """Every branch of the current organization."""
    with connection.cursor() as cursor:
        cursor.execute(_VALUES, {"organization": current_organization_id()})
        return [
            StockValue(name, goods or Decimal(0), books or Decimal(0), lines or 0)
            for name, goods, books, lines in cursor.fetchall()
        ]


def stock_account_check() -> Finding:
    """For the books' own verification: stock accounts against goods."""
    values = stock_values()
    return Finding(
        looked_at=len(values),
        faults=[
            _("%(branch)s: goods worth %(goods)s, and %(books)s in the stock accounts.")
            % {"branch": one.branch, "goods": f"{one.goods:.2f}", "books": f"{one.books:.2f}"}
            for one in values
            if not one.agrees
        ],
    )
