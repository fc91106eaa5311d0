"""Workloads of parties: lists at every depth, search, export."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import psycopg

from benchmarks.harness import Row, interleaved, timed
from benchmarks.place import House, Server
from benchmarks.probe import Probe

COLUMNS = "id, name, city, gstin, phone, credit_limit, credit_days, is_customer, is_supplier, active"
FIRST = f"""
SELECT {COLUMNS} FROM parties_party WHERE organization_id = app_org() AND active ORDER BY lower(name), id LIMIT 51
"""
MIDDLE = f"""
SELECT {COLUMNS} FROM parties_party
WHERE organization_id = app_org() AND active AND (lower(name), id) > ('mango', 0) ORDER BY lower(name), id LIMIT 51
"""
SEARCH = "SELECT party_search(%s, 1001)"
FRAGMENT = {"HX_Request": "true", "HX_Request_Type": "partial"}
WORDS = {"rare": "jasmine tower nursing", "frequent": "chemists", "two_letters": "ne", "nothing": "qxzwv"}


def lists(server: Server, probe: Probe, big: House, small: House, rounds: int) -> Iterator[Row]:
    """The list as a page, as a fragment, in the middle, and searched."""
    address = f"/o/{big.slug}/parties/"
    static = "/static/mark.svg"

    def with_static(query: str, *values: Any) -> Callable[[], None]:
        def limit() -> None:
            probe.fetch(big, query, *values)
            server.get(static)

        return limit

    def against(name: str, path: str, query: str, *values: Any, headers: dict[str, str]) -> Row:
        value, limit, steady = interleaved(
            lambda: server.get(path.format(slug=big.slug), big.cookie, **headers), with_static(query, *values), rounds
        )
        tenth_of_rows, _limit, _steady = interleaved(
            lambda: server.get(path.format(slug=small.slug), small.cookie, **headers), lambda: None, rounds
        )
        path = path.format(slug=big.slug)
        return Row(
            name,
            value,
            limit,
            queries=probe.queries(path, big, headers),
            cpu=probe.cpu(server, path, big, headers),
            size=len(server.get(path, big.cookie, **headers)),
            growth=value / tenth_of_rows,
            steady=steady,
        )

    yield against("party_list", "/o/{slug}/parties/", FIRST, headers={})
    yield against("party_fragment", "/o/{slug}/parties/", FIRST, headers=FRAGMENT)
    middle = _page_after(server, big, address)
    value, limit, steady = interleaved(lambda: server.get(middle, big.cookie, **FRAGMENT), with_static(MIDDLE), rounds)
    yield Row("party_middle", value, limit, steady=steady, queries=probe.queries(middle, big, FRAGMENT))
    for kind, text in WORDS.items():
        path = f"/o/{{slug}}/parties/?{urlencode({'q': text})}"
        yield against(f"party_search_{kind}", path, SEARCH, f"%{text}%", headers=FRAGMENT)


def _page_after(server: Server, house: House, address: str) -> str:
    """The address of a page far from the first: sorted the other way round, some pages on."""
    path = f"{address}?sort=-name"
    for _ in range(5):
        found = re.search(r'href="(\?[^"]*after=[^"]*)"', server.get(path, house.cookie).decode())
        if found is None:
            return path
        path = address + found[1].replace("&amp;", "&")
    return path


def export(server: Server, probe: Probe, big: House) -> Iterator[Row]:
    """The whole list as CSV: first byte, all of it, and what memory it takes."""
    path = f"/o/{big.slug}/parties/?active=&export=csv"
    server.get(f"/o/{big.slug}/parties/?q=qxzwv&export=csv", big.cookie)
    before = server.memory()
    start = time.perf_counter()
    response = server.open(path, big.cookie)
    response.read(1)
    first = (time.perf_counter() - start) * 1000
    size = 1
    while piece := response.read(1 << 20):
        size += len(piece)
    whole = (time.perf_counter() - start) * 1000
    grown = server.memory("VmHWM") - before
    limit = timed(lambda: probe.copy(big, f"SELECT {COLUMNS} FROM parties_party WHERE organization_id = app_org()"))
    yield Row("party_export_first_byte", first, limit)
    yield Row("party_export", whole, limit, size=size)
    yield Row("party_export_memory_mb", grown / 1e6, 0.0, unit="MB")


def vacuum(connection: psycopg.Connection[Any]) -> None:
    """Statistics for the planner, as autovacuum would have made them."""
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE parties_party")
