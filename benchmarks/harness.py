"""Measuring a page beside its physical limit, so that the ratio survives a noisy machine.

The two are called in turn, A B A B, round after round. Each figure is the 10th percentile: other load only ever adds
time, and adds it to the median first. A limit that drifts by more than a fifth between the first and the second half
marks the row as unsteady; run it again.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Call = Callable[[], Any]


@dataclass(frozen=True)
class Goal:
    """What a workload must hold. Unset parts are not judged."""

    milliseconds: float | None = None
    ratio: float | None = None
    growth: float | None = None
    per_second: float | None = None


@dataclass
class Row:
    """One line of the report. Times in milliseconds, rates in rows a second; a limit of 0 means that there is none."""

    name: str
    value: float
    limit: float
    unit: str = "ms"
    queries: int | None = None
    cpu: float | None = None
    size: int | None = None
    growth: float | None = None
    steady: bool = True
    goal: Goal = field(default_factory=Goal)

    @property
    def ratio(self) -> float | None:
        """Value by limit; for rates, limit by value, so that smaller is better in both."""
        if not self.limit or not self.value:
            return None
        return self.limit / self.value if self.unit == "rows/s" else self.value / self.limit

    @property
    def held(self) -> bool | None:
        """Whether every part of the goal is held; None when there is none."""
        goal = self.goal
        checks = [
            self.value <= goal.milliseconds if goal.milliseconds is not None else None,
            self.ratio <= goal.ratio if goal.ratio is not None and self.ratio is not None else None,
            self.value >= goal.per_second if goal.per_second is not None else None,
            self.growth <= goal.growth if goal.growth is not None and self.growth is not None else None,
        ]
        judged = [check for check in checks if check is not None]
        return all(judged) if judged else None


@dataclass(frozen=True)
class Workload:
    """Something to measure. `measure` runs when it is asked for by `ONLY`, and its row bears the workload's name."""

    name: str
    measure: Callable[[], Row]


def tenth(times: list[float]) -> float:
    """The 10th percentile."""
    # Between what was measured: the other method goes below the shortest where there are few.
    return statistics.quantiles(times, n=10, method="inclusive")[0] if len(times) > 1 else times[0]


def timed(call: Call) -> float:
    """Milliseconds that one call takes."""
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def interleaved(page: Call, limit: Call, rounds: int) -> tuple[float, float, bool]:
    """10th percentiles of page and limit, and whether the limit was steady. One warm-up of each is not counted."""
    page()
    limit()
    pages, limits = [], []
    for _ in range(rounds):
        limits.append(timed(limit))
        pages.append(timed(page))
    half = len(limits) // 2
    first, second = tenth(limits[:half]), tenth(limits[half:])
    steady = abs(first - second) <= 0.2 * max(first, second)
    return tenth(pages), tenth(limits), steady
