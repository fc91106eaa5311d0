"""Rates of tax deducted at source, and what was deducted, kept at posting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import connection

from apps.core.tenancy.context import current_organization_id
from apps.finance.models import TdsLine, TdsRate
from apps.finance.rules.drafts import TdsDraft
from apps.finance.rules.withholding import tds_rate_values

# What a reversal takes back: the same lines with the opposite sign, on its own day.
_TAKE_BACK_TDS = """
INSERT INTO finance_tdsline
    (organization_id, entry_id, branch_id, party_id, on_date, by_us, code, section, pan, amount, base, rate, tax)
SELECT organization_id, %(entry)s, branch_id, party_id, %(day)s, by_us, code, section, pan, -amount, -base, rate, -tax
FROM finance_tdsline WHERE organization_id = %(organization)s AND entry_id = %(reversed)s
"""


def seed_tds_rates() -> int:
    """Give the current organization the rates of the Income-tax Acts; nothing where it has any. Returns how many."""
    if TdsRate.objects.exists():
        return 0
    return len(TdsRate.objects.bulk_create((TdsRate(**values) for values in tds_rate_values()), ignore_conflicts=True))


def store_tds_lines(*, entry_id: int, branch_id: int, on_date: dt.date, drafts: Sequence[TdsDraft]) -> int:
    """Keep what was deducted, with the entry's branch and day. Called by posting itself; returns how many."""
    rows = [
        TdsLine(
            entry_id=entry_id,
            branch_id=branch_id,
            on_date=on_date,
            party_id=row.party_id,
            by_us=row.by_us,
            code=row.deduction.code,
            section=row.deduction.section,
            pan=row.pan[:10],
            amount=row.amount,
            base=row.deduction.base,
            rate=row.deduction.rate,
            tax=row.deduction.tax,
        )
        for row in drafts
    ]
    return len(TdsLine.objects.bulk_create(rows))


def take_back_tds(*, entry_id: int, reverses_id: int, on_date: dt.date) -> None:
    """Mirror the lines of a reversed entry, so that the year's sums forget them."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE_BACK_TDS,
            {
                "organization": current_organization_id(),
                "entry": entry_id,
                "reversed": reverses_id,
                "day": on_date,
            },
        )
