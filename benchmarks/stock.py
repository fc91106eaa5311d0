"""Workloads of the stock page: every sort and depth, the strip, the saved views, search by every kind of word; the
numbers that open pages ask for; and a recall."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import psycopg

from benchmarks import exports, stock_data
from benchmarks.bench import Bench
from benchmarks.harness import Workload

LIST = "stock/"
_COLUMNS = (
    "s.id, p.name, p.schedule, p.storage, p.composition, p.pack, b.number, s.expiry, l.name, s.on_hand, s.reserved, "
    "s.saleable, b.mrp, b.ptr, s.cost, b.state, t.is_low, s.batch_id"
)
_JOINS = """
JOIN inventory_batch b ON b.id = s.batch_id JOIN inventory_product p ON p.id = s.product_id
JOIN inventory_place l ON l.id = s.place_id
LEFT JOIN inventory_productstock t ON t.product_id = s.product_id
"""


def _rows(keys: str, order: str = "s.expiry, s.id") -> str:
    return (
        f"SELECT {_COLUMNS} FROM inventory_stock s {_JOINS} WHERE s.organization_id = app_org() AND s.id IN ({keys}) "
        f"ORDER BY {order}"
    )


_KEYS = "SELECT id FROM inventory_stock WHERE organization_id = app_org() AND in_stock"
FIRST = _rows(f"{_KEYS} ORDER BY expiry, id LIMIT 51")
MIDDLE = _rows(f"{_KEYS} AND (expiry, id) > (current_date + 500, 0) ORDER BY expiry, id LIMIT 51")
BY_NAME = _rows(
    "SELECT s.id FROM inventory_product p JOIN inventory_stock s ON s.product_id = p.id AND s.in_stock "
    "WHERE p.organization_id = app_org() AND s.organization_id = app_org() "
    "ORDER BY lower(p.name), s.expiry, s.id LIMIT 51",
    "lower(p.name), s.expiry, s.id",
)
BLOCKED = _rows(f"{_KEYS} AND NOT saleable ORDER BY expiry, id LIMIT 51")
LOW = _rows(
    "SELECT s.id FROM inventory_stock s JOIN inventory_productstock t ON t.product_id = s.product_id AND t.is_low "
    "WHERE s.organization_id = app_org() AND s.in_stock ORDER BY s.expiry, s.id LIMIT 51"
)
EVERYTHING = f"SELECT {_COLUMNS} FROM inventory_stock s {_JOINS} WHERE s.organization_id = app_org() AND s.in_stock"
SEARCH = "SELECT product_search(%s, 3001)"
FIGURES = "SELECT kind, expiry, sum(entries) FROM inventory_stockfigure WHERE organization_id = app_org() GROUP BY 1, 2"
RECALL = """
SELECT party_id, sum(quantity) FROM inventory_move
WHERE organization_id = app_org()
  AND batch_id = (SELECT batch_id FROM inventory_stock WHERE organization_id = app_org() ORDER BY id LIMIT 1)
GROUP BY 1
"""

WORDS = {
    "one_letter": "s",
    "two_letters": "am",
    "three_letters": "ova",
    "frequent": "500 mg",
    "rare": "azivanta 77",
    "batch": "ab0",
    "rack": "c-07",
    "percent": "%",
    "underscore": "_",
    "devanagari": "औषधि",
    "nothing": "qxzwv",
}


def fill(owner: psycopg.Connection[Any], *, organization: int, count: int) -> None:
    """So many products, four times as many batches."""
    stock_data.make_stock(owner, organization=organization, products=count)


def workloads(bench: Bench) -> list[Workload]:
    """The list in all its orders, searched, and what follows from the ledger."""
    return [
        bench.page("stock_list", LIST, FIRST),
        bench.fragment("stock_fragment", LIST, FIRST),
        bench.fragment("stock_middle", _deep(bench, f"{LIST}?band=later"), MIDDLE),
        bench.fragment("stock_by_name", f"{LIST}?sort=product", BY_NAME),
        bench.fragment("stock_by_name_deep", _deep(bench, f"{LIST}?sort=-product"), BY_NAME),
        bench.fragment("stock_low", f"{LIST}?low=true", LOW),
        bench.fragment("stock_blocked", f"{LIST}?saleable=false", BLOCKED),
        *[
            bench.fragment(f"stock_search_{kind}", f"{LIST}?{urlencode({'q': text})}", SEARCH, text, asked_on=LIST)
            for kind, text in WORDS.items()
        ],
        *exports.workloads(bench, "stock", f"{LIST}?", EVERYTHING),
        bench.fragment("stock_bell", "live/", FIGURES),
        bench.fragment("stock_low_panel", "stock/low/panel/", FIGURES),
        bench.beside(
            "stock_recall",
            lambda: bench.get(bench.big, _recalled(bench)),
            lambda: bench.probe.fetch(bench.big, RECALL),
        ),
    ]


def _deep(bench: Bench, path: str) -> str:
    """A page far from the first of that list: five pages on."""
    for _ in range(5):
        found = re.search(r'href="[^"?]*(\?[^"]*after=[^"]*)"', bench.get(bench.big, path).decode())
        if found is None:
            return path
        path = LIST + found[1].replace("&amp;", "&")
    return path


def _recalled(bench: Bench) -> str:
    """Who got the batch that everybody got."""
    query = "SELECT batch_id FROM inventory_stock WHERE organization_id = app_org() ORDER BY id LIMIT 1"
    return f"batches/{bench.probe.fetch(bench.big, query)[0][0]}/parties/"
