"""What was posted last: bills and credit notes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from apps.core.tenancy.context import current_organization_id


@dataclass(frozen=True, slots=True)
class Moving:
    """A posted document. `kind` is the name of its model."""

    kind: str
    id: int
    number: str
    party: str
    total: Decimal
    moment: dt.datetime


# The newest by date and key are the newest there are, up to a bill entered late; a dozen of each is sorted by moment.
_MOVING = """
SELECT d.kind, d.id, d.number, p.name, d.total, d.posted_at FROM (
  (SELECT 'bill' AS kind, id, number, customer_id, total, posted_at FROM sales_bill
   WHERE organization_id = %(organization)s AND state = 'posted' ORDER BY on_date DESC, id DESC LIMIT %(most)s)
  UNION ALL
  (SELECT 'salesreturn', id, number, customer_id, -total, posted_at FROM sales_salesreturn
   WHERE organization_id = %(organization)s AND state = 'posted' ORDER BY on_date DESC, id DESC LIMIT %(most)s)
) d
JOIN parties_party p ON p.organization_id = %(organization)s AND p.id = d.customer_id
ORDER BY d.posted_at DESC, d.id DESC LIMIT %(most)s
"""


def moving_now(most: int = 6) -> list[Moving]:
    """The last documents, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVING, {"organization": current_organization_id(), "most": most})
        return [Moving(*row) for row in cursor.fetchall()]
