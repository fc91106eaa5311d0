"""What the machinery's pages cost in queries, and that rows cost none."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.core.ui.conftest import House
from tests.core.ui.test_forms import NEW, opened
from tests.query_counts import CountQueries, counting

pytestmark = pytest.mark.django_db


@pytest.fixture
def warm(house: House) -> House:
    """What a process learns once (isolation check, tables, addresses) is no page's cost."""
    house.add_branches(*[f"Branch {number:03d}" for number in range(60)])
    house.get("branches/")
    house.get("branches/", htmx=True)
    return house


def test_list(warm: House, count_queries: CountQueries) -> None:
    with count_queries("ui: list page"):
        warm.get("branches/")
    with count_queries("ui: list fragment"):
        warm.get("branches/", htmx=True, sort="-name")


def test_detail_and_forms(warm: House, count_queries: CountQueries) -> None:
    pune = warm.branch()
    with count_queries("ui: detail page"):
        warm.get(f"branches/{pune.pk}/")
    with count_queries("ui: edit page"):
        warm.get(f"branches/{pune.pk}/edit/")
    data = opened(warm, pune) | {"city": "Pimpri"}
    with count_queries("ui: edit saved"):
        warm.post(f"branches/{pune.pk}/edit/", data)
    with count_queries("ui: created"):
        warm.post("branches/new/", NEW | {"idempotency_key": "k"})


def test_home_and_palette(warm: House, count_queries: CountQueries) -> None:
    with count_queries("ui: palette fragment"):
        warm.get("palette/", q="pu", htmx=True)


def test_rows_cost_no_queries(warm: House) -> None:
    def asked(rows: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            warm.get("branches/", htmx=True, rows=rows)
        return len(queries)

    assert asked(25) == asked(50)


def test_another_number_fails_and_lists_the_queries(warm: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.query_counts._accepted", lambda: {"ui: list page": 1})
    monkeypatch.delenv("UPDATE_QUERY_COUNTS", raising=False)
    with pytest.raises(pytest.fail.Exception, match="1 accepted"), counting("ui: list page"):
        warm.get("branches/")
