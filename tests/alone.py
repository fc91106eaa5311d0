"""Lets tests that seal the history run while no other worker has a transaction open.

A seal takes what transactions have left that ended before it looks, over all databases of a server: see ADR 3. On a
server that the suite's workers share, another worker's open transaction would hold it back. Of embedded servers each
worker has one (`ineat.databases.cluster_dir`); for the server of DATABASE_URL there are locks.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import pytest

from ineat import databases

SEALS = ("tests/core/audit/", "tests/backup/", "tests/core/test_metrics.py", "tests/organizations/test_pages_frame.py")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Others share the server; one that seals has it alone. A gate before the lock keeps it from waiting for ever."""
    if databases.embedded() or "PYTEST_XDIST_WORKER" not in os.environ or not item.get_closest_marker("database"):
        return (yield)
    alone = item.nodeid.startswith(SEALS)
    with ExitStack() as stack:
        gate = _locked(stack, "gate", fcntl.LOCK_EX)
        _locked(stack, "server", fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(gate, fcntl.LOCK_UN)
        return (yield)


def _locked(stack: ExitStack, name: str, kind: int) -> IO[str]:
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", "run")
    file = stack.enter_context((Path(tempfile.gettempdir()) / f"ineat-tests-{run}-{name}").open("a"))
    fcntl.flock(file, kind)
    return file
