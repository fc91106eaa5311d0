"""Child processes that cannot outlive their parent, and whose lines carry their name."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None)


def die_with_parent(number: signal.Signals, parent: int) -> None:
    """Ask the kernel to send this process the signal when its parent, even killed by -9, is gone.

    Linux only; elsewhere a parent killed by -9 leaves its children, which the next start does not mind.
    """
    if not sys.platform.startswith("linux"):
        return
    _libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), number)  # it died before we asked


class Child:
    """A running command in a process group of its own, so that Ctrl-C reaches only its parent."""

    def __init__(self, name: str, command: Sequence[str], *, cwd: Path, on_death: signal.Signals) -> None:
        self.name = name
        self._process = subprocess.Popen(
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            # Safe beside the printing threads: it makes two system calls, through a library that is loaded already.
            preexec_fn=_in_own_group(on_death, os.getpid()),  # noqa: PLW1509
        )
        self._printer = threading.Thread(target=self._print_lines, daemon=True)
        self._printer.start()

    @property
    def returncode(self) -> int | None:
        """Its exit status, or None while it runs."""
        return self._process.poll()

    def wait(self, stop: threading.Event) -> int | None:
        """Its exit status once it is done; None when `stop` was set before."""
        while (status := self._process.poll()) is None:
            if stop.wait(0.05):
                return None
        self._printer.join(5)
        return status

    def terminate(self) -> None:
        """Ask it to finish what it does and go."""
        if self._process.poll() is None:
            self._process.terminate()

    def end(self, deadline: float) -> None:
        """Wait until the deadline for it to go, then kill it and everything it started."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._printer.join(1)

    def _print_lines(self) -> None:
        for line in self._process.stdout or ():
            sys.stdout.write(f"{self.name:<8}| {line}")
            sys.stdout.flush()


def _in_own_group(on_death: signal.Signals, parent: int) -> Callable[[], None]:
    def prepare() -> None:
        os.setpgid(0, 0)
        die_with_parent(on_death, parent)

    return prepare
