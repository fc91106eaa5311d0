"""What was measured, as a table for people and as JSON for whoever compares two runs."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.harness import Row

# Heads of columns; the first is written from the left, numbers from the right.
_HEADS = ("workload", "value", "limit", "ratio", "growth", "queries", "cpu ms", "bytes", "held", "goal")
_LEFT = frozenset({"workload", "held", "goal"})
_NONE = "–"


def keep(rows: list[Row], conditions: dict[str, Any], path: Path) -> None:
    """Write the rows and the conditions they were measured under as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found = [{**asdict(row), "ratio": row.ratio, "held": row.held} for row in rows]
    path.write_text(json.dumps({"conditions": conditions, "rows": found}, indent=1))


def table(rows: list[Row]) -> str:
    """The rows under their heads, a line each."""
    lines = [_HEADS, *(_cells(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if head in _LEFT else cell.rjust(width)
            for head, cell, width in zip(_HEADS, line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.name,
        _amount(row.value, row.unit),
        _amount(row.limit, row.unit) if row.limit else _NONE,
        _NONE if row.ratio is None else f"{row.ratio:.1f}{'' if row.steady else '~'}",
        _NONE if row.growth is None else f"{row.growth:.2f}",
        _NONE if row.queries is None else str(row.queries),
        _NONE if row.cpu is None else f"{row.cpu:.1f}",
        _NONE if row.size is None else f"{row.size:,}",
        {True: "yes", False: "no", None: _NONE}[row.held],
        _goal(row),
    )


def _amount(value: float, unit: str) -> str:
    if unit != "ms":
        return f"{value:,.0f} {unit}"
    return f"{value:,.1f} ms" if value < 1000 else f"{value / 1000:,.1f} s"


def _goal(row: Row) -> str:
    goal = row.goal
    parts = [
        f"≤ {goal.milliseconds:g} ms" if goal.milliseconds is not None else "",
        f"≤ {goal.ratio:g}×" if goal.ratio is not None else "",
        f"≥ {goal.per_second:,.0f}/s" if goal.per_second is not None else "",
        f"growth ≤ {goal.growth:g}" if goal.growth is not None else "",
    ]
    return ", ".join(filter(None, parts)) or _NONE
