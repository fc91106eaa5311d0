"""Files in which web processes count, so that whichever of them is asked answers for all.

prometheus-client names such a file after the process, so every restarted worker would leave one more behind. Here a
process takes the first free slot, held by a lock that ends with it, and counts on where the slot's last holder stopped.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import re
from pathlib import Path

_SLOT = re.compile(r"^slot-(\d+)$")

_mine: tuple[int, str, int] | None = None  # process, slot, the descriptor that holds the lock


def folder_from(data: Path, given: str) -> Path:
    """The folder of the files: the one given, else `metrics` in the data folder."""
    return Path(given) if given else data / "metrics"


def slot(folder: Path) -> str:
    """This process's slot, the same at every call."""
    global _mine  # noqa: PLW0603 - a process has one
    if _mine is None or _mine[0] != os.getpid():
        _mine = (os.getpid(), *_take(folder))
    return _mine[1]


def clear(folder: Path) -> None:
    """Remove what processes that are gone have counted; a server does so at its start."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _remove_of_the_dead(folder, "*")


def forget_the_dead(folder: Path) -> None:
    """Remove the states of processes that are gone, such as how many connections they held. Their counts stay."""
    _remove_of_the_dead(folder, "gauge_live*")


def _take(folder: Path) -> tuple[str, int]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in itertools.count():
        descriptor = _lock(folder / f"slot-{number}")
        if descriptor is not None:
            return str(number), descriptor
    raise AssertionError("unreachable")


def _lock(path: Path) -> int | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _remove_of_the_dead(folder: Path, kind: str) -> None:
    for path in folder.iterdir():
        named = _SLOT.match(path.name)
        descriptor = _lock(path) if named else None
        if named is None or descriptor is None:
            continue
        try:
            for file in folder.glob(f"{kind}_{named[1]}.db"):
                file.unlink(missing_ok=True)
        finally:
            os.close(descriptor)
