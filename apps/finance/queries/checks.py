"""The checks of the journal itself: full scans, against what postings keep. Those of money stand beside."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.amounts import inr
from apps.core.tenancy.context import current_organization_id
from apps.finance.verify import MOST_NAMED, Check, Finding
from apps.organizations.models import NumberSeries, Organization
from apps.organizations.rules.numbering import DocumentKind, format_number, year_bounds

_ENTRIES = """
SELECT e.id, e.number, e.amount, coalesce(l.debits, 0), coalesce(l.credits, 0), coalesce(l.lines, 0), e.line_count
FROM finance_journalentry e
LEFT JOIN (
    SELECT entry_id, sum(debit) AS debits, sum(credit) AS credits, count(*) AS lines
    FROM finance_journalline WHERE organization_id = %(organization)s GROUP BY entry_id
) l ON l.entry_id = e.id
WHERE e.organization_id = %(organization)s
  AND (l.debits, l.credits, l.lines) IS DISTINCT FROM (e.amount, e.amount, e.line_count::bigint)
ORDER BY e.id LIMIT %(most)s
"""
_LINES = """
SELECT e.id, e.number FROM finance_journalline l
JOIN finance_journalentry e ON e.organization_id = l.organization_id AND e.id = l.entry_id
WHERE l.organization_id = %(organization)s AND (l.on_date <> e.on_date OR l.branch_id <> e.branch_id)
ORDER BY e.id LIMIT %(most)s
"""
_SUMMARIES = """
WITH scanned AS (
    SELECT account_id, branch_id, on_date, sum(debit) AS debit, sum(credit) AS credit
    FROM finance_journalline WHERE organization_id = %(organization)s GROUP BY 1, 2, 3
), days AS (
    SELECT account_id, branch_id, s.span, s.starts_on, sum(debit) AS debit, sum(credit) AS credit
    FROM scanned, LATERAL (VALUES ('y', date_trunc('year', on_date)::date), ('m', date_trunc('month', on_date)::date),
                                  ('d', on_date)) AS s (span, starts_on) GROUP BY 1, 2, 3, 4
), kept AS (
    SELECT account_id, branch_id, span, starts_on, sum(debit) AS debit, sum(credit) AS credit FROM (
        SELECT account_id, branch_id, span, starts_on, debit, credit FROM finance_periodbalance
        WHERE organization_id = %(organization)s
        UNION ALL
        SELECT account_id, branch_id, s.span, s.starts_on, debit, credit
        FROM finance_balancedelta,
             LATERAL (VALUES ('y', date_trunc('year', on_date)::date), ('m', date_trunc('month', on_date)::date),
                             ('d', on_date)) AS s (span, starts_on)
        WHERE organization_id = %(organization)s
    ) k GROUP BY 1, 2, 3, 4
)
SELECT a.name, b.name, coalesce(d.span, k.span), coalesce(d.starts_on, k.starts_on),
       coalesce(d.debit, 0) - coalesce(d.credit, 0), coalesce(k.debit, 0) - coalesce(k.credit, 0)
FROM days d FULL JOIN kept k
     ON (k.account_id, k.branch_id, k.span, k.starts_on) = (d.account_id, d.branch_id, d.span, d.starts_on)
JOIN finance_account a ON a.id = coalesce(d.account_id, k.account_id)
JOIN organizations_branch b ON b.id = coalesce(d.branch_id, k.branch_id)
WHERE coalesce(d.debit, 0) <> coalesce(k.debit, 0) OR coalesce(d.credit, 0) <> coalesce(k.credit, 0)
ORDER BY 4, 1 LIMIT %(most)s
"""
# Every document of ours that takes a number. A receipt by a cheque of a later day has its number before its entry.
_NUMBERED = """
WITH numbered AS (
    SELECT substr(d.number, length(%(prefix)s) + 1)::bigint AS n FROM (
        SELECT number, branch_id, on_date FROM finance_voucher WHERE organization_id = %(organization)s AND number <> ''
        UNION ALL
        SELECT number, branch_id, on_date FROM finance_payment WHERE organization_id = %(organization)s
    ) d
    WHERE d.branch_id = %(branch)s AND d.on_date BETWEEN %(starts_on)s AND %(ends_on)s
      AND d.number ^@ %(prefix)s AND substr(d.number, length(%(prefix)s) + 1) ~ '^[0-9]{1,9}$'
)
"""
_COUNTED = f"{_NUMBERED} SELECT count(*), count(DISTINCT n) FROM numbered"  # noqa: S608 - texts of ours
_MISSING = f"""{_NUMBERED}
SELECT g FROM generate_series(%(first)s::bigint, %(last)s::bigint) g
WHERE NOT EXISTS (SELECT FROM numbered WHERE n = g) LIMIT 5
"""  # noqa: S608 - texts of ours

_SERIES = (
    DocumentKind.PAYMENT,
    DocumentKind.RECEIPT,
    DocumentKind.JOURNAL_VOUCHER,
    DocumentKind.CONTRA_VOUCHER,
    DocumentKind.PARTY_DEBIT_NOTE,
    DocumentKind.PARTY_CREDIT_NOTE,
)
"""Series whose every number is on a voucher, a receipt or a payment."""


def _fetch(sql: str, **params: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"organization": current_organization_id(), "most": MOST_NAMED, **params})
        rows: list[Any] = cursor.fetchall()
        return rows


def _count(table: str) -> int:
    sql = f"SELECT count(*) FROM {table} WHERE organization_id = %(organization)s"  # noqa: S608 - tables of ours
    return int(_fetch(sql)[0][0])


def entries_balanced() -> Finding:
    """Every entry has the lines and the amount it says, on its own day and branch."""
    faults = [
        _("Entry %(entry)s: debits %(debits)s, credits %(credits)s in %(lines)d lines, not %(amount)s in %(count)d.")
        % {
            "entry": number or f"#{key}",
            "debits": inr(debited),
            "credits": inr(credited),
            "lines": lines,
            "amount": inr(amount),
            "count": count,
        }
        for key, number, amount, debited, credited, lines, count in _fetch(_ENTRIES)
    ]
    faults += [
        _("Entry %(entry)s has a line of another day or branch.") % {"entry": number or f"#{key}"}
        for key, number in _fetch(_LINES)
    ]
    return Finding(_count("finance_journalentry"), faults)


def summaries_true() -> Finding:
    """The sums that statements read are those of all lines."""
    faults = [
        _("%(account)s at %(branch)s, %(span)s from %(day)s: lines say %(scanned)s, the summary %(kept)s.")
        % {
            "account": account,
            "branch": branch,
            "span": {"y": _("year"), "m": _("month"), "d": _("day")}[span],
            "day": starts_on.isoformat(),
            "scanned": inr(scanned),
            "kept": inr(kept),
        }
        for account, branch, span, starts_on, scanned, kept in _fetch(_SUMMARIES)
    ]
    return Finding(_count("finance_periodbalance") + _count("finance_balancedelta"), faults)


def series_whole() -> Finding:
    """Every number that was given out is on a document, and on one."""
    faults: list[str] = []
    looked_at = 0
    start = Organization.objects.values_list("financial_year_start", flat=True).get(pk=current_organization_id())
    for series in NumberSeries.objects.filter(kind__in=_SERIES).order_by("id"):
        given = series.next_number - series.first_number
        if not given:
            continue
        starts_on, ends_on = year_bounds(series.financial_year, start)
        facts = {"prefix": series.prefix, "branch": series.branch_id, "starts_on": starts_on, "ends_on": ends_on}
        found, different = _fetch(_COUNTED, **facts)[0]
        looked_at += given
        if found != different:
            faults.append(
                _("%(prefix)s: %(count)d numbers are on two documents.")
                % {"prefix": series.prefix, "count": found - different}
            )
        if different != given:
            span = {"first": series.first_number, "last": series.next_number - 1}
            missing = [
                format_number(series.prefix, number, series.width) for (number,) in _fetch(_MISSING, **facts, **span)
            ]
            faults.append(
                _("%(prefix)s: %(given)d numbers were given out, %(found)d are on documents. Missing: %(names)s.")
                % {"prefix": series.prefix, "given": given, "found": different, "names": ", ".join(missing) or "–"}
            )
    return Finding(looked_at, faults)


CHECKS = (
    Check("finance.entries", gettext_lazy("Every entry balances"), entries_balanced),
    Check("finance.summaries", gettext_lazy("Summaries equal the lines"), summaries_true),
    Check("finance.series", gettext_lazy("Numbers without gap or repeat"), series_whole),
)
