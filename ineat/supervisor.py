"""`manage.py serve`, which `make run` calls: database, migrations, web and worker under one parent.

It does not load Django itself: the data folder and the mode that the settings read are decided here.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg
from psycopg import sql

from ineat import databases, environment, postgres
from ineat.postgres import keeper
from ineat.processes import Child, die_with_parent

_PATIENCE = 10.0  # seconds for requests and tasks to finish after Ctrl-C
_FIRST_PAGE = 90.0  # seconds for the sign-in page to answer
_UNFINISHED = "iNEAT demo unfinished"  # the stamp of a database whose first start was cut short
_RESTARTS_IN_A_MINUTE = 3
_SIGN_IN = "/accounts/login/"


class Stopped(Exception):
    """Somebody asked us to stop."""


class Failed(Exception):
    """Something we need does not work; the message says what to do."""


def main(arguments: list[str]) -> int:
    """Serve until Ctrl-C (0) or until a part fails (1)."""
    options = _options(arguments)
    os.environ["INEAT_DATA"] = str(Path(options.data).resolve())
    os.environ["INEAT_HOST"], os.environ["PORT"] = options.host, str(options.port)
    os.environ.setdefault("INEAT_MODE", "demo")
    supervisor = Supervisor(options.host, options.port)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, supervisor.handle_signal)
    if "MAKELEVEL" in os.environ:  # started by make: whoever kills make means us
        die_with_parent(signal.SIGTERM, os.getppid())
    try:
        supervisor.serve()
    except Stopped:
        _say("\nStopping.")
        return 0
    except Failed as failure:
        _say(str(failure))
        return 1
    finally:
        supervisor.stop_everything()
    return 0


class Supervisor:
    """Starts the parts in order, watches them, stops them."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self._stop = threading.Event()
        self._parent = os.getppid()
        self._children: list[Child] = []
        self._restarts: list[float] = []

    def handle_signal(self, *_: object) -> None:
        """Note that we are to stop; the loops look."""
        self._stop.set()

    def serve(self) -> None:
        """Run until asked to stop.

        Raises:
            Stopped: asked to stop.
            Failed: a part does not start, or ended by itself.
            ServerRefused: the database cannot be started.
        """
        started = time.monotonic()
        _refuse_taken_port(self.host, self.port)
        if databases.embedded():
            postgres.ensure_running(databases.cluster_dir())
        self._bring_up_to_date()
        self._start("web", "-m", "gunicorn", "-c", "deploy/gunicorn.py", "ineat.wsgi", on_death=signal.SIGKILL)
        address = self._wait_for_page()
        self._start("worker", "manage.py", "run_huey", "-w", "2", "-g", "TERM", on_death=signal.SIGINT)
        _say(f"\n  iNEAT is ready after {time.monotonic() - started:.1f} s:  {address}\n  Ctrl-C stops it.\n")
        while True:
            self._look_after_children()
            self._look_after_database()
            self._pause(0.3)

    def stop_everything(self) -> None:
        """Stop web and worker, then the database if nobody else uses it."""
        orphaned = os.getppid() != self._parent
        for child in self._children:
            child.terminate()
        deadline = time.monotonic() + (1.0 if orphaned else _PATIENCE)
        for child in self._children:
            child.end(deadline)
        if databases.embedded():
            postgres.release(databases.cluster_dir())

    def _bring_up_to_date(self) -> None:
        """Migrate, and make the demo organization in an empty database; nothing when no line of code changed."""
        stamp, found = _fingerprint(), _stamp() if databases.embedded() else None
        if found == stamp:
            return
        _say("Preparing the database.")
        self._run("release", "manage.py", "release", "--verbosity", "0")
        if environment.mode() == "demo" and (found == _UNFINISHED or not _has_organizations()):
            _say("First start: making the demo organization.")
            if databases.embedded():
                _set_stamp(_UNFINISHED)
            self._run("demo", "manage.py", "demo")
        if databases.embedded():
            _set_stamp(stamp)

    def _run(self, name: str, *arguments: str) -> None:
        child = self._start(name, *arguments, on_death=signal.SIGKILL)
        status = child.wait(self._stop)
        if status is None:
            raise Stopped
        self._children.remove(child)
        if status != 0:
            raise Failed(f"{name} ended with status {status}; its lines above say why. Nothing was started.")

    def _start(self, name: str, *arguments: str, on_death: signal.Signals) -> Child:
        child = Child(name, [sys.executable, *arguments], cwd=environment.BASE_DIR, on_death=on_death)
        self._children.append(child)
        return child

    def _wait_for_page(self) -> str:
        """The address, once the sign-in page really answers."""
        end = time.monotonic() + _FIRST_PAGE
        while time.monotonic() < end:
            self._look_after_children()
            status = _status(f"http://{self.host}:{self.port}{_SIGN_IN}")
            if status == 200:
                # A name rather than a number: passkeys work with nothing else.
                name = "localhost" if self.host in {"127.0.0.1", "0.0.0.0"} else self.host  # noqa: S104 - compared
                return f"http://{name}:{self.port}/"
            if status is not None:
                raise Failed(f"The sign-in page answers with status {status}; the lines above say why. Stopping.")
            self._pause(0.1)
        raise Failed(f"The sign-in page has not answered for {_FIRST_PAGE:.0f} s; the lines above say why. Stopping.")

    def _look_after_children(self) -> None:
        for child in self._children:
            if child.returncode is not None:
                raise Failed(
                    f"The {child.name} process ended by itself with status {child.returncode}; its last lines above "
                    "say why. Stopping the rest."
                )

    def _look_after_database(self) -> None:
        """Start the embedded server again when it was killed; its data survives that."""
        folder = databases.cluster_dir()
        if not databases.embedded() or keeper.server_pid(folder):
            return
        if not (folder / "PG_VERSION").exists():
            raise Failed(f"The database in {folder} was deleted while it ran. Stopping; `make run` makes a new one.")
        now = time.monotonic()
        self._restarts = [*(moment for moment in self._restarts if now - moment < 60), now]
        if len(self._restarts) > _RESTARTS_IN_A_MINUTE:
            raise Failed(f"The database stops again and again; see {folder}.log. Stopping.")
        _say("The database stopped. Starting it again; until then pages say that it does not answer.")
        postgres.ensure_running(folder)

    def _pause(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise Stopped


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="manage.py serve", description="Start database, web and worker; Ctrl-C stops them."
    )
    parser.add_argument("--host", default=environment.text("INEAT_HOST") or "127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=environment.number("PORT", 8000), help="port to listen on")
    parser.add_argument("--data", default=str(environment.data_dir()), help="folder of database, uploads and secret")
    options = parser.parse_args(arguments)
    if not 0 < options.port < 65536:
        parser.error(f"a port lies between 1 and 65535, and {options.port} does not. Use: make run PORT=8000")
    return options


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise Failed(f"Port {port} needs more rights than you have. Choose one: make run PORT=8000") from None
        except OSError:
            another = port + 1 if port < 65535 else 8000
            raise Failed(f"Port {port} is taken by another program. Choose one: make run PORT={another}") from None


def _status(address: str) -> int | None:
    """What the page answers; None while nobody does."""
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - our own http address
            return int(answer.status)
    except urllib.error.HTTPError as answer:
        return answer.code
    except OSError:
        return None


def _fingerprint() -> str:
    """What decides whether the database is up to date: the code, the packages, the interpreter."""
    digest = hashlib.sha256(platform.python_version().encode())
    for path in (
        environment.BASE_DIR / "requirements.lock",
        *sorted((environment.BASE_DIR / "apps").rglob("*.py")),
        *sorted((environment.BASE_DIR / "ineat").rglob("*.py")),
    ):
        digest.update(path.read_bytes())
    return f"iNEAT {digest.hexdigest()[:32]}"


def _owner() -> psycopg.Connection[tuple[str | bool | None, ...]]:
    return psycopg.connect(databases.owner_conninfo(), autocommit=True)


def _stamp() -> str | None:
    """The fingerprint that the database was last brought up to. It is kept in the database, so that it goes with it."""
    with _owner() as link:
        row = link.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    return str(row[0]) if row else None


def _set_stamp(stamp: str) -> None:
    with _owner() as link:
        link.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(postgres.DATABASE), sql.Literal(stamp))
        )


def _has_organizations() -> bool:
    with _owner() as link:
        row = link.execute("SELECT EXISTS (SELECT FROM organizations_organization)").fetchone()
    return bool(row and row[0])


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
