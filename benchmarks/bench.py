"""What a room's workloads measure with: the running server, the raw limits, two organizations of different size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import psycopg

from benchmarks.harness import Call, Row, Workload, interleaved
from benchmarks.place import House, Server
from benchmarks.probe import Probe

# As htmx asks for a part of the page it is on; `HX-Current-URL` comes with each request.
_FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}
_STATIC = "/static/mark.svg"


class Room(Protocol):
    """A module of this package that measures one app: `benchmarks/<room>.py`."""

    def fill(self, owner: psycopg.Connection[Any], *, organization: int, count: int) -> None:
        """Make the rows of an organization, as the owner of the tables."""

    def workloads(self, bench: Bench) -> list[Workload]:
        """What is measured, in the order of the report."""


@dataclass(frozen=True)
class Bench:
    """The place, filled. `big` has all the rows, `small` a tenth of them."""

    server: Server
    probe: Probe
    big: House
    small: House
    rounds: int

    def get(self, house: House, path: str, headers: dict[str, str] | None = None) -> bytes:
        """A page as its owner sees it. Paths are inside the organization: "parties/"."""
        return self.server.get(house.path(path), house.cookie, **(headers or {}))

    def page(self, name: str, path: str, raw: str, *values: Any) -> Workload:
        """A whole page beside its rows, fetched by hand-written SQL, and a static file."""
        return Workload(name, lambda: self._page(name, path, lambda _house: {}, raw, values))

    def fragment(self, name: str, path: str, raw: str, *values: Any, asked_on: str | None = None) -> Workload:
        """The part of a page that htmx asks for, on the page at `asked_on`, else on that very page."""

        def headers(house: House) -> dict[str, str]:
            return {**_FRAGMENT, "HX-Current-URL": f"http://127.0.0.1{house.path(asked_on or path)}"}

        return Workload(name, lambda: self._page(name, path, headers, raw, values))

    def beside(self, name: str, call: Call, limit: Call) -> Workload:
        """Anything else, such as a posting, beside a limit of its own."""

        def measure() -> Row:
            value, lowest, steady = interleaved(call, limit, self.rounds)
            return Row(name, value, lowest, steady=steady)

        return Workload(name, measure)

    def _page(
        self, name: str, path: str, headers: Callable[[House], dict[str, str]], raw: str, values: tuple[Any, ...]
    ) -> Row:
        big, small = self.big, self.small

        def limit() -> None:
            self.probe.fetch(big, raw, *values)
            self.server.get(_STATIC)

        value, lowest, steady = interleaved(lambda: self.get(big, path, headers(big)), limit, self.rounds)
        of_few, _limit, _steady = interleaved(lambda: self.get(small, path, headers(small)), lambda: None, self.rounds)
        return Row(
            name,
            value,
            lowest,
            queries=self.probe.queries(big.path(path), big, headers(big)),
            cpu=self.probe.cpu(self.server, big.path(path), big, headers(big), requests=max(self.rounds, 2)),
            size=len(self.get(big, path, headers(big))),
            growth=value / of_few,
            steady=steady,
        )
