"""Folding what postings left into the period balances."""

from __future__ import annotations

from django.db import connection, transaction

from apps.core.tenancy.context import current_organization_id

# The bound is looked up apart: without fresh statistics a join in the DELETE compares every row with every other.
_LAST = """
SELECT max(id) FROM (
    SELECT id FROM finance_balancedelta WHERE organization_id = %(organization)s ORDER BY id LIMIT %(most)s
) d
"""

# Deltas are deleted and added up in one statement, so a reader sees an entry either there or here, never in both.
_FOLD = """
WITH taken AS (
    DELETE FROM finance_balancedelta WHERE organization_id = %(organization)s AND id <= %(last)s
    RETURNING account_id, branch_id, on_date, debit, credit
), days AS (
    SELECT account_id, branch_id, on_date, sum(debit) AS debit, sum(credit) AS credit, count(*) AS deltas
    FROM taken GROUP BY account_id, branch_id, on_date
), spans AS (
    SELECT account_id, branch_id, s.span, s.starts_on, sum(debit) AS debit, sum(credit) AS credit
    FROM days, LATERAL (VALUES ('y', date_trunc('year', on_date)::date), ('m', date_trunc('month', on_date)::date),
                               ('d', on_date)) AS s (span, starts_on)
    GROUP BY account_id, branch_id, s.span, s.starts_on
), folded AS (
    INSERT INTO finance_periodbalance AS p (organization_id, span, starts_on, account_id, branch_id, debit, credit)
    SELECT %(organization)s, span, starts_on, account_id, branch_id, debit, credit FROM spans
    ON CONFLICT (organization_id, span, starts_on, account_id, branch_id)
    DO UPDATE SET debit = p.debit + excluded.debit, credit = p.credit + excluded.credit
)
SELECT coalesce(sum(deltas), 0) FROM days
"""

MOST_AT_ONCE = 200_000
"""Keeps one fold below a second or so; the next takes the rest."""


def fold_balances() -> int:
    """Fold the current organization's deltas; returns how many. Only one fold runs at a time, another returns 0."""
    organization_id = current_organization_id()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('finance.fold', %s))", [organization_id])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_LAST, {"organization": organization_id, "most": MOST_AT_ONCE})
        last = cursor.fetchone()[0]
        if last is None:
            return 0
        cursor.execute(_FOLD, {"organization": organization_id, "last": last})
        return int(cursor.fetchone()[0])
