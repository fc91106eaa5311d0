"""What a party owes and how much of its credit is used, for the bill screen: one indexed read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from apps.core.tenancy.context import current_organization_id

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Exposure:
    """Rupees. Everything but `payable` is on the receivables side."""

    due: Decimal
    """Open bills, whether their day has come or not."""
    overdue: Decimal
    """Those of them whose due date has passed."""
    on_account: Decimal
    """Money and notes not yet settled against a bill, as a positive amount."""
    uncleared: Decimal
    """Cheques that have settled bills and may still bounce."""
    post_dated: Decimal
    """Cheques promised, in no account yet: a fact to show, no part of the sum, for their bills are still open."""
    payable: Decimal
    """What we owe the party."""
    oldest_due: dt.date | None
    """The due date of the oldest open bill."""
    unbilled: Decimal = ZERO
    """Goods out or promised without a bill, as far as upper rooms tell."""

    @property
    def balance(self) -> Decimal:
        """What the party owes by the books."""
        return self.due - self.on_account

    @property
    def used(self) -> Decimal:
        """Credit in use: what is owed, what may come back from the bank, and what is not billed yet."""
        return self.balance + self.uncleared + self.unbilled


# Both tables by an index that holds nothing but what is open.
_EXPOSURE = """
SELECT coalesce(sum(open_amount) FILTER (WHERE side = 'receivable' AND open_amount > 0), 0),
       coalesce(sum(open_amount) FILTER (WHERE side = 'receivable' AND open_amount > 0 AND due_on < %(on)s), 0),
       coalesce(-sum(open_amount) FILTER (WHERE side = 'receivable' AND open_amount < 0), 0),
       (SELECT coalesce(sum(amount), 0) FROM finance_cheque
        WHERE organization_id = %(organization)s AND party_id = %(party)s AND kind = 'receipt'
          AND state IN ('held', 'presented')),
       (SELECT coalesce(sum(amount), 0) FROM finance_cheque
        WHERE organization_id = %(organization)s AND party_id = %(party)s AND kind = 'receipt' AND state = 'waiting'),
       coalesce(-sum(open_amount) FILTER (WHERE side = 'payable'), 0),
       min(due_on) FILTER (WHERE side = 'receivable' AND open_amount > 0)
FROM finance_openitem
WHERE organization_id = %(organization)s AND party_id = %(party)s AND open_amount <> 0
"""

Unbilled = Callable[[int], Decimal]
_unbilled: list[Unbilled] = []


def register_unbilled(source: Unbilled) -> None:
    """An upper room tells what a party (by key) has got or was promised without a bill; once, from `ready()`."""
    if source not in _unbilled:
        _unbilled.append(source)


def exposure(party_id: int, *, on: dt.date | None = None) -> Exposure:
    """What the party owes now. One statement here, and one more for each room that registered unbilled goods.

    Args:
        on: the day by which a bill is overdue; today unless told.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _EXPOSURE,
            {"organization": current_organization_id(), "party": party_id, "on": on or timezone.localdate()},
        )
        row = cursor.fetchone()
    return Exposure(*(*row, sum((source(party_id) for source in _unbilled), ZERO)))
