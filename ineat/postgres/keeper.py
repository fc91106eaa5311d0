"""Stops a PostgreSQL server when the last process that uses it is gone. Run as a script: `keeper.py <data folder>`.

It imports the standard library only and is started with `python -I -S`: it costs a few megabytes while it waits.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import sys
import time
from pathlib import Path

_PROC = Path("/proc")
FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT  # what a postmaster understands by them


def users_lock(data: Path) -> Path:
    """The file that every user of the server holds a shared flock on."""
    return data.with_name(data.name + ".lock")


def keeper_lock(data: Path) -> Path:
    """The file that the one keeper of the server holds an exclusive flock on."""
    return data.with_name(data.name + ".keeper")


def alive(pid: int) -> bool:
    """Whether the process runs and is a postmaster, as far as the system lets us see.

    A zombie does not run: a container whose first process never reaps keeps it for ever. Nor does a process of another
    program that got the same number after a restart of the machine.
    """
    if (_PROC / "self" / "stat").exists():
        try:
            program, _, rest = (_PROC / str(pid) / "stat").read_text().rpartition(")")
        except OSError:
            return False
        return program.endswith("(postgres") and rest.split()[0] not in {"Z", "X"}
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def first_number(path: Path) -> int | None:
    """The process number that PostgreSQL writes on the first line of its pid and socket lock files."""
    try:
        return abs(int(path.read_text().split("\n", 1)[0]))
    except (OSError, ValueError):
        return None


def server_pid(data: Path) -> int | None:
    """The postmaster of the data folder, or None when none runs."""
    pid = first_number(data / "postmaster.pid")
    return pid if pid is not None and alive(pid) else None


def stop(pid: int, *signals: signal.Signals, patience: float = 30) -> bool:
    """Send the signals one after the other, each with the patience given, until the process is gone."""
    for number in signals:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return True
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if not alive(pid):
                return True
            time.sleep(0.02)
    return False


def keep(data: Path) -> None:
    """Wait for the last user to go, then stop the server. Returns at once when the server has a keeper already."""
    with open(keeper_lock(data), "a") as mine, open(users_lock(data), "a") as users:
        try:
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        fcntl.flock(users, fcntl.LOCK_EX)
        if not _same_file(users.fileno(), users_lock(data)):
            return  # the folder was deleted, and what lies there now has users and a keeper of its own
        if pid := server_pid(data):
            socket_dir = _socket_dir(data)
            stop(pid, FAST, IMMEDIATE)
            with contextlib.suppress(OSError):
                socket_dir.rmdir()


def _socket_dir(data: Path) -> Path:
    return Path((data / "postmaster.pid").read_text().split("\n")[4])


def _same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with contextlib.suppress(OSError):  # the folder vanished: nothing to keep
        keep(Path(sys.argv[1]))
