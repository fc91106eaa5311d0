"""`make bench` at a size that takes seconds: every workload is measured and reported. How fast, no test asks."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from ineat import environment
from tests.platform.product import plain_environment

# Beside the tests that start a database and a web server of their own, not at the same time.
pytestmark = pytest.mark.xdist_group("product")


def test_every_workload_is_reported(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks"]
    settings = plain_environment(INEAT_DATA=str(tmp_path / "data"), N="200", ROUNDS="2")
    done = subprocess.run(
        command, cwd=environment.BASE_DIR, env=settings, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    found = {row["name"]: row for row in json.loads((tmp_path / "data" / "bench.json").read_text())["rows"]}
    # Each with a goal and each that was announced: a workload that fails, or that nobody asks any more, shows.
    goals = tomllib.loads((environment.BASE_DIR / "benchmarks" / "goals.toml").read_text())
    announced = {line.removesuffix(" …") for line in done.stderr.splitlines() if line.endswith(" …")}
    assert goals.keys() <= found.keys() == announced
    table = done.stdout.splitlines()
    assert table[0].split()[:3] == ["workload", "value", "limit"]
    assert {line.split()[0] for line in table[1 : len(found) + 1]} == found.keys()
    assert all(row["value"] > 0 for name, row in found.items() if row["unit"] == "ms")
    assert found["party_list"]["queries"] > 0
