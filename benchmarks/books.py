"""Workloads of the books: trial balance at a month's end and at any day, ledgers, postings one by one and by eight."""

from __future__ import annotations

import datetime as dt
import itertools
import time
from decimal import Decimal
from typing import Any

import psycopg

from apps.core.tenancy.context import tenant
from apps.finance.models import Account
from apps.finance.operations import fold_balances, post_entry
from apps.finance.queries.statements import trial_balance
from apps.finance.rules.posting import PostingLine, Source, credit, debit
from apps.organizations.models import Branch
from benchmarks.bench import Bench
from benchmarks.crowd import SECONDS, done_by_all
from benchmarks.harness import Row, Workload
from benchmarks.place import House
from ineat import databases

# A wholesaler with as many parties as the report counts has some twenty lines a party in two years.
LINES_A_PARTY = 20
FIRST, DAYS = dt.date(2025, 4, 1), 600
MONTH_END, ANY_DAY = dt.date(2026, 9, 30), dt.date(2026, 9, 17)

_ACCOUNTS = """
INSERT INTO finance_account (organization_id, version, created_at, code, name, group_id, nature, role, active)
SELECT %(organization)s, 1, now(), 'B' || n, 'Bench account ' || n, g.id, 'general', '', true
FROM generate_series(1, 200) n, finance_accountgroup g WHERE g.organization_id = %(organization)s AND g.code = '56'
"""
_YEAR = """
INSERT INTO finance_financialyear (organization_id, version, created_at, starts_on, ends_on, state, closings, reason)
VALUES (%(organization)s, 1, now(), '2025-04-01', '2026-03-31', 'open', 0, '') ON CONFLICT DO NOTHING
"""
# Five lines an entry: a customer's bill with two taxes and its cost on one of two hundred accounts.
_ENTRIES = """
INSERT INTO finance_journalentry (organization_id, branch_id, on_date, financial_year_id, source_kind, source_id,
    entry_kind, number, narration, amount, line_count, closing, over_lock, txid)
SELECT %(organization)s, b.id, d.day, y.id, 'bench.bill', n, 'main', 'BN/' || n, '', 1120, 5, false, false,
       pg_current_xact_id()::text::bigint
FROM generate_series(%(from)s::bigint, %(to)s::bigint) n
CROSS JOIN LATERAL (SELECT date '2025-04-01' + (n * 600 / %(all)s)::int AS day) d
JOIN finance_financialyear y ON y.organization_id = %(organization)s AND d.day BETWEEN y.starts_on AND y.ends_on
CROSS JOIN LATERAL (SELECT id FROM organizations_branch WHERE organization_id = %(organization)s LIMIT 1) b
"""
_LINES = """
INSERT INTO finance_journalline (organization_id, entry_id, position, account_id, branch_id, on_date, debit, credit,
    narration)
SELECT %(organization)s, e.id, l.position,
       CASE WHEN l.position = 5 THEN o.ids[1 + e.source_id %% 200] ELSE l.account END, e.branch_id, e.on_date,
       l.debit, l.credit, ''
FROM finance_journalentry e
CROSS JOIN (SELECT array_agg(id) AS ids FROM finance_account
            WHERE organization_id = %(organization)s AND code LIKE 'B%%') o
CROSS JOIN LATERAL (
    SELECT position, (SELECT id FROM finance_account WHERE organization_id = %(organization)s AND role = r) AS account,
           debit, credit
    FROM (VALUES (1, 'bank', 1120, 0), (2, 'sales', 0, 1000), (3, 'output_cgst', 0, 60), (4, 'output_sgst', 0, 50),
                 (5, '', 0, 10)) v (position, r, debit, credit)
) l
WHERE e.organization_id = %(organization)s AND e.source_kind = 'bench.bill' AND e.source_id BETWEEN %(from)s AND %(to)s
"""
_DELTAS = """
INSERT INTO finance_balancedelta (organization_id, account_id, branch_id, on_date, debit, credit)
SELECT organization_id, account_id, branch_id, on_date, sum(debit), sum(credit) FROM finance_journalline
WHERE organization_id = %(organization)s GROUP BY 1, 2, 3, 4
"""
_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conname LIKE '%_tenant_fk' AND conrelid IN ('finance_journalline'::regclass, 'finance_journalentry'::regclass)
"""

_RAW_SUMMARY = """
SELECT account_id, sum(debit), sum(credit) FROM finance_periodbalance
WHERE organization_id = app_org() AND span = 'm' AND starts_on <= %s GROUP BY 1
"""
_RAW_SCAN = """
SELECT account_id, sum(debit), sum(credit) FROM finance_journalline
WHERE organization_id = app_org() AND on_date <= %s GROUP BY 1
"""
_RAW_LEDGER = """
SELECT id, on_date, entry_id, debit, credit FROM finance_journalline
WHERE organization_id = app_org() AND account_id = (SELECT id FROM finance_account WHERE organization_id = app_org()
AND role = 'bank') AND on_date >= '2026-04-01' ORDER BY on_date, id LIMIT 101
"""


def fill(owner: psycopg.Connection[Any], *, organization: int, count: int) -> None:
    """Twenty journal lines for each of so many parties, in six hundred days, with their sums folded.

    The keys of the two tables are taken away while they are filled and put back, which checks every row at once.
    """
    entries = max(count * LINES_A_PARTY // 5, 1)
    facts = {"organization": organization, "all": entries}
    keys = owner.execute(_KEYS.encode()).fetchall()
    for table, name, _definition in keys:
        owner.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'.encode())
    owner.execute(b"ALTER TABLE finance_journalentry DISABLE TRIGGER finance_journalentry_balanced")
    owner.execute(_ACCOUNTS.encode(), facts)
    owner.execute(_YEAR.encode(), facts)
    owner.commit()
    step = 100_000
    for first in range(1, entries + 1, step):
        span = {**facts, "from": first, "to": min(first + step - 1, entries)}
        owner.execute(_ENTRIES.encode(), span)
        owner.execute(_LINES.encode(), span)
        owner.commit()
    owner.execute(_DELTAS.encode(), facts)
    owner.commit()
    owner.execute(b"ALTER TABLE finance_journalentry ENABLE TRIGGER finance_journalentry_balanced")
    for table, name, definition in keys:
        owner.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}'.encode())
    owner.commit()
    with tenant(organization):
        while fold_balances():
            pass
    owner.autocommit = True
    for table in ("journalentry", "journalline", "periodbalance", "balancedelta", "account"):
        owner.execute(f"VACUUM ANALYZE finance_{table}".encode())
    owner.autocommit = False


def workloads(bench: Bench) -> list[Workload]:
    """Statements beside a hand-written sum and beside a scan, a ledger page, postings."""
    month, day = MONTH_END.isoformat(), ANY_DAY.isoformat()
    numbers = itertools.count(1)

    def trial(on: dt.date) -> None:
        with tenant(bench.big.key):
            trial_balance(on=on)

    def post() -> None:
        with tenant(bench.big.key):
            post_entry(
                lines=forty_lines(), source=Source("bench.posting", next(numbers), "X"), branch=branch, on_date=ANY_DAY
            )

    with tenant(bench.big.key):
        branch = Branch.objects.first()
        bank = Account.objects.get(role="bank").pk
    return [
        bench.beside(
            "books_trial_month_end", lambda: trial(MONTH_END), lambda: bench.probe.fetch(bench.big, _RAW_SUMMARY, month)
        ),
        bench.beside(
            "books_trial_any_day", lambda: trial(ANY_DAY), lambda: bench.probe.fetch(bench.big, _RAW_SCAN, day)
        ),
        bench.page("books_trial_page", f"trial-balance/?to={month}", _RAW_SUMMARY, month),
        bench.beside(
            "books_ledger_page",
            lambda: bench.get(bench.big, f"accounts/{bank}/ledger/?from=2026-04-01&to={month}"),
            lambda: bench.probe.fetch(bench.big, _RAW_LEDGER),
        ),
        bench.beside("books_post_40_lines", post, lambda: raw_posting(bench)),
        Workload("books_eight_clients", lambda: eight_clients(bench.big)),
    ]


def forty_lines() -> list[PostingLine]:
    """A bill of twenty items: forty lines that balance."""
    return [
        *(debit("bank", Decimal("112.00")) for _item in range(20)),
        *(credit("sales", Decimal("112.00")) for _item in range(20)),
    ]


_RAW_POST = """
WITH e AS (
    INSERT INTO finance_journalentry (organization_id, branch_id, on_date, financial_year_id, source_kind, source_id,
        entry_kind, number, narration, amount, line_count, closing, over_lock, txid)
    SELECT app_org(), b.id, %s, y.id, 'bench.raw', nextval('finance_journalentry_id_seq'), 'main', 'X', '', 2240, 40,
           false, false, pg_current_xact_id()::text::bigint
    FROM organizations_branch b, finance_financialyear y
    WHERE b.organization_id = app_org() AND y.organization_id = app_org() AND %s BETWEEN y.starts_on AND y.ends_on
    LIMIT 1 RETURNING id, branch_id
)
INSERT INTO finance_journalline (organization_id, entry_id, position, account_id, branch_id, on_date, debit, credit,
    narration)
SELECT app_org(), e.id, n, a.id, e.branch_id, %s, CASE WHEN n <= 20 THEN 112 ELSE 0 END,
       CASE WHEN n > 20 THEN 112 ELSE 0 END, ''
FROM e, generate_series(1, 40) n
JOIN finance_account a ON a.organization_id = app_org() AND a.role = CASE WHEN n <= 20 THEN 'bank' ELSE 'sales' END
"""


def raw_posting(bench: Bench) -> None:
    """The same rows by one statement that checks nothing: what PostgreSQL itself needs for them."""
    bench.probe.connection.execute("SELECT set_config('app.organization_id', %s, false)", [str(bench.big.key)])
    bench.probe.connection.execute(_RAW_POST.encode(), [ANY_DAY] * 3)


def _post_for(organization: int, number: int, done: Any) -> None:
    """One client: as many postings as it can."""
    count = 0
    with tenant(organization):
        branch = Branch.objects.first()
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with tenant(organization):
            key = number * 10_000_000 + time.time_ns() % 1_000_000_000_000 * 100 + number
            post_entry(lines=forty_lines(), source=Source("bench.client", key, "X"), branch=branch, on_date=ANY_DAY)
        count += 1
    done.put(count)


def _insert_for(organization: int, _number: int, done: Any) -> None:
    """One client: the same rows by hand."""
    count = 0
    with psycopg.connect(databases.app_conninfo(), autocommit=True) as link:
        link.execute("SELECT set_config('app.organization_id', %s, false)", [str(organization)])
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            link.execute(_RAW_POST.encode(), [ANY_DAY] * 3)
            count += 1
    done.put(count)


def eight_clients(house: House) -> Row:
    """Lines a second of eight processes that post at once, beside eight that insert the same rows by hand."""
    posted, raw = (done_by_all(work, house.key) * 40 / SECONDS for work in (_post_for, _insert_for))
    return Row("books_eight_clients", posted, raw, unit="rows/s")
