"""Posted documents by their number, for the palette."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.core.tenancy.context import current_organization_id


@dataclass(frozen=True, slots=True)
class Found:
    """A document. `kind` is the name of its model."""

    kind: str
    id: int
    number: str
    party: str
    total: Decimal


# A number is typed from its beginning, or its running number alone: 4127 finds BK/2627/04127. Both are ranges of the
# index by number, because comparisons with LIKE are not leakproof (ADR 5).
_FOUND = """
SELECT d.kind, d.id, d.number, p.name, d.total FROM (
  (SELECT 'bill' AS kind, id, number, customer_id, total FROM sales_bill
   WHERE organization_id = %(organization)s AND number <> '' AND ({bills}) ORDER BY number DESC, id DESC LIMIT %(most)s)
  UNION ALL
  (SELECT 'salesreturn', id, number, customer_id, total FROM sales_salesreturn
   WHERE organization_id = %(organization)s AND number <> '' AND ({bills}) ORDER BY number DESC, id DESC LIMIT %(most)s)
) d
JOIN parties_party p ON p.organization_id = %(organization)s AND p.id = d.customer_id
ORDER BY d.number DESC LIMIT %(most)s
"""
_BY_BEGINNING = _FOUND.format(bills="number ^@ %(text)s")
_BY_NUMBER = _FOUND.format(bills="number = ANY (%(numbers)s::varchar[])")
_SERIES = """
SELECT prefix, width FROM organizations_numberseries
WHERE organization_id = %s AND kind IN ('invoice', 'bill_of_supply', 'credit_note', 'party_credit_note')
ORDER BY financial_year DESC, id LIMIT 60
"""


def documents_found(text: str, most: int = 8) -> list[Found]:
    """Bills and credit notes whose number begins so, or runs so in one of the series."""
    typed = text.strip().upper()[:16]
    if not typed:
        return []
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"organization": current_organization_id(), "most": most, "text": typed, "numbers": []}
        statement = _BY_BEGINNING
        if typed.isdecimal():
            cursor.execute(_SERIES, [current_organization_id()])
            values["numbers"] = [f"{prefix}{int(typed):0{width}d}" for prefix, width in cursor.fetchall()]
            statement = _BY_NUMBER
        cursor.execute(statement, values)
        return [Found(*row) for row in cursor.fetchall()]
