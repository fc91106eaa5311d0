"""A file that is not whole puts nothing back, and whatever goes wrong is said in a sentence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tarfile
import time
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from django.core.management.base import CommandError

from apps.core.management.commands.restore import _check
from ineat import dumps, environment, uploads
from ineat.dumps import Database, DumpRefused
from ineat.postgres import programs
from tests.backup.catalogue import rows, tables

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def saved(another_database: Database, tmp_path: Path) -> Path:
    """A file with 5,000 notes, and the database it came from holding something else by now."""
    with psycopg.connect(another_database.conninfo, autocommit=True) as link:
        link.execute("CREATE TABLE note (id int PRIMARY KEY, words text)")
        link.execute("INSERT INTO note SELECT n, md5(n::text) FROM generate_series(1, 5000) n")
        another_database.save(tmp_path / "notes.dump")
        link.execute("DROP TABLE note; CREATE TABLE kept (words text); INSERT INTO kept VALUES ('still here')")
    return tmp_path / "notes.dump"


def _as_it_was(database: Database) -> bool:
    with psycopg.connect(database.conninfo) as link:
        return tables(link) == ["kept"] and rows(link, "kept") == ['("still here")']


def test_a_file_goes_into_an_empty_database_only(another_database: Database, saved: Path) -> None:
    assert not another_database.is_empty()
    with pytest.raises(DumpRefused, match="not empty"):
        another_database.restore(saved)
    assert _as_it_was(another_database)
    another_database.restore(saved, replace=True)
    with psycopg.connect(another_database.conninfo) as link:
        assert tables(link) == ["note"]
        assert len(rows(link, "note")) == 5000


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.9, 0.999])
def test_a_file_that_ends_early_changes_nothing(another_database: Database, saved: Path, share: float) -> None:
    content = saved.read_bytes()
    saved.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(DumpRefused, match=r"is no backup|is damaged|refused"):
        another_database.restore(saved, replace=True)
    assert _as_it_was(another_database)


def test_a_file_altered_in_the_middle_changes_nothing(another_database: Database, saved: Path) -> None:
    content = bytearray(saved.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 200] = bytes(200)
    saved.write_bytes(content)
    with pytest.raises(DumpRefused):
        another_database.restore(saved, replace=True)
    assert _as_it_was(another_database)


def test_a_restore_killed_half_way_changes_nothing(another_database: Database, saved: Path, tmp_path: Path) -> None:
    """The program that reads the file stops in the middle, and then whoever started it is killed."""
    folder, half = tmp_path / "bin", tmp_path / "half"
    folder.mkdir()
    for name in ("psql", "pg_dump", "postgres"):
        (folder / name).symlink_to(another_database.programs / name)
    real = another_database.programs / "pg_restore"
    slow = f'#!/bin/sh\ncase "$*" in *--list*) exec "{real}" "$@";; esac\n"{real}" "$@" | head -c 60000\n'
    (folder / "pg_restore").write_text(f"{slow}touch '{half}'\nsleep 30\n")
    (folder / "pg_restore").chmod(0o700)
    source = f"""
from pathlib import Path
from ineat.dumps import Database
Database({another_database.conninfo!r}, {another_database.version}, Path({str(folder)!r})).restore(
    Path({str(saved)!r}), replace=True)
"""
    child = subprocess.Popen(
        [sys.executable, "-c", source], cwd=environment.BASE_DIR, start_new_session=True, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(half)
        with psycopg.connect(another_database.conninfo) as link:
            (busy,) = link.execute("SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock'").fetchone() or (
                0,
            )
            assert busy, "the restore must be in the middle of its transaction for this to prove anything"
        child.kill()
        child.wait()
        _wait_for_unlocked(another_database)
        assert _as_it_was(another_database)
    finally:
        os.killpg(child.pid, signal.SIGKILL)


def _wait_for(path: Path) -> None:
    end = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.05)


def _wait_for_unlocked(database: Database) -> None:
    end = time.monotonic() + 20
    with psycopg.connect(database.conninfo, autocommit=True) as link:
        while link.execute("SELECT FROM pg_locks WHERE mode = 'AccessExclusiveLock'").rowcount:
            assert time.monotonic() < end, "psql went on without its master"
            time.sleep(0.05)


def test_what_is_no_backup_is_named(another_database: Database, saved: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.sql"
    plain.write_text("--\n-- PostgreSQL database dump\n--\n\nSELECT 1;\n")
    other = tmp_path / "photo.jpg"
    other.write_bytes(bytes(range(256)) * 40)
    for path, words in [
        (plain, "plain SQL"),
        (other, "no backup"),
        (tmp_path, "no file"),
        (tmp_path / "nothing", "no file"),
    ]:
        with pytest.raises(DumpRefused, match=words):
            another_database.contents(path)
    with pytest.raises(CommandError, match="another program's database"):
        _check(another_database, saved)


def test_a_backup_of_a_newer_version_is_refused_before_anything_happens(
    another_database: Database, tmp_path: Path
) -> None:
    with psycopg.connect(another_database.conninfo, autocommit=True) as link:
        link.execute("CREATE TABLE organizations_organization (id int)")
        link.execute("CREATE TABLE django_migrations (id int, app text, name text)")
        link.execute("INSERT INTO django_migrations VALUES (1, 'gone_since', '0001_initial')")
        another_database.save(tmp_path / "ours.dump")
        assert _check(another_database, tmp_path / "ours.dump")
        link.execute("INSERT INTO django_migrations VALUES (2, 'organizations', '9999_from_the_future')")
        another_database.save(tmp_path / "newer.dump")
    with pytest.raises(CommandError, match=r"newer version .* organizations\.9999_from_the_future"):
        _check(another_database, tmp_path / "newer.dump")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("pg_dump: error: could not write to output file: No space left on device", "is full"),
        ("pg_dump: error: query failed: ERROR:  permission denied for table note", "DATABASE_OWNER_URL"),
        ("pg_dump: error: something else\npg_dump: hint: none", "refused .*something else"),
    ],
)
def test_a_save_that_fails_leaves_no_file(
    another_database: Database, tmp_path: Path, words: str, sentence: str
) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "pg_dump"
    program.write_text(f'#!/bin/sh\nfor a; do case "$a" in --file=*) echo half > "${{a#--file=}}";; esac; done\n'
                       f"echo '{words}' >&2\nexit 1\n")  # fmt: skip
    program.chmod(0o700)
    target = tmp_path / "to" / "save.dump"
    target.parent.mkdir()
    with pytest.raises(DumpRefused, match=sentence):
        Database(another_database.conninfo, 18, folder).save(target)
    assert list(target.parent.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(another_database: Database, tmp_path: Path) -> None:
    with pytest.raises(DumpRefused, match="There is no folder"):
        another_database.save(tmp_path / "no such folder" / "save.dump")
    (tmp_path / "file").write_text("")
    with pytest.raises(DumpRefused, match="There is no folder"):
        another_database.save(tmp_path / "file" / "save.dump")


def test_a_newer_server_than_every_program_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dumps, "_DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DumpRefused, match="server is PostgreSQL 99"):
        dumps._programs_for(99)
    (tmp_path / "99" / "bin").mkdir(parents=True)
    for name in ("pg_dump", "pg_restore", "psql"):
        program = tmp_path / "99" / "bin" / name
        program.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 99.1'\n")
        program.chmod(0o700)
    assert dumps._programs_for(99) == tmp_path / "99" / "bin"
    assert dumps._programs_for(15) == programs.folder(), "ours reads older servers"


def test_passwords_do_not_stand_in_command_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "somebody else's")
    conninfo = "host=db user=erp_owner password='open sesame' dbname=erp sslmode=require"
    assert "sesame" not in dumps._without_password(conninfo)
    assert "sslmode=require" in dumps._without_password(conninfo)
    assert dumps._environment(conninfo)["PGPASSWORD"] == "open sesame"
    assert "PGPASSWORD" not in dumps._environment()


@pytest.mark.parametrize(
    "name", ["../outside", "/etc/passwd", "media/../../outside", "secret_key", "imports/../secret_key"]
)
def test_an_archive_that_writes_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "files.tar.gz"
    with tarfile.open(archive, "w:gz") as made:
        member = tarfile.TarInfo(name)
        member.size = 5
        made.addfile(member, BytesIO(b"words"))
    data = tmp_path / "data"
    with pytest.raises(DumpRefused, match="no upload"), uploads.unpacked(archive, data):
        pass
    assert list(data.iterdir()) == []
    assert {path.name for path in tmp_path.iterdir()} == {"data", "files.tar.gz"}


def test_an_archive_with_a_link_or_a_tail_missing_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "files.tar.gz"
    with tarfile.open(archive, "w:gz") as made:
        link = tarfile.TarInfo("media/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        made.addfile(link)
    with pytest.raises(DumpRefused, match="no upload"), uploads.unpacked(archive, tmp_path / "data"):
        pass
    folder = tmp_path / "from" / "media"
    folder.mkdir(parents=True)
    (folder / "scan").write_bytes(os.urandom(100_000))
    whole = tmp_path / "whole.tar.gz"
    assert uploads.save(folder.parent, whole) == 1
    whole.write_bytes(whole.read_bytes()[:60_000])
    with pytest.raises(DumpRefused, match="cannot be unpacked"), uploads.unpacked(whole, tmp_path / "data"):
        pass
