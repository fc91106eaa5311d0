"""Starts the embedded server: makes the cluster when it is new, clears what a crash left, attaches when it runs."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import glob
import hashlib
import os
import shlex
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo

from ineat.postgres import keeper, programs, tuning
from ineat.postgres.programs import ServerRefused

OWNER_ROLE = "erp_owner"
APP_ROLE = "erp_app"
DATABASE = "erp"

_PORT = 5432  # only names the socket file; the server listens on no network
# Written when roles and database are as the statements below make them, so that a crash before that is noticed. It
# holds a digest of the statements: a newer version runs its own.
_READY = "ineat_ready"
_LONGEST_LOG = 10 * 1024 * 1024

# A session that dies inside a transaction, or waits for a lock that never comes, must not stop everybody else.
_ROLES = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER_ROLE}') THEN
    CREATE ROLE {OWNER_ROLE} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
    CREATE ROLE {APP_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
END $$;
ALTER ROLE {APP_ROLE} SET lock_timeout = '20s';
ALTER ROLE {APP_ROLE} SET idle_in_transaction_session_timeout = '5min';
"""

# Under row-level security an index answers only comparisons that cannot tell of rows they leave out. These cannot, for
# they raise no error that depends on a value, but PostgreSQL does not say so; without it a page in the middle of a list
# sorted by text or money reads every row before it (PostgreSQL, "Rules and Privileges").
_COMPARISONS = "".join(
    f"ALTER FUNCTION pg_catalog.{function} LEAKPROOF;\n"
    for function in (
        "lower(text)",
        *[f"numeric_{name}(numeric, numeric)" for name in ("eq", "ne", "lt", "le", "gt", "ge")],
    )
)

_held: dict[Path, IO[str]] = {}
_keepers: list[subprocess.Popen[bytes]] = []  # kept so that nobody warns of a process that outlives its handle


@dataclass(frozen=True)
class Cluster:
    """A running server: the folder of its socket and the number in the socket's name."""

    socket_dir: Path
    port: int = _PORT

    def conninfo(self, role: str, database: str = DATABASE) -> str:
        """libpq's connection string for the role; the server trusts whoever may enter the socket's folder."""
        return make_conninfo("", host=str(self.socket_dir), port=self.port, user=role, dbname=database)


def ensure_running(data: Path, *, durable: bool = True) -> Cluster:
    """Start the server of the data folder unless it runs, making the cluster first when it is new.

    The server lives as long as this process or any other that called this function.

    Raises:
        ServerRefused: it cannot be started; the message says why and what to do.
    """
    data = data.resolve()
    try:
        return _ensure_running(data, durable)
    except OSError as error:
        raise ServerRefused(_explain(error, data)) from error
    except subprocess.CalledProcessError as error:
        raise ServerRefused(_explain_failure(str(error.stderr), data)) from None


def release(data: Path, *, patience: float = 10) -> None:
    """Stop using the server now rather than at this process's end, and wait for it to stop if nobody else uses it."""
    data = data.resolve()
    held = _held.pop(data, None)
    if held is None:
        return
    held.close()
    start = time.monotonic()
    while keeper.server_pid(data) and time.monotonic() - start < patience:
        time.sleep(0.05)
        if time.monotonic() - start > 0.5 and _others_use(data):
            return


def _ensure_running(data: Path, durable: bool) -> Cluster:
    data.parent.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(data):
        _hold(data)
        socket_dir = _running(data)
        if socket_dir is None:
            socket_dir = _socket_dir(data)
            _stop_ghost(data, socket_dir)
            _prepare(data, durable)
            _start(data, socket_dir, durable)
        cluster = Cluster(socket_dir)
        _ensure_roles(data, cluster)
        _ensure_keeper(data)
    return cluster


@contextlib.contextmanager
def _one_at_a_time(data: Path) -> Iterator[None]:
    with open(data.with_name(data.name + ".start"), "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _hold(data: Path) -> None:
    """Become a user of the server; waits while a keeper stops it."""
    path = keeper.users_lock(data)
    held = _held.get(data)
    if held is not None and path.exists() and os.path.samestat(os.fstat(held.fileno()), path.stat()):
        return
    file = open(path, "a")  # noqa: SIM115 - held for as long as this process lives
    fcntl.flock(file, fcntl.LOCK_SH)
    _held[data] = file


def _others_use(data: Path) -> bool:
    with open(keeper.users_lock(data), "a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False  # the keeper has it: the server is stopping
    return True


def _running(data: Path) -> Path | None:
    """The socket folder of the running server, which the server itself wrote down; None when it does not run."""
    if keeper.server_pid(data) is None:
        return None
    end = time.monotonic() + 60
    while time.monotonic() < end and keeper.server_pid(data):
        lines = (data / "postmaster.pid").read_text().split("\n")
        if len(lines) > 4 and lines[4] and _answers(Path(lines[4])):
            return Path(lines[4])
        time.sleep(0.05)  # starting, or recovering after a crash
    if keeper.server_pid(data):
        raise ServerRefused(f"PostgreSQL runs in {data} but has not answered for a minute; see {_log(data)}")
    return None


def _answers(socket_dir: Path) -> bool:
    parameters = make_conninfo("", host=str(socket_dir), port=_PORT, user="postgres", dbname="postgres")
    return pq.PGconn.ping(parameters.encode()) == pq.Ping.OK


def _socket_dir(data: Path) -> Path:
    """A folder only we can enter, with a short name: a socket's path may have 107 bytes, a data folder's more.

    Raises:
        ServerRefused: somebody else made the folder; whoever owns it could pose as the server.
    """
    digest = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    folder = Path("/tmp") / f"ineat-pg-{os.geteuid()}-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise ServerRefused(f"{folder} belongs to somebody else. Remove it, or choose another data folder.")
    folder.chmod(0o700)
    return folder


def _stop_ghost(data: Path, socket_dir: Path) -> None:
    """Clear what would keep the server from starting: one that outlived its deleted data, or stale numbers."""
    lock = socket_dir / f".s.PGSQL.{_PORT}.lock"
    ghost = keeper.first_number(lock)
    if ghost is not None and keeper.alive(ghost):
        keeper.stop(ghost, keeper.IMMEDIATE, patience=10)
    # No postmaster has these numbers any more, though a zombie or another program may: PostgreSQL would not see that.
    for stale in (lock, data / "postmaster.pid"):
        stale.unlink(missing_ok=True)


def _prepare(data: Path, durable: bool) -> None:
    """Make the cluster when it is new; check that an old one is ours to run.

    Raises:
        ServerRefused: the folder holds something else, or a cluster of another PostgreSQL.
    """
    version = data / "PG_VERSION"
    if version.exists():
        found, ours = version.read_text().strip(), str(programs.major_version())
        if found != ours:
            raise ServerRefused(
                f"The data in {data} was written by PostgreSQL {found}; this installation runs PostgreSQL {ours}.\n"
                f"Start with an empty folder: make run DATA=another-folder\n"
                f"Or keep the data: set INEAT_PG_BIN to the folder of PostgreSQL {found}'s programs, save it with "
                f"pg_dump, and restore it into the new folder."
            )
        _give_to(data, programs.identity())
        return
    if data.exists() and any(data.iterdir()):
        raise ServerRefused(
            f"{data} has files in it but no PostgreSQL data. Choose another data folder: make run DATA=another-folder"
        )
    _initialise(data, durable)


def _initialise(data: Path, durable: bool) -> None:
    """Make the cluster beside its place and move it there when whole, so that a crash leaves no half of one."""
    for left in data.parent.glob(f"{glob.escape(data.name)}.new-*"):
        shutil.rmtree(left, ignore_errors=True)
    # A name of its own: the initdb of a start that was killed may still be writing to the one before.
    draft = data.with_name(f"{data.name}.new-{os.getpid()}")
    draft.mkdir(mode=0o700)
    identity = programs.identity()
    os.chown(draft, identity.uid, identity.gid)
    # The builtin locale sorts the same on every machine. Before version 17 only the C library had one like it.
    builtin = programs.major_version() >= 17
    locale = (
        ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if builtin else ["--locale=C.UTF-8"]
    )
    programs.run(
        "initdb", "--pgdata", str(draft), "--username=postgres", "--auth=trust", "--encoding=UTF8",
        "--no-instructions", *locale, *([] if durable else ["--no-sync"]),
    )  # fmt: skip
    if data.exists():
        data.rmdir()
    draft.rename(data)


def _give_to(top: Path, identity: programs.Identity) -> None:
    """Hand the files to the user the server runs as: it differs when root gains or loses user namespaces.

    Raises:
        ServerRefused: they belong to somebody else, and we are not root.
    """
    if top.stat().st_uid == identity.uid:
        return
    if os.geteuid() != 0:
        raise ServerRefused(f"{top} belongs to another user. Choose another data folder: make run DATA=another-folder")
    for path in (top, *top.rglob("*")):
        os.chown(path, identity.uid, identity.gid, follow_symlinks=False)


def _start(data: Path, socket_dir: Path, durable: bool) -> None:
    log = _log(data)
    if log.exists() and log.stat().st_size > _LONGEST_LOG:
        log.replace(log.with_suffix(".log.old"))
    if log.exists():
        _give_to(log, programs.identity())
    chosen = {"listen_addresses": "", "unix_socket_directories": f'"{socket_dir}"', **tuning.settings(durable=durable)}
    options = shlex.join([part for name, value in chosen.items() for part in ("-c", f"{name}={value}")])
    end = time.monotonic() + 15
    while True:
        before = log.stat().st_size if log.exists() else 0
        try:
            programs.run("pg_ctl", "start", "-D", str(data), "-w", "-t", "60", "-l", str(log), "-o", options)
            return
        except subprocess.CalledProcessError as error:
            told = _log_since(data, before)
            # The processes of a postmaster killed a moment ago hold its memory until they notice.
            if time.monotonic() > end or "shared memory block" not in told:
                raise ServerRefused(_explain_failure(f"{error.stderr}\n{told}", data)) from None
            time.sleep(0.3)
            (data / "postmaster.pid").unlink(missing_ok=True)


def _ensure_roles(data: Path, cluster: Cluster) -> None:
    ready = data / _READY
    digest = hashlib.sha256((_ROLES + _COMPARISONS).encode()).hexdigest()
    if ready.exists() and ready.read_text() == digest:
        return
    with psycopg.connect(cluster.conninfo("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(_ROLES)
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}")
    # The template too, for databases that tests and restores make.
    for database in (DATABASE, "template1"):
        with psycopg.connect(cluster.conninfo("postgres", database)) as connection:
            connection.execute(_COMPARISONS)
    ready.write_text(digest)


def _ensure_keeper(data: Path) -> None:
    """Start the process that stops the server after its last user, unless one waits already."""
    with open(keeper.keeper_lock(data), "a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
    _keepers.append(
        subprocess.Popen(
            [sys.executable, "-I", "-S", keeper.__file__, str(data)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )
    )


def _log(data: Path) -> Path:
    return data.with_name(data.name + ".log")


def _log_since(data: Path, start: int) -> str:
    try:
        return _log(data).read_bytes()[start:].decode(errors="replace")
    except OSError:
        return ""


def _explain(error: OSError, data: Path) -> str:
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return (
            f"{error.filename or data} cannot be written. Choose a folder of your own: make run DATA=another-folder, "
            "or set INEAT_DATA."
        )
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk that holds {data} is full. Free some space, or choose another disk: make run DATA=…"
    return f"PostgreSQL cannot be started in {data}: {error}"


def _explain_failure(words: str, data: Path) -> str:
    """What went wrong, in PostgreSQL's own words: what its program printed and what it logged meanwhile."""
    if "No space left on device" in words:
        return f"The disk that holds {data} is full. Free some space, or choose another disk: make run DATA=…"
    marks = ("FATAL:", "PANIC:", "ERROR:", "error:")
    told = [line.strip() for line in words.splitlines() if any(mark in line for mark in marks)]
    detail = told[-1] if told else words.strip()
    return f"PostgreSQL did not start in {data}: {detail}\nIts log: {_log(data)}"
