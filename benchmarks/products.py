"""Workloads of products: the list at every depth, searched, and the picker of a bill's line."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import psycopg

from apps.core.tenancy.context import tenant
from apps.inventory.queries.catalogue import products_for_picker
from benchmarks.bench import Bench
from benchmarks.harness import Workload

LIST = "products/"
_COLUMNS = """
p.id, p.name, p.pack, p.composition, p.schedule, p.storage, p.active, m.name, t.on_hand,
(SELECT mrp FROM inventory_productprice c WHERE c.organization_id = app_org() AND c.product_id = p.id
   AND c.effective_from <= current_date ORDER BY c.effective_from DESC LIMIT 1)
"""


def _rows(keys: str, order: str = "lower(p.name), p.id") -> str:
    return f"""
    SELECT {_COLUMNS} FROM inventory_product p
    LEFT JOIN inventory_manufacturer m ON m.organization_id = app_org() AND m.id = p.manufacturer_id
    LEFT JOIN inventory_productstock t ON t.organization_id = app_org() AND t.product_id = p.id
    WHERE p.organization_id = app_org() AND p.id IN ({keys}) ORDER BY {order}
    """


_ACTIVE = "SELECT id FROM inventory_product WHERE organization_id = app_org() AND active"
FIRST = _rows(f"{_ACTIVE} ORDER BY lower(name), id LIMIT 51")
LAST = _rows(f"{_ACTIVE} ORDER BY lower(name) DESC, id DESC OFFSET 250 LIMIT 51", "lower(p.name) DESC, p.id DESC")
SEARCH = "SELECT product_search(%s, 1001)"
_WORDS = {
    "one_letter": "a",
    "two_letters": "pa",
    "three_letters": "ova",
    "frequent": "paracetamol",
    "rare": "azivanta 77",
    "nothing": "qxzwv",
}


def fill(owner: psycopg.Connection[Any], *, organization: int, count: int) -> None:
    """The room of stock has made them."""


def workloads(bench: Bench) -> list[Workload]:
    """The list, its search, and the same words in the picker."""

    def pick(text: str) -> Workload:
        def call() -> None:
            with tenant(bench.big.key):
                products_for_picker(text)

        kind = next(name for name, word in _WORDS.items() if word == text)
        return bench.beside(f"product_picker_{kind}", call, lambda: bench.probe.fetch(bench.big, SEARCH, text))

    return [
        bench.page("product_list", LIST, FIRST),
        bench.fragment("product_fragment", LIST, FIRST),
        bench.fragment("product_deep", _deep(bench), LAST),
        *[
            bench.fragment(f"product_search_{kind}", f"{LIST}?{urlencode({'q': text})}", SEARCH, text, asked_on=LIST)
            for kind, text in _WORDS.items()
        ],
        *[pick(text) for text in _WORDS.values()],
    ]


def _deep(bench: Bench) -> str:
    """Sorted the other way round, five pages on."""
    path = f"{LIST}?sort=-name"
    for _ in range(5):
        found = re.search(r'href="[^"?]*(\?[^"]*after=[^"]*)"', bench.get(bench.big, path).decode())
        if found is None:
            return path
        path = LIST + found[1].replace("&amp;", "&")
    return path
