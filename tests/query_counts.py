"""Queries per page as reviewed data: `tests/query_counts.json` has the number that each page was accepted with.

    def test_list(count_queries):
        with count_queries("branches: list"):
            client.get(…)

A page that asks more, or fewer, fails until the file says so: run the test with UPDATE_QUERY_COUNTS=1, and let the
review see the change. Savepoints count: they are round trips too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

FILE = Path(__file__).with_name("query_counts.json")

CountQueries = Callable[[str], AbstractContextManager[None]]


def _accepted() -> dict[str, int]:
    counts: dict[str, int] = json.loads(FILE.read_text()) if FILE.exists() else {}
    return counts


@contextmanager
def counting(name: str) -> Iterator[None]:
    """Compare the queries of the block with the number accepted under that name."""
    with CaptureQueriesContext(connection) as queries:
        yield
    number = len(queries)
    accepted = _accepted()
    if os.environ.get("UPDATE_QUERY_COUNTS") == "1":
        FILE.write_text(json.dumps({**accepted, name: number}, indent=2, sort_keys=True) + "\n")
        return
    if accepted.get(name) != number:
        asked = "\n".join(f"{at:3} {query['sql'][:240]}" for at, query in enumerate(queries.captured_queries, 1))
        pytest.fail(f"{name}: {number} queries, {accepted.get(name, 'none')} accepted in {FILE.name}.\n{asked}")


@pytest.fixture
def count_queries() -> CountQueries:
    """`counting`, for tests."""
    return counting
