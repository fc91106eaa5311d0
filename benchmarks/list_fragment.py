"""CPU time that drawing a 25-row list fragment takes, without SQL: `python -m benchmarks.list_fragment`.

The rows, the template's parts and the addresses are those of a real list page; only the database is left out. The limit
is 4 ms (stock django-tables2: 12.6 ms for its table alone). Prints the best of several rounds, because anything else
that runs on the machine only adds.
"""

from __future__ import annotations

import os
import sys
import time
from types import SimpleNamespace
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ineat.settings")
django.setup()

from django.contrib.auth.models import AnonymousUser  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_htmx.middleware import HtmxDetails  # noqa: E402

from apps.core.ui import tables  # noqa: E402
from apps.core.ui.pages import ListPage  # noqa: E402
from apps.core.ui.pages.keyset import Slice  # noqa: E402
from apps.core.ui.pages.listbase import Count  # noqa: E402
from apps.core.ui.queries import Kept  # noqa: E402
from apps.organizations.models import Branch  # noqa: E402

LIMIT_MS = 4.0
ROWS, ROUNDS, REPEATS = 25, 40, 10


class BranchTable(tables.Table):
    """Six columns of every kind that costs something."""

    name = tables.TextColumn(linkify=True, secondary="city")
    code = tables.CodeColumn()
    state_code = tables.ChoiceColumn(badges={"27": "ok"})
    pin_code = tables.NumberColumn()
    created_at = tables.DateTimeColumn()
    active = tables.FlagColumn(off=tables.Badge("Archived"))

    phone_top = "code"
    phone_detail = ("state_code", "created_at")

    class Meta:
        model = Branch


class Sample(ListPage[Branch]):
    """A list page whose rows are in memory."""

    model = Branch
    right = None
    table_class = BranchTable
    search_fields = ("name",)
    kept = Kept(None, [])

    def _page(self, size: int) -> Slice:  # noqa: ARG002
        return Slice(self.sample, 0, None, None)

    def _count(self, page: Slice, size: int) -> Count:  # noqa: ARG002
        return Count(len(page.rows))

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Rows as the database would hand them over."""
        super().setup(request, *args, **kwargs)
        values: dict[str, Any] = {
            "name": "Amoxilor CV 625 <new>",
            "city": "Pune",
            "code": "PN-01",
            "state_code": "27",
            "pin_code": 411001,
            "created_at": timezone.now(),
            "active": True,
        }
        paths = self.renderer.paths()
        self.sample = [tuple(values.get(path, number) for path in paths) for number in range(ROWS)]


def _request() -> Any:
    request: Any = RequestFactory().get("/o/sample/branches/", {"q": "amox"}, headers={"HX-Request": "true"})
    request.htmx = HtmxDetails(request)
    request.user = AnonymousUser()
    request.organization = SimpleNamespace(id=1, slug="sample", name="Sample")
    request.member = SimpleNamespace(id=1, user_id=1, may=bool)
    return request


def measure() -> tuple[float, int]:
    """CPU milliseconds of one fragment, and its size in bytes."""
    size = 0
    best = float("inf")
    view = Sample.as_view()
    request = _request()
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(REPEATS):
            size = len(view(request, organization="sample").content)
        best = min(best, (time.process_time() - start) / REPEATS * 1000)
    return best, size


if __name__ == "__main__":
    milliseconds, size = measure()
    held = milliseconds <= LIMIT_MS
    print(f"{ROWS} rows x 6 columns: {milliseconds:.2f} CPU ms, {size:,} bytes (limit {LIMIT_MS} ms)")
    sys.exit(0 if held else 1)
