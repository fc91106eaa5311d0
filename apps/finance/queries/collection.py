"""Work of the collector: whom to remind, and what lateness costs."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from apps.core.tenancy.context import current_organization_id
from apps.finance.models import Allocation, OpenItem
from apps.finance.rules.interest import interest
from apps.parties.models import Party


@dataclass(frozen=True)
class ReminderDue:
    """A customer to write to."""

    party_id: int
    name: str
    email: str
    phone: str
    overdue: Decimal
    oldest_due: dt.date
    reminded_on: dt.date | None


_DUE = """
SELECT p.id, p.name, p.email, p.phone, i.overdue, i.oldest, r.last
FROM (SELECT party_id, sum(open_amount) FILTER (WHERE open_amount > 0 AND due_on < %(on)s) AS overdue,
             min(due_on) FILTER (WHERE open_amount > 0) AS oldest
      FROM finance_openitem
      WHERE organization_id = %(organization)s AND side = 'receivable' AND open_amount <> 0
      GROUP BY party_id) AS i
JOIN parties_party p ON p.organization_id = %(organization)s AND p.id = i.party_id
LEFT JOIN LATERAL (SELECT max(on_date) AS last FROM finance_reminder
                   WHERE organization_id = %(organization)s AND party_id = i.party_id) AS r ON true
WHERE i.overdue > 0 AND (r.last IS NULL OR r.last <= %(before)s)
ORDER BY i.overdue DESC, p.id
LIMIT %(most)s
"""


def reminders_due(on: dt.date, *, every: int, most: int = 200) -> list[ReminderDue]:
    """Customers with something overdue, not reminded in the last `every` days, most overdue first."""
    with connection.cursor() as cursor:
        cursor.execute(
            _DUE,
            {
                "organization": current_organization_id(),
                "on": on,
                "before": on - dt.timedelta(days=every),
                "most": most,
            },
        )
        return [ReminderDue(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class InterestDue:
    """What a party's open bills have cost so far."""

    party_id: int
    name: str
    bills: int
    overdue: Decimal
    interest: Decimal


def interest_due(on: dt.date, *, rate: Decimal, grace_days: int = 0, most: int = 5_000) -> list[InterestDue]:
    """Simple interest on every customer's overdue open documents up to the day, dearest first.

    Part payments count from the day they were allocated. At most `most` documents, the oldest.
    """
    if not rate:
        return []
    items = list(
        OpenItem.objects.filter(side="receivable", open_amount__gt=0, due_on__lt=on).order_by("due_on", "id")[:most]
    )
    settled: dict[int, list[tuple[dt.date, Decimal]]] = defaultdict(list)
    keys = [item.pk for item in items if item.open_amount != item.amount]
    for key, day, amount in Allocation.objects.filter(debit_id__in=keys).values_list("debit_id", "on_date", "amount"):
        settled[key].append((day, amount))
    sums: dict[int, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0), Decimal(0)])
    for item in items:
        cost = interest(
            item.amount, rate=rate, due_on=item.due_on, until=on, settled=settled[item.pk], grace_days=grace_days
        )
        if cost:
            one = sums[item.party_id]
            one[0] += 1
            one[1] += item.open_amount
            one[2] += cost
    names = dict(Party.objects.filter(pk__in=sums).values_list("pk", "name"))
    rows = [InterestDue(key, names[key], int(one[0]), one[1], one[2]) for key, one in sums.items()]
    return sorted(rows, key=lambda row: (-row.interest, row.party_id))
