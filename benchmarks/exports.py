"""Workloads of a list that is written to a file: all of it, its first byte, and what it costs in memory."""

from __future__ import annotations

import time

from benchmarks.bench import Bench
from benchmarks.harness import Row, Workload, timed


def workloads(bench: Bench, name: str, path: str, raw: str, *, workbook: bool = False) -> list[Workload]:
    """Of the list at `path`, whose query string leaves no row out. `raw` are the same columns for COPY."""
    found = [
        Workload(f"{name}_export_first_byte", lambda: _first_byte(bench, name, path)),
        Workload(f"{name}_export", lambda: _export(bench, f"{name}_export", path, raw, "csv")),
    ]
    if workbook:
        found.append(Workload(f"{name}_export_xlsx", lambda: _export(bench, f"{name}_export_xlsx", path, raw, "xlsx")))
    return [*found, Workload(f"{name}_export_memory", lambda: _memory(bench, name, path))]


def _export(bench: Bench, name: str, path: str, raw: str, kind: str) -> Row:
    """The whole list as a file beside COPY of the same columns; the better of two, for each is one call."""
    sizes: list[int] = []
    wholes, limits = [], []
    for _ in range(2):
        limits.append(timed(lambda: bench.probe.copy(bench.big, raw)))
        wholes.append(timed(lambda: sizes.append(len(bench.get(bench.big, f"{path}export={kind}")))))
    return Row(name, min(wholes), min(limits), size=sizes[0])


def _first_byte(bench: Bench, name: str, path: str) -> Row:
    """How long somebody waits until the file begins; the machinery has made one before."""
    bench.get(bench.big, f"{path}q=qxzwv&export=csv")
    start = time.perf_counter()
    response = bench.server.open(bench.big.path(f"{path}export=csv"), bench.big.cookie)
    response.read(1)
    first = (time.perf_counter() - start) * 1000
    response.read()
    return Row(f"{name}_export_first_byte", first, 0)


def _memory(bench: Bench, name: str, path: str) -> Row:
    """By how much a web process grows that exports everything."""
    before = bench.server.memory()
    bench.get(bench.big, f"{path}export=csv")
    grown = max(bench.server.memory("VmHWM") - before, 0)
    return Row(f"{name}_export_memory", grown / 1e6, 0, unit="MB")
