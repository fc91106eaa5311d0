"""The place where measuring happens: a database of its own, two organizations, a person, and the real server."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.test import Client

from apps.accounts.models import User
from apps.organizations.operations import create_organization
from ineat import environment


def prepare() -> Path:
    """Bring the benchmark's own database up to date; returns its data folder."""
    command = [sys.executable, "manage.py", "release"]
    subprocess.run(command, cwd=environment.BASE_DIR, check=True, stdout=subprocess.DEVNULL)
    return environment.data_dir()


@dataclass(frozen=True)
class House:
    """An organization to measure in, and the cookies of its owner's browser."""

    key: int
    slug: str
    cookie: str

    def path(self, inside: str) -> str:
        """The address of a page of the organization: "parties/"."""
        return f"/o/{self.slug}/{inside}"


def house(name: str) -> House:
    """An organization of that name; each run makes new ones, so that nothing is left over from the last."""
    stamp = f"{time.time_ns():x}"
    user = User.objects.create_user(f"bench-{stamp}@example.com", None, name="Bench")
    made = create_organization(
        user=user,
        name=f"{name} {stamp}",
        branch_name="Pune",
        branch_code="BN",
        address="1 Road",
        city="Pune",
        pin_code="411001",
        state_code="27",
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    client.get(f"/o/{made.slug}/")  # gives the cookies that a browser has after its first page
    return House(made.pk, made.slug, "; ".join(f"{name}={one.value}" for name, one in client.cookies.items()))


class Server:
    """gunicorn as `make run` starts it, and one keep-alive connection to it."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port = port
        self.process = process
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)

    def get(self, path: str, cookie: str = "", **headers: str) -> bytes:
        """The body of a page.

        Raises:
            RuntimeError: it was not answered with 200.
        """
        response = self.open(path, cookie, **headers)
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path} answered {response.status}")
        return body

    def open(self, path: str, cookie: str = "", **headers: str) -> http.client.HTTPResponse:
        """The response, its body still to be read."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request("GET", path, headers={**sent, **({"Cookie": cookie} if cookie else {})})
        return self.connection.getresponse()

    def workers(self) -> list[int]:
        """Process ids of gunicorn's workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def cpu_seconds(self) -> float:
        """CPU time that the workers have used."""
        ticks = 0
        for pid in self.workers():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self, field: str = "VmRSS") -> int:
        """Memory of the largest worker, in bytes: VmRSS now, VmHWM at its highest."""
        found = []
        for pid in self.workers():
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            found += [int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{field}:")]
        return max(found)


@contextmanager
def server() -> Iterator[Server]:
    """A running server on a free port; what it says goes to `server.log` in the data folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with open(environment.data_dir() / "server.log", "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.py", "ineat.wsgi"],
            cwd=environment.BASE_DIR,
            env={**os.environ, "PORT": str(port)},
            stdout=log,
            stderr=log,
        )
    try:
        running = Server(port, process)
        _wait(running)
        yield running
    finally:
        process.terminate()
        process.wait(30)


def _wait(running: Server) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            running.get("/healthz")
            return
        except OSError:
            running.connection.close()
            if time.monotonic() > deadline or running.process.poll() is not None:
                raise
            time.sleep(0.1)
