"""Measuring a page beside its physical limit, so that the ratio survives a noisy machine.

The two are called in turn, A B A B, round after round. Each figure is the 10th percentile: other load only ever adds
time, and adds it to the median first. A limit that drifts by more than a fifth between the first and the second half
marks the row as unsteady; run it again.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
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
    """One line of the report. Times in milliseconds."""

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
    def ratio(self) -> float:
        """Value by limit; for rates, limit by value, so that smaller is better in both."""
        value, limit = (self.limit, self.value) if self.unit == "rows/s" else (self.value, self.limit)
        return value / limit if limit else float("inf")

    @property
    def held(self) -> bool | None:
        """Whether every part of the goal is held; None when there is none."""
        checks = [
            self.value <= self.goal.milliseconds if self.goal.milliseconds is not None else None,
            self.ratio <= self.goal.ratio if self.goal.ratio is not None else None,
            self.value >= self.goal.per_second if self.goal.per_second is not None else None,
            self.growth <= self.goal.growth if self.goal.growth is not None and self.growth is not None else None,
        ]
        judged = [check for check in checks if check is not None]
        return all(judged) if judged else None


def tenth(times: list[float]) -> float:
    """The 10th percentile."""
    return statistics.quantiles(times, n=10)[0] if len(times) > 1 else times[0]


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


def report(rows: list[Row], conditions: dict[str, Any], path: Path) -> str:
    """The table for people; the same as JSON goes to the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    record = {
        "conditions": conditions,
        "rows": [{**asdict(row), "ratio": row.ratio, "held": row.held} for row in rows],
    }
    path.write_text(json.dumps(record, indent=1))
    head = ("workload", "value", "limit", "unit", "ratio", "goal", "held", "queries", "cpu ms", "bytes", "growth")
    lines = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def _cells(row: Row) -> tuple[str, ...]:
    goal = row.goal
    parts = [
        f"≤ {goal.milliseconds:g} ms" if goal.milliseconds is not None else "",
        f"≤ {goal.ratio:g}×" if goal.ratio is not None else "",
        f"≥ {goal.per_second:,.0f}/s" if goal.per_second is not None else "",
        f"growth ≤ {goal.growth:g}" if goal.growth is not None else "",
    ]
    return (
        row.name,
        f"{row.value:,.2f}" if row.unit == "ms" else f"{row.value:,.0f}",
        f"{row.limit:,.2f}" if row.unit == "ms" else f"{row.limit:,.0f}",
        row.unit,
        f"{row.ratio:.1f}{'' if row.steady else ' ~'}",
        ", ".join(filter(None, parts)) or "–",
        {True: "yes", False: "NO", None: "–"}[row.held],
        "–" if row.queries is None else str(row.queries),
        "–" if row.cpu is None else f"{row.cpu:.1f}",
        "–" if row.size is None else f"{row.size:,}",
        "–" if row.growth is None else f"{row.growth:.2f}",
    )
