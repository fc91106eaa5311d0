"""The embedded server: shared by whoever uses it, gone with the last of them, and plain words when it cannot start."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ineat import environment
from ineat.postgres import keeper
from tests.platform.product import plain_environment, processes_of, slack

pytestmark = pytest.mark.xdist_group("postgres")

_USE = """
import sys, time
from pathlib import Path
from ineat import postgres
cluster = postgres.ensure_running(Path(sys.argv[1]), durable=False)
print(cluster.socket_dir, flush=True)
time.sleep(float(sys.argv[2]))
"""
_AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder with a space in its name; nothing of it is running afterwards."""
    folder = tmp_path / "data folder" / "pg"
    yield folder
    _wait_for(lambda: not processes_of(folder), 15)


@pytest.fixture
def programs_without(tmp_path: Path) -> Callable[..., str]:
    """Makes a PATH on which some programs are missing."""

    def make(*missing: str) -> str:
        folder = tmp_path / "bin"
        folder.mkdir()
        for name in ("unshare", "setpriv", "id", "sh"):
            found = shutil.which(name)
            if name not in missing and found:
                (folder / name).symlink_to(found)
        return str(folder)

    return make


def use(data: Path, seconds: float = 0, **variables: str) -> subprocess.Popen[str]:
    """A process that uses the server for so long."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(_USE), str(data), str(seconds)],
        cwd=environment.BASE_DIR,
        env=plain_environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def up(user: subprocess.Popen[str]) -> str:
    """The socket folder, once the user has its server."""
    assert user.stdout is not None
    line = user.stdout.readline().strip()
    assert line, user.communicate()[1]
    return line


def refusal(user: subprocess.Popen[str]) -> str:
    """The words it ended with."""
    output, words = user.communicate(timeout=60)
    assert user.returncode == 1, (output, words)
    assert "Traceback" not in words
    return words


def test_the_last_user_stops_it(data: Path) -> None:
    first = use(data, 60)
    up(first)
    second = use(data, 60)
    up(second)
    first.kill()
    first.wait()
    time.sleep(0.5)
    assert keeper.server_pid(data), "stopped under its second user"
    second.kill()
    second.wait()
    _wait_for(lambda: keeper.server_pid(data) is None, 3)


def test_four_first_starts_at_once_make_one_server(data: Path) -> None:
    users = [use(data, 3) for _ in range(4)]
    assert len({up(user) for user in users}) == 1
    assert all(user.wait(100) == 0 for user in users)


def test_a_killed_server_is_started_again(data: Path) -> None:
    with_it = use(data, 60)
    up(with_it)
    pid = keeper.server_pid(data)
    assert pid
    os.kill(pid, signal.SIGKILL)
    again = use(data)
    up(again)
    assert again.wait(100) == 0
    assert keeper.server_pid(data) not in {None, pid}
    with_it.kill()
    with_it.wait()


def test_a_killed_keeper_is_replaced_by_the_next_user(data: Path) -> None:
    first = use(data, 60)
    up(first)
    for process in processes_of(data):
        if "keeper.py" in process.command:
            os.kill(process.pid, signal.SIGKILL)
    second = use(data, 60)
    up(second)
    for user in (first, second):
        user.kill()
        user.wait()
    _wait_for(lambda: keeper.server_pid(data) is None, 3)


def test_a_first_start_that_was_killed_is_repeated(data: Path) -> None:
    half = use(data, 60)
    _wait_for(lambda: any(data.parent.glob("pg.new-*/*")), 30)
    half.kill()
    half.wait()
    whole = use(data)
    up(whole)
    assert whole.wait(100) == 0


def test_the_number_of_a_dead_server_may_belong_to_another_program_by_now(data: Path) -> None:
    first = use(data)
    up(first)
    first.wait()
    _wait_for(lambda: keeper.server_pid(data) is None, 5)
    # As after a restart of a container, whose few processes get the same few numbers.
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1\n5432\n/tmp\n\n\n")
    second = use(data)
    up(second)
    assert second.wait(100) == 0


def test_a_server_that_outlived_its_data_makes_way(data: Path) -> None:
    first = use(data, 60)
    up(first)
    ghost = keeper.server_pid(data)
    assert ghost
    shutil.rmtree(data.parent)
    second = use(data, 60)
    up(second)
    assert not keeper.alive(ghost)
    first.kill()
    first.wait()
    time.sleep(0.5)
    assert keeper.server_pid(data), "the keeper of the deleted data stopped its successor"
    second.kill()
    second.wait()


@_AS_ROOT
def test_root_without_user_namespaces_becomes_nobody(data: Path, programs_without: Callable[..., str]) -> None:
    user = use(data, 60, PATH=programs_without("unshare"))
    up(user)
    assert data.owner() == "nobody"
    assert data.parent.owner() == "root"
    user.kill()
    user.wait()
    _wait_for(lambda: keeper.server_pid(data) is None, 5)
    # And back, when namespaces are allowed again.
    user = use(data)
    up(user)
    user.wait()
    assert data.owner() == "root"


@_AS_ROOT
def test_root_with_neither_is_told_what_to_do(data: Path, programs_without: Callable[..., str]) -> None:
    words = refusal(use(data, PATH=programs_without("unshare", "setpriv")))
    assert "Run the command as an ordinary user, or set DATABASE_URL" in words


def test_a_folder_with_other_things_in_it_is_left_alone(data: Path) -> None:
    data.mkdir(parents=True)
    (data / "letter.txt").write_text("Dear Asha")
    assert "has files in it but no PostgreSQL data" in refusal(use(data))
    assert (data / "letter.txt").read_text() == "Dear Asha"


def test_data_of_another_version_is_refused(data: Path) -> None:
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("12\n")
    words = refusal(use(data))
    assert "was written by PostgreSQL 12" in words
    assert "make run DATA=" in words


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    words = refusal(use(Path("/proc/version/pg") if os.geteuid() == 0 else Path("/usr/ineat/pg")))
    assert "Choose a folder of your own" in words or "cannot be started in /proc/version" in words


def test_missing_programs_are_named(data: Path, tmp_path: Path) -> None:
    words = refusal(use(data, INEAT_PG_BIN=str(tmp_path)))
    assert f"INEAT_PG_BIN is {tmp_path}" in words


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_a_full_disk_is_told() -> None:
    from ineat.postgres import cluster

    with pytest.raises(OSError, match="No space left") as full:
        Path("/dev/full").write_text("x" * 10_000)
    assert "is full. Free some space" in cluster._explain(full.value, Path("/data/pg"))
    words = "initdb: error: could not write file: No space left on device"
    assert "is full. Free some space" in cluster._explain_failure(words, Path("/nowhere/pg"))


def test_somebody_elses_socket_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ineat.postgres import cluster

    folder = cluster._socket_dir(tmp_path / "pg")
    try:
        monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
        theirs = folder.with_name(folder.name.replace(f"pg-{folder.stat().st_uid}-", f"pg-{folder.stat().st_uid + 1}-"))
        folder.rename(theirs)
        folder = theirs
        with pytest.raises(SystemExit, match="belongs to somebody else"):
            cluster._socket_dir(tmp_path / "pg")
    finally:
        folder.rmdir()


def _wait_for(happened: Callable[[], bool], patience: float) -> None:
    end = time.monotonic() + patience * slack()
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
