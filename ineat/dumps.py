"""A database in one file, written and put back by PostgreSQL's own `pg_dump`, `pg_restore` and `psql`.

The file has pg_dump's custom format, so PostgreSQL's tools alone can read it when iNEAT cannot. A restore is one
transaction: it succeeds, or what was there before is still there.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ineat.postgres import programs

_DEBIAN = Path("/usr/lib/postgresql")

# Everything the role owns here: tables with their rows, functions, extensions. The database itself and what belongs to
# others stay.
_EMPTY = "SET LOCAL lock_timeout = '15s';\nDROP OWNED BY CURRENT_USER CASCADE;\n"
_BEGIN = "BEGIN;\n"
# pg_restore's script begins with settings, of which servers before version 17 do not know this one.
_UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"
_SCRIPT_HEAD = 64 * 1024

_OBJECTS = """
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""


class DumpRefused(Exception):
    """The file could not be written or put back. The message says why and what to do."""


@dataclass(frozen=True)
class Contents:
    """What a file says about itself."""

    made_at: str
    tables: frozenset[str]


@dataclass(frozen=True)
class Database:
    """A database and the programs that understand its server."""

    conninfo: str
    version: int
    programs: Path

    @classmethod
    def reach(cls, conninfo: str) -> Database:
        """The database of the connection string.

        Raises:
            DumpRefused: it does not answer, or no program here is new enough for it.
        """
        with _connected(conninfo) as link:
            version = link.info.server_version // 10_000
        return cls(conninfo, version, _programs_for(version))

    def is_empty(self) -> bool:
        """Whether it has no table or view, extensions' own aside."""
        with _connected(self.conninfo) as link:
            row = link.execute(_OBJECTS).fetchone()
        return row is not None and row[0] == 0

    def save(self, target: Path, *, without_rows_of: Sequence[str] = ()) -> None:
        """Write it to the file: for the file's owner only, and only when it is whole.

        Raises:
            DumpRefused: the file exists or cannot be written, or the server refused.
        """
        with new_file(target) as draft:
            done = self._run(
                "pg_dump", "--dbname", _without_password(self.conninfo), "--format=custom", "--lock-wait-timeout=60s",
                "--no-password", *(f"--exclude-table-data=public.{table}" for table in without_rows_of),
                f"--file={draft}",
            )  # fmt: skip
            if done.returncode:
                raise DumpRefused(_explain(done.stderr, target))
            self.contents(draft)

    def contents(self, source: Path) -> Contents:
        """When the file was made, and the tables in it.

        Raises:
            DumpRefused: there is no such file, or it is something else.
        """
        listed = self._list(source)
        made_at = re.search(r"^; Archive created at (.+)$", listed, re.MULTILINE)
        tables = re.findall(r"^\d+; \d+ \d+ TABLE public (\S+) ", listed, re.MULTILINE)
        return Contents(made_at[1] if made_at else "", frozenset(tables))

    def rows(self, source: Path, table: str) -> Iterator[dict[str, str]]:
        """The rows of a small table in the file, as PostgreSQL writes them in text.

        Raises:
            DumpRefused: the file is damaged.
        """
        done = self._run(
            "pg_restore", "--data-only", "--schema=public", f"--table={table}", "--file=-", str(source)
        )  # fmt: skip
        if done.returncode:
            raise DumpRefused(_explain(done.stderr, source))
        copied = re.search(rf"^COPY public\.{re.escape(table)} \((.+)\) FROM stdin;\n", done.stdout, re.MULTILINE)
        if copied is None:
            return
        columns = copied[1].split(", ")
        for line in done.stdout[copied.end() :].split("\n"):
            if line == "\\.":
                return
            yield dict(zip(columns, line.split("\t"), strict=True))

    def restore(self, source: Path, *, replace: bool = False) -> None:
        """Put the file into the database, which must be empty unless `replace` says to drop what the role owns there.

        Owners and rights are not taken from the file: everything belongs to the role that restores, and `migrate`
        grants the serving role what it needs, so roles may be called differently here.

        Raises:
            DumpRefused: it did not work; the database is as it was.
        """
        if not replace and not self.is_empty():
            raise DumpRefused("The database is not empty.")
        # A remark on an extension may be made by its owner only, which on a server of others is not us.
        wanted = [line for line in self._list(source).splitlines() if " COMMENT - EXTENSION " not in line]
        with tempfile.TemporaryDirectory() as scratch:
            entries, before = Path(scratch) / "entries", Path(scratch) / "before.sql"
            entries.write_text("\n".join(wanted))
            before.write_text(_BEGIN + (_EMPTY if replace else ""))
            if words := self._play(source, entries, before):
                raise DumpRefused(_explain(words, source))

    def _play(self, source: Path, entries: Path, before: Path) -> str:
        """Run the file's statements in one transaction; returns what went wrong.

        The last word, COMMIT, is said only after the whole file was read without complaint. If this process is killed
        before, the server takes everything back.
        """
        with (
            tempfile.TemporaryFile() as complaints,
            tempfile.TemporaryFile() as writers_complaints,
            subprocess.Popen(
                [self.programs / "pg_restore", "--no-owner", "--no-acl", "--use-list", entries, "--file=-", source],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=writers_complaints, env=_environment(),
            ) as writer,
            subprocess.Popen(
                [self.programs / "psql", "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1",
                 "--dbname", _without_password(self.conninfo), "--file", before, "--file=-"],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaints, env=_environment(self.conninfo),
            ) as reader,
        ):  # fmt: skip
            try:
                with suppress(BrokenPipeError):  # the reader stopped at an error, which it tells
                    self._pass_on(cast(IO[bytes], writer.stdout), cast(IO[bytes], reader.stdin))
                cast(IO[bytes], writer.stdout).close()
                writers_words = _said(writers_complaints) if writer.wait() else ""
                with suppress(BrokenPipeError):
                    if not writers_words:
                        cast(IO[bytes], reader.stdin).write(b"\nCOMMIT;\n")
                    cast(IO[bytes], reader.stdin).close()
            except BaseException:
                writer.kill()
                reader.kill()
                raise
            readers_words = _said(complaints) if reader.wait() else ""
        # Where both complain, the writer did so because nobody read on.
        return readers_words or writers_words

    def _pass_on(self, writer: IO[bytes], reader: IO[bytes]) -> None:
        head = writer.read(_SCRIPT_HEAD)
        reader.write(head if self.version >= 17 else head.replace(_UNKNOWN_BEFORE_17, b"", 1))
        shutil.copyfileobj(writer, reader, 1024 * 1024)
        reader.flush()

    def _list(self, source: Path) -> str:
        if not source.is_file():
            raise DumpRefused(f"There is no file {source}.")
        done = self._run("pg_restore", "--list", str(source))
        if done.returncode:
            raise DumpRefused(_explain(done.stderr, source))
        return done.stdout

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.programs / program, *arguments],
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            env=_environment(self.conninfo),
        )


@contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """A draft beside the target, which takes the target's name when the block ends well and vanishes when it does not.

    Raises:
        DumpRefused: the target exists, or its folder cannot be written.
    """
    if target.exists():
        raise DumpRefused(f"{target} exists already. Choose another name.")
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield draft
        draft.chmod(0o600)
        descriptor = os.open(draft, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        draft.rename(target)
    except OSError as error:
        raise DumpRefused(_explain_os(error, target)) from error
    finally:
        with suppress(OSError):
            draft.unlink()


@contextmanager
def _connected(conninfo: str) -> Iterator[psycopg.Connection[tuple[int]]]:
    try:
        with psycopg.connect(conninfo, autocommit=True) as link:
            yield link
    except psycopg.OperationalError as error:
        raise DumpRefused(f"The database does not answer: {error}") from error


def _programs_for(server: int) -> Path:
    """The folder of programs that understand a server of this major version: ours, else those on this machine.

    pg_dump reads every server as old as 9.2, but none newer than itself.

    Raises:
        DumpRefused: the server is newer than all of them.
    """
    ours = programs.major_version()
    if ours >= server:
        return programs.folder()
    places = [folder / "bin" for folder in sorted(_DEBIAN.glob("*"))]
    if found := shutil.which("pg_dump"):
        places.insert(0, Path(found).parent)
    for place in places:
        if all((place / name).exists() for name in ("pg_dump", "pg_restore", "psql")) and _version(place) >= server:
            return place
    raise DumpRefused(
        f"The server is PostgreSQL {server}, and pg_dump here is of version {ours}. Install the client programs of "
        f"PostgreSQL {server}."
    )


def _version(folder: Path) -> int:
    asked = subprocess.run([folder / "pg_dump", "--version"], check=False, capture_output=True, text=True)
    found = re.search(r"\) (\d+)", asked.stdout)
    return int(found[1]) if found else 0


def _environment(conninfo: str = "") -> dict[str, str]:
    """Ours without PostgreSQL's own variables. The password goes this way: everybody may read command lines."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
    password = conninfo_to_dict(conninfo).get("password")
    return kept | ({"PGPASSWORD": str(password)} if password else {})


def _without_password(conninfo: str) -> str:
    parts = conninfo_to_dict(conninfo)
    parts.pop("password", None)
    return make_conninfo("", **parts)


def _said(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    return complaints.read().decode(errors="replace").strip() or "it ended without a word"


def _explain(words: str, path: Path) -> str:
    """What the program said, in a sentence that says what to do where we know it."""
    if "No space left on device" in words:
        return f"The disk that holds {path} is full. Free some space and start again; nothing was kept."
    if "text format dump" in words:
        return f"{path} is a dump in plain SQL. `manage.py restore` takes what `manage.py backup` wrote."
    if "valid archive" in words or "valid tar archive" in words or "too short" in words:
        return f"{path} is no backup. `manage.py restore` takes what `manage.py backup` wrote."
    if "unsupported version" in words:
        return f"{path} was written by a newer PostgreSQL than the programs here. Install the same version of iNEAT."
    if "could not read from input file" in words or "unexpected end of file" in words or "corrupt" in words:
        return f"{path} is damaged: it ends too early or was altered. Take another copy."
    if "lock timeout" in words:
        return "Somebody works with the database. Stop the web and the worker, then start again."
    if "row-level security" in words or "permission denied" in words:
        return f"This role does not own the tables. Set DATABASE_OWNER_URL to the role that does. ({_last(words)})"
    return f"PostgreSQL's tools refused {path}: {_last(words)}"


def _explain_os(error: OSError, path: Path) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _explain("No space left on device", path)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"{path.parent} cannot be written. Choose another folder."
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return f"There is no folder {path.parent}. Make it, or choose another."
    return f"{path} cannot be written: {error.strerror or error}"


def _last(words: str) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    told = [line for line in lines if "ERROR" in line or "error:" in line or "FATAL" in line]
    return (told or lines or ["no reason given"])[0]
