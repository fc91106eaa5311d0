"""Workloads of what parties owe: ageing of everybody, a party's ledger, its exposure.

Five documents for each row asked for (N=250000 makes 1,250,000, which is what 5,000,000 journal lines come from), one
in ten of them open, among 5,000 parties at most, so that a party has a ledger worth the name.
"""

from __future__ import annotations

from typing import Any

import psycopg

from apps.core.tenancy.context import tenant
from apps.finance.queries.ageing import ageing
from apps.finance.queries.exposure import exposure
from apps.finance.rules.drafts import Side
from benchmarks import data
from benchmarks.bench import Bench
from benchmarks.harness import Workload

DOCUMENTS = 5
PARTIES = 5_000

_ENTRIES = """
WITH known AS (SELECT array_agg(id ORDER BY id) AS ids FROM (
    SELECT id FROM parties_party WHERE organization_id = %(organization)s ORDER BY id LIMIT %(parties)s) AS p)
INSERT INTO finance_journalentry
    (organization_id, branch_id, on_date, financial_year_id, source_kind, source_id, entry_kind, number, narration,
     party_id, amount, line_count, closing, over_lock, txid)
SELECT %(organization)s, b.id, y.starts_on + (n::bigint * 7919 %% 230)::int, y.id, 'bench.money', n, 'main', 'BN/' || n,
       'Bench', known.ids[1 + n %% array_length(known.ids, 1)], 100 + pg_temp.h(n, 'm') %% 90000, 2, false, false, 0
FROM generate_series(1, %(count)s) AS n, known,
     (SELECT id FROM organizations_branch WHERE organization_id = %(organization)s ORDER BY id LIMIT 1) AS b,
     (SELECT id, starts_on FROM finance_financialyear WHERE organization_id = %(organization)s
      ORDER BY starts_on DESC LIMIT 1) AS y
"""
_ITEMS = """
INSERT INTO finance_openitem
    (organization_id, party_id, branch_id, entry_id, side, kind, number, on_date, document_on, due_on, amount,
     open_amount)
SELECT organization_id, party_id, branch_id, id, 'receivable',
       CASE WHEN s.sign > 0 THEN 'bill' ELSE 'receipt' END, number, on_date, on_date, on_date + 21, s.sign * amount,
       CASE WHEN pg_temp.h(source_id, 'o') %% 10 = 0 THEN s.sign * amount ELSE 0 END
FROM finance_journalentry,
     LATERAL (SELECT CASE WHEN pg_temp.h(source_id, 's') %% 20 = 0 THEN -1 ELSE 1 END AS sign) AS s
WHERE organization_id = %(organization)s AND source_kind = 'bench.money'
"""

# The same answers by hand: one pass over the index of what is open, one walk along a party's account.
_AGEING = """
SELECT party_id, sum(open_amount) FILTER (WHERE due_on >= current_date),
       sum(open_amount) FILTER (WHERE due_on < current_date AND due_on >= current_date - 15),
       sum(open_amount) FILTER (WHERE due_on < current_date - 15 AND due_on >= current_date - 30),
       sum(open_amount) FILTER (WHERE due_on < current_date - 30 AND due_on >= current_date - 60),
       sum(open_amount) FILTER (WHERE due_on < current_date - 60 AND due_on >= current_date - 90),
       sum(open_amount) FILTER (WHERE due_on < current_date - 90)
FROM finance_openitem WHERE organization_id = app_org() AND side = 'receivable' AND open_amount <> 0 GROUP BY party_id
"""
_LEDGER = """
SELECT id, on_date, number, kind, due_on, amount, open_amount, sum(amount) OVER (ORDER BY on_date, id)
FROM finance_openitem WHERE organization_id = app_org() AND party_id = %s AND side = 'receivable'
ORDER BY on_date, id LIMIT 200
"""
_OPEN = """
SELECT sum(open_amount) FROM finance_openitem WHERE organization_id = app_org() AND party_id = %s AND open_amount <> 0
"""


def fill(owner: psycopg.Connection[Any], *, organization: int, count: int) -> None:
    """Entries and open items; parties are there already. The lines of the journal are another room's."""
    values = {"organization": organization, "count": count * DOCUMENTS, "parties": PARTIES}
    data.load(owner, "finance_journalentry", statement=_ENTRIES, values=values)
    data.load(owner, "finance_openitem", statement=_ITEMS, values=values)


def workloads(bench: Bench) -> list[Workload]:
    """Ageing as a query and as a page, a ledger as a page, the exposure that the bill screen asks for."""
    house, probe = bench.big, bench.probe
    party = probe.fetch(house, "SELECT min(party_id) FROM finance_openitem WHERE organization_id = app_org()")[0][0]
    today = probe.fetch(house, "SELECT current_date")[0][0]

    def all_ages() -> None:
        with tenant(house.key):
            ageing(Side.RECEIVABLE, today)

    def owed() -> None:
        with tenant(house.key):
            exposure(party, on=today)

    return [
        bench.beside("ageing", all_ages, lambda: probe.fetch(house, _AGEING)),
        bench.beside("ageing_page", lambda: bench.get(house, "ageing/"), lambda: probe.fetch(house, _AGEING)),
        bench.beside(
            "party_ledger",
            lambda: bench.get(house, f"parties/{party}/ledger/?from=&side=receivable"),
            lambda: probe.fetch(house, _LEDGER, party),
        ),
        bench.beside("exposure", owed, lambda: probe.fetch(house, _OPEN, party)),
    ]
