"""Several processes at once, each doing as much as it can for a while."""

from __future__ import annotations

import multiprocessing
import queue
from collections.abc import Callable
from typing import Any, Final

from django.db import connection

CLIENTS: Final = 8
SECONDS: Final = 4.0


def done_by_all(work: Callable[..., None], *arguments: Any, seconds: float = SECONDS) -> int:
    """How much `CLIENTS` processes got done together.

    Args:
        work: called as `work(*arguments, number, done)` in each process, with its number from 1; puts into the queue
            `done` how much it got done.

    Raises:
        RuntimeError: a process ended without telling, so the sum would say nothing.
    """
    # Children would write into the parent's sockets, those that a pool keeps for later included.
    connection.close()
    connection.close_pool()
    context = multiprocessing.get_context("fork")
    done: Any = context.Queue()
    clients = [context.Process(target=work, args=(*arguments, number, done)) for number in range(1, CLIENTS + 1)]
    for client in clients:
        client.start()
    try:
        return sum(int(done.get(timeout=seconds * 10)) for _client in clients)
    except queue.Empty:
        raise RuntimeError(f"Not all of {CLIENTS} clients came to their end.") from None
    finally:
        for client in clients:
            client.join(timeout=seconds)
            client.kill()
