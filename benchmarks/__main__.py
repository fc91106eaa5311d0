"""`make bench [N=250000] [ONLY=party_list] [ROUNDS=60]`: every workload beside its limit, on the real server."""

from __future__ import annotations

import os
import platform
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import psycopg

from benchmarks import data, parties, place
from benchmarks.harness import Goal, Row, report
from benchmarks.probe import Probe
from ineat import databases

HERE = Path(__file__).parent


def goals() -> dict[str, Goal]:
    """The goals by workload."""
    return {name: Goal(**held) for name, held in tomllib.loads((HERE / "goals.toml").read_text()).items()}


def rows(count: int, rounds: int) -> Iterator[Row]:
    """Make the rows, start the server, and measure one workload after the other."""
    big, small = place.house("Big"), place.house("Small")
    with psycopg.connect(databases.owner_conninfo()) as owner:
        data.make_parties(owner, organization=small.key, count=max(count // 10, 1))
        data.make_parties(owner, organization=big.key, count=count)
    with place.server() as server:
        probe = Probe()
        yield from parties.lists(server, probe, big, small, rounds)
        yield from parties.export(server, probe, big)


def main() -> int:
    """Measure and print; the exit code says only whether measuring worked, for a page can be slow on a busy machine."""
    count = int(os.environ.get("N") or 250_000)
    only = os.environ.get("ONLY", "")
    rounds = int(os.environ.get("ROUNDS") or 60)
    folder = place.prepare()
    held = goals()
    found = []
    for row in rows(count, rounds):
        row.goal = held.get(row.name, row.goal)
        if only in row.name:
            found.append(row)
    conditions = {
        "rows": count,
        "rounds": rounds,
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
    print(report(found, conditions, folder / "bench.json"))
    print(f"{count:,} parties · {os.cpu_count()} cores · load {conditions['load']:.1f} · {folder / 'bench.json'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
