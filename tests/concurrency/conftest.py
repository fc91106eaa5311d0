"""Several threads at once, each with its own database connection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

import pytest
from django.db import connections

T = TypeVar("T")


class Together(Protocol):
    """Runs the jobs at the same moment and returns their results in order; the first exception is raised."""

    def __call__(self, jobs: Sequence[Callable[[], T]]) -> list[T]: ...


@pytest.fixture
def together(transactional_db: None) -> Together:
    """A barrier lets all jobs go at once, so that a race happens on the first try rather than once a week."""

    def run(jobs: Sequence[Callable[[], T]]) -> list[T]:
        gate = threading.Barrier(len(jobs))

        def job(work: Callable[[], T]) -> T:
            try:
                gate.wait(timeout=30)
                return work()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(jobs)) as pool:
            return [future.result(timeout=60) for future in [pool.submit(job, work) for work in jobs]]

    return run
