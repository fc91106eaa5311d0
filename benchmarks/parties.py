"""Workloads of parties: lists at every depth, search, export."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import psycopg

from benchmarks import data, exports
from benchmarks.bench import Bench
from benchmarks.harness import Workload

LIST = "parties/"
COLUMNS = "id, name, city, gstin, phone, credit_limit, credit_days, is_customer, is_supplier, active"
FIRST = f"""
SELECT {COLUMNS} FROM parties_party WHERE organization_id = app_org() AND active ORDER BY lower(name), id LIMIT 51
"""
LAST = f"""
SELECT {COLUMNS} FROM parties_party WHERE organization_id = app_org() AND active
ORDER BY lower(name) DESC, id DESC OFFSET 250 LIMIT 51
"""
EVERYTHING = f"SELECT {COLUMNS} FROM parties_party WHERE organization_id = app_org()"
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
        *exports.workloads(bench, "party", f"{LIST}?active=&", EVERYTHING, workbook=True),
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
