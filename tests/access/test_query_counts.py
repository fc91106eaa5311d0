"""What every page of the matrix costs in queries, as reviewed data in `tests/query_counts.json`."""

from __future__ import annotations

import json
import os

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.access.matrix import ROUTES
from tests.access.walk import address_of, in_organization
from tests.access.world import World
from tests.query_counts import FILE

pytestmark = pytest.mark.django_db

# Beyond this a page asks row by row, or asks the same thing again.
MOST = 40

# Pages made of parts that know nothing of each other, each in a savepoint of its own, so that one may fail alone.
# Deleting looks once into every kind of record that may name the one to go.
SUMS = {
    "page: ui:home": 80,
    "page: inventory:product_detail": 60,
    "page: inventory:product_delete": 80,
    "page: parties:party_delete": 80,
}


def test_every_page_costs_what_was_accepted() -> None:
    """After a change run it with UPDATE_QUERY_COUNTS=1 and let the review see the difference."""
    world = World()
    client = world.client(world.owner)
    routes = [route for route in ROUTES if in_organization(route) and route.get == 200]
    urls = {f"page: {route.name}": address_of(world, route) for route in routes}
    for url in urls.values():
        client.get(url)  # what a process or a session learns once is no page's cost
    counted: dict[str, int] = {}
    for name, url in urls.items():
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counted[name] = len(queries)
    accepted: dict[str, int] = json.loads(FILE.read_text())
    others = {name: count for name, count in accepted.items() if not name.startswith("page: ")}
    if os.environ.get("UPDATE_QUERY_COUNTS") == "1":
        FILE.write_text(json.dumps(others | counted, indent=2, sort_keys=True) + "\n")
        return
    differ = {
        name: f"{accepted.get(name)} accepted, {counted.get(name)} counted"
        for name in sorted((accepted.keys() - others.keys()) | counted.keys())
        if accepted.get(name) != counted.get(name)
    }
    assert differ == {}
    assert {name: count for name, count in counted.items() if count > SUMS.get(name, MOST)} == {}
