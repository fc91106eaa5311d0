"""A page in the middle of the list is found by an index, under row-level security, whatever the reader sorts by."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.tenancy.context import tenant
from apps.core.ui.pages.keyset import Cursor, Keyset, term_of
from apps.parties.models import Party
from tests.organizations.factories import make_organization

pytestmark = pytest.mark.django_db


def _plans(read: Callable[[], Any]) -> list[str]:
    """How PostgreSQL runs the statements of the call when it cannot fall back on reading everything."""
    with tenant(make_organization().pk), connection.cursor() as cursor:
        # An empty table makes the shorter index of unique names and a sort behind it look as good.
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        with CaptureQueriesContext(connection) as sent:
            read()
        plans = []
        for query in sent.captured_queries:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
        return plans


@pytest.mark.parametrize(
    ("order", "values", "index"),
    [
        ("name", ("mango", 5), "parties_party_by_name"),
        ("-name", ("mango", 5), "parties_party_by_name"),
        ("city", ("pune", 5), "parties_party_by_city"),
        ("credit_limit", (Decimal(5000), 5), "parties_party_by_limit"),
        ("-credit_limit", (Decimal(5000), 5), "parties_party_by_limit"),
    ],
)
def test_paging_on_searches_the_index_for_the_row_before(order: str, values: tuple[Any, ...], index: str) -> None:
    keyset = Keyset(Party, [term_of(Party, order)])
    cursor = Cursor(values, back=False, position=10)
    plan = _plans(lambda: keyset.fetch(Party.objects.filter(active=True), ["pk", "name"], 10, cursor))[0]
    assert index in plan, plan
    condition = next(line for line in plan.splitlines() if "Index Cond" in line)
    assert "ROW(" in condition, plan
    assert not any("ROW(" in line for line in plan.splitlines() if "Filter" in line), plan
