"""Workloads of parties: lists at every depth, search, export."""

from __future__ import annotations

import re
import time
from typing import Any
from urllib.parse import urlencode

import psycopg

from benchmarks import data
from benchmarks.bench import Bench
from benchmarks.harness import Row, Workload, timed

LIST = "parties/"
COLUMNS = "id, name, city, gstin, phone, credit_limit, credit_days, is_customer, is_supplier, active"
FIRST = f"""
SELECT {COLUMNS} FROM parties_party WHERE organization_id = app_org() AND active ORDER BY lower(name), id LIMIT 51
"""
LAST = f"""
SELECT {COLUMNS} FROM parties_party WHERE organization_id = app_org() AND active
ORDER BY lower(name) DESC, id DESC OFFSET 250 LIMIT 51
"""
SEARCH = "SELECT party_search(%s, 1001)"
WORDS = {
    "rare": "jasmine tower nursing",
    "frequent": "chemists",
    "one_letter": "s",
    "two_letters": "ne",
    "three_letters": "oon",
    "number": "91234",
    "percent": "%",
    "underscore": "_",
    "devanagari": "औषधि",
    "nothing": "qxzwv",
}


def fill(owner: psycopg.Connection[Any], *, organization: int, count: int) -> None:
    """So many parties."""
    data.make_parties(owner, organization=organization, count=count)


def workloads(bench: Bench) -> list[Workload]:
    """The list as a page, as a fragment, far from its first page, searched, and as a file."""
    return [
        bench.page("party_list", LIST, FIRST),
        bench.fragment("party_fragment", LIST, FIRST),
        bench.fragment("party_deep", _deep(bench), LAST),
        *[
            bench.fragment(f"party_search_{kind}", f"{LIST}?{urlencode({'q': text})}", SEARCH, text)
            for kind, text in WORDS.items()
        ],
        Workload("party_export_first_byte", lambda: _first_byte(bench)),
        Workload("party_export", lambda: _export(bench, "csv")),
        Workload("party_export_xlsx", lambda: _export(bench, "xlsx")),
        Workload("party_export_memory", lambda: _memory(bench)),
    ]


def _deep(bench: Bench) -> str:
    """A page far from the first: sorted the other way round, five pages on."""
    path = f"{LIST}?sort=-name"
    for _ in range(5):
        found = re.search(r'href="[^"?]*(\?[^"]*after=[^"]*)"', bench.get(bench.big, path).decode())
        if found is None:
            return path
        path = LIST + found[1].replace("&amp;", "&")
    return path


def _export(bench: Bench, kind: str) -> Row:
    """The whole list as a file beside COPY of the same columns; the better of two, for each is one call."""
    path = f"{LIST}?active=&export={kind}"
    sizes: list[int] = []
    rows = f"SELECT {COLUMNS} FROM parties_party WHERE organization_id = app_org()"
    wholes, limits = [], []
    for _ in range(2):
        limits.append(timed(lambda: bench.probe.copy(bench.big, rows)))
        wholes.append(timed(lambda: sizes.append(len(bench.get(bench.big, path)))))
    return Row(f"party_export{'_xlsx' if kind == 'xlsx' else ''}", min(wholes), min(limits), size=sizes[0])


def _first_byte(bench: Bench) -> Row:
    """How long somebody waits until the file begins; the machinery has made one before."""
    bench.get(bench.big, f"{LIST}?q=qxzwv&export=csv")
    start = time.perf_counter()
    response = bench.server.open(bench.big.path(f"{LIST}?active=&export=csv"), bench.big.cookie)
    response.read(1)
    first = (time.perf_counter() - start) * 1000
    response.read()
    return Row("party_export_first_byte", first, 0)


def _memory(bench: Bench) -> Row:
    """By how much a web process grows that exports everything."""
    before = bench.server.memory()
    bench.get(bench.big, f"{LIST}?active=&export=csv")
    grown = max(bench.server.memory("VmHWM") - before, 0)
    return Row("party_export_memory", grown / 1e6, 0, unit="MB")
