"""The whole product, started by its one command as a person would, for tests that kill parts of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from ineat import environment

_PROC = Path("/proc")
# What the test run itself was told must not reach the product: it would talk to the tests' database.
_OURS = ("INEAT_", "DATABASE_", "DJANGO_", "PYTEST_", "SECRET_KEY", "MAKE", "MFLAGS", "PORT")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def plain_environment(**more: str) -> dict[str, str]:
    """The environment of a person who has set nothing."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OURS)} | more


def slack() -> float:
    """How much longer things may take here than on a machine of their own: how many processes share a processor."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@dataclass(frozen=True)
class Process:
    """A process of this machine."""

    pid: int
    command: str


class Product:
    """One `make run`."""

    def __init__(self, data: Path, port: int | None = None) -> None:
        self.data = data
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._log = data.with_name(f"{data.name}-{self.port}.log")
        self._make: subprocess.Popen[bytes] | None = None

    def start(self) -> Product:
        """Type the command."""
        with self._log.open("ab") as log:
            self._make = subprocess.Popen(
                ["make", "--no-print-directory", "run", f"PORT={self.port}", f"DATA={self.data}"],
                cwd=environment.BASE_DIR,
                env=plain_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    def ready(self, patience: float = 300) -> Product:
        """Wait until it prints its address."""
        end = time.monotonic() + patience
        while "iNEAT is ready" not in self.output:
            if self.make.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"It did not start:\n{self.output}")
            time.sleep(0.05)
        return self

    @property
    def make(self) -> subprocess.Popen[bytes]:
        """The process that was typed."""
        assert self._make is not None
        return self._make

    @property
    def output(self) -> str:
        """All that it printed so far."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def get(self, path: str, patience: float = 30) -> tuple[int, str]:
        """Status and text of a page."""
        return get(self.address + path, patience)

    def processes(self) -> list[Process]:
        """Everything alive that was started for this data folder, the database included."""
        return processes_of(self.data)

    def one(self, words: str) -> int:
        """The process whose command holds the words."""
        found = [process.pid for process in self.processes() if words in process.command]
        assert found, f"no process {words!r} among {self.processes()}"
        return min(found)

    def interrupt(self) -> int:
        """Press Ctrl-C, which reaches everything that the terminal started; returns make's status."""
        os.killpg(self.make.pid, signal.SIGINT)
        return self.make.wait(300)

    def gone(self, patience: float) -> bool:
        """Whether nothing of it is left in so many seconds."""
        end = time.monotonic() + patience * slack()
        while self.processes():
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def clear(self) -> None:
        """Kill what is left, by number."""
        if self._make is not None and self._make.poll() is None:
            self._make.kill()
            self._make.wait()
        self.gone(5)
        for process in self.processes():
            os.kill(process.pid, signal.SIGKILL)


def get(address: str, patience: float = 30, cookie: str = "") -> tuple[int, str]:
    """Status and text of a page; 0 when nobody answers."""
    try:
        request = urllib.request.Request(address, headers={"Cookie": cookie} if cookie else {})
        with urllib.request.urlopen(request, timeout=patience) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read().decode()
    except OSError as error:
        return 0, str(error)


def processes_of(data: Path) -> list[Process]:
    """Processes that were told of the data folder, by their command or their environment. Zombies have neither."""
    found = []
    setting = f"INEAT_DATA={data}".encode()
    for folder in _PROC.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            variables = (folder / "environ").read_bytes().split(b"\0")
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if setting in variables or str(data) in command:
            found.append(Process(int(folder.name), command))
    return found
