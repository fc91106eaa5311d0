"""`make bench [N=250000] [ONLY=party_list,stock_] [ROUNDS=60]`: every workload beside its limit, on the real server."""

from __future__ import annotations

import logging
import os
import platform
import sys
import time
import tomllib
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import psycopg

from benchmarks import books, imports, ledger, money, paper, parties, place, products, receiving, report, sales, stock
from benchmarks.bench import Bench, Room
from benchmarks.harness import Goal, Row
from benchmarks.probe import Probe
from ineat import databases

# Measured in this order; lower floors first.
ROOMS = (parties, stock, products, ledger, books, money, sales, paper, imports, receiving)

_GOALS = Path(__file__).with_name("goals.toml")


def goals() -> dict[str, Goal]:
    """The goals by workload."""
    return {name: Goal(**held) for name, held in tomllib.loads(_GOALS.read_text()).items()}


def rows(count: int, rounds: int, only: list[str], failed: list[str]) -> Iterator[Row]:
    """Make the rows, start the server, and measure one workload after the other; names what could not be measured."""
    held = goals()
    rooms = [cast(Room, room) for room in ROOMS]
    big, small = place.house("Big"), place.house("Small")
    with psycopg.connect(databases.owner_conninfo()) as owner:
        for room in rooms:
            room.fill(owner, organization=small.key, count=max(count // 10, 1))
            room.fill(owner, organization=big.key, count=count)
    with place.server() as server:
        bench = Bench(server, Probe(), big, small, rounds)
        for workload in (
            one for room in rooms for one in room.workloads(bench) if any(part in one.name for part in only)
        ):
            print(f"{workload.name} …", file=sys.stderr, flush=True)
            try:
                row = workload.measure()
            except Exception:
                # What was measured so far took minutes; one broken workload must not take it along.
                traceback.print_exc()
                failed.append(workload.name)
                continue
            row.goal = held.get(workload.name, row.goal)
            yield row


def main() -> int:
    """Measure and print; the exit code says only whether measuring worked, for a page can be slow on a busy machine."""
    logging.disable(logging.INFO)  # of the requests by which this process counts queries
    count = int(os.environ.get("N") or 250_000)
    rounds = int(os.environ.get("ROUNDS") or 60)
    folder = place.prepare()
    failed: list[str] = []
    found = list(rows(count, rounds, os.environ.get("ONLY", "").split(","), failed))
    conditions = {
        "at": time.strftime("%Y-%m-%d %H:%M"),
        "rows": count,
        "rounds": rounds,
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
    report.keep(found, conditions, folder / "bench.json")
    print(report.table(found))
    print(f"\nN = {count:,} · {os.cpu_count()} cores · load {conditions['load']:.1f} · {folder / 'bench.json'}")
    if failed:
        print(f"Not measured: {', '.join(failed)}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
