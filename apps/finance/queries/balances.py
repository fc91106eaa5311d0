"""Sums of the journal by account, from the summaries: years, then months, then days, then what is not folded yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import connection

from apps.core.tenancy.context import current_organization_id
from apps.finance.models import Account
from apps.finance.rules.chart import Nature
from apps.finance.rules.statements import NOTHING, Sum

_UP_TO = """
SELECT {tag} AS tag, account_id, debit, credit FROM finance_periodbalance
WHERE organization_id = %s AND span = 'y' AND starts_on < %s {branch}
UNION ALL
SELECT {tag}, account_id, debit, credit FROM finance_periodbalance
WHERE organization_id = %s AND span = 'm' AND starts_on >= %s AND starts_on < %s {branch}
UNION ALL
SELECT {tag}, account_id, debit, credit FROM finance_periodbalance
WHERE organization_id = %s AND span = 'd' AND starts_on >= %s AND starts_on < %s {branch}
UNION ALL
SELECT {tag}, account_id, debit, credit FROM finance_balancedelta
WHERE organization_id = %s AND on_date < %s {branch}
"""

_CLOSINGS = """
UNION ALL
SELECT {tag}, l.account_id, -l.debit, -l.credit
FROM finance_journalentry e
JOIN finance_journalline l ON l.organization_id = e.organization_id AND l.entry_id = e.id
WHERE e.organization_id = %s AND e.closing AND e.on_date >= %s AND e.on_date < %s {line_branch}
"""


def sums_before(
    ends: Sequence[dt.date],
    *,
    branch_id: int | None = None,
    without_closings: Sequence[tuple[dt.date, dt.date] | None] = (),
    account_id: int | None = None,
) -> list[dict[int, Sum]]:
    """Debits and credits by account of everything before each of the days, read in one snapshot.

    Args:
        ends: the first days that no longer count, so that the end of a month needs no day's sums.
        without_closings: for each end, leave out the closing entries from one day up to before another.
        account_id: only this account.
    """
    organization_id = current_organization_id()
    narrow = "" if branch_id is None else "AND branch_id = %s"
    narrow_line = "" if branch_id is None else "AND l.branch_id = %s"
    chosen: list[int] = [] if branch_id is None else [branch_id]
    if account_id is not None:
        narrow, narrow_line = f"{narrow} AND account_id = %s", f"{narrow_line} AND l.account_id = %s"
        chosen.append(account_id)
    parts: list[str] = []
    params: list[int | dt.date] = []
    # Asked twice for the same sums, such as before a year and before a period that begins with it, they are read once.
    wanted = [
        (end, without_closings[place] if place < len(without_closings) else None) for place, end in enumerate(ends)
    ]
    wanted = [(end, left if left is not None and left[0] < left[1] else None) for end, left in wanted]
    different = list(dict.fromkeys(wanted))
    for tag, (end, left_out) in enumerate(different):
        year, month = end.replace(month=1, day=1), end.replace(day=1)
        parts.append(_UP_TO.format(tag=tag, branch=narrow))
        for bounds in ((year,), (year, month), (month, end), (end,)):
            params += [organization_id, *bounds, *chosen]
        if left_out is not None:
            parts[-1] += _CLOSINGS.format(tag=tag, line_branch=narrow_line)
            params += [organization_id, *left_out, *chosen]
    found: list[dict[int, Sum]] = [{} for _one in different]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT tag, account_id, sum(debit), sum(credit) FROM ({' UNION ALL '.join(parts)}) s GROUP BY 1, 2",  # noqa: S608
            params,
        )
        for tag, account, debit, credit in cursor.fetchall():
            found[tag][account] = Sum(debit, credit)
    return [found[different.index(one)] for one in wanted]


def balance(account_id: int, on: dt.date, *, branch_id: int | None = None) -> Sum:
    """What was debited and credited to the account up to and including the day."""
    (found,) = sums_before([on + dt.timedelta(days=1)], branch_id=branch_id, account_id=account_id)
    return found.get(account_id, NOTHING)


def money_held(on: dt.date) -> Decimal | None:
    """What all cash and bank accounts hold at the end of the day; None when nothing was ever posted to them."""
    keys = Account.objects.filter(nature__in=[Nature.CASH.value, Nature.BANK.value]).values_list("pk", flat=True)
    (sums,) = sums_before([on + dt.timedelta(days=1)])
    found = [sums[key].net for key in keys if key in sums]
    return sum(found, Decimal("0.00")) if found else None
