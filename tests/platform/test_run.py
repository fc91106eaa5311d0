"""`make run`: one command starts everything, and nothing is left of it afterwards, however it ends."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from ineat import environment, postgres
from ineat.postgres import APP_ROLE, DATABASE, OWNER_ROLE, Cluster, keeper
from tests.platform.product import Product, free_port, get, plain_environment, slack

# One after the other: each starts a database, a web server and a worker, and some measure time.
pytestmark = [
    pytest.mark.xdist_group("product"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place whose name has a space in it."""
    return tmp_path_factory.mktemp("a folder")


@pytest.fixture(scope="module")
def first(folder: Path) -> Iterator[Product]:
    """The product after its very first start; tests copy its data rather than make it again."""
    product = Product(folder / "first data")
    yield product.start().ready()
    product.clear()


@pytest.fixture
def product(first: Product, tmp_path: Path) -> Iterator[Product]:
    """Another, with a copy of the data, not started yet."""
    if first.make.poll() is None:
        first.interrupt()
    assert first.gone(10)
    data = tmp_path / "its data"
    shutil.copytree(first.data, data)
    product = Product(data)
    yield product
    product.clear()


def test_the_first_start_serves_everything(first: Product) -> None:
    status, page = first.get("/accounts/login/")
    assert status == 200
    assert "<form" in page
    assert f"http://localhost:{first.port}/" in first.output

    status, text = first.get("/readyz")
    facts = json.loads(text)
    assert (status, facts["database"], facts["migrations"]) == (200, "ok", "ok")

    commands = " ".join(process.command for process in first.processes())
    for part in ("gunicorn", "run_huey", "postgres"):
        assert part in commands


def test_a_first_start_that_is_cut_short_is_finished_by_the_next(tmp_path: Path) -> None:
    product = Product(tmp_path / "data").start()
    try:
        _wait_for(lambda: "making the demo organization" in product.output, 60)
        os.killpg(product.make.pid, signal.SIGKILL)
        assert product.gone(3), product.processes()
        again = Product(product.data).start().ready()
        assert "making the demo organization" in again.output
        assert "/accounts/demo/" in again.get("/accounts/login/")[1]
        again.interrupt()
        assert again.gone(2)
    finally:
        product.clear()


def test_ctrl_c_stops_everything_and_the_next_start_is_quick_with_the_data_there(product: Product) -> None:
    product.start().ready()
    _write_note(product, "still here")
    product.interrupt()
    assert product.gone(1), product.processes()
    assert "Traceback" not in product.output

    began = time.monotonic()
    again = Product(product.data).start()
    try:
        again.ready()
        seconds = time.monotonic() - began
        assert _note(again) == "still here"
        assert "Preparing the database" not in again.output  # no line of code changed
        assert seconds < 6 * slack(), f"the second start took {seconds:.1f} s"
    finally:
        again.clear()


@pytest.mark.parametrize("victim", ["make", "manage.py serve", "gunicorn", "run_huey", "all of them at once"])
def test_kill_9_leaves_no_orphan(product: Product, victim: str) -> None:
    product.start().ready()
    _wait_for_worker(product)
    if victim == "make":
        victims = [product.make.pid]
    elif victim == "all of them at once":
        victims = [process.pid for process in product.processes() if "manage.py" in process.command]
        victims += [process.pid for process in product.processes() if "gunicorn" in process.command]
    else:
        victims = [product.one(victim)]
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    # Killing a part is told, and gives the other parts the time to finish; killing the parent is not waited for.
    part = victim in {"gunicorn", "run_huey"}
    assert product.gone(12 if part else 3), product.processes()
    if part:
        assert "ended by itself with status -9" in product.output
        assert product.make.wait(60) != 0


def test_a_killed_database_is_started_again(product: Product) -> None:
    product.start().ready()
    _wait_for_worker(product)
    os.kill(int((product.data / "pg" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    _wait_for(lambda: "The database stopped" in product.output, 10)
    _wait_for(lambda: product.get("/accounts/login/")[0] == 200, 20)
    assert product.make.poll() is None


def test_pages_say_that_the_database_is_away_and_work_again_when_it_is_back(product: Product, tmp_path: Path) -> None:
    # A server of its own, as a deployment has, that no supervisor looks after.
    data = product.data / "pg"
    cluster = postgres.ensure_running(data)
    address = f"http://127.0.0.1:{product.port}"
    url = f"postgres://{APP_ROLE}@{quote(str(cluster.socket_dir), safe='')}/{DATABASE}"
    postgres.release(data)
    assert keeper.server_pid(data) is None
    with (tmp_path / "web.log").open("wb") as log:
        web = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.py", "ineat.wsgi"],
            cwd=environment.BASE_DIR,
            env=plain_environment(
                DATABASE_URL=url,
                DATABASE_TIMEOUT="2",
                INEAT_MODE="development",
                INEAT_DATA=str(product.data),
                PORT=str(product.port),
                WEB_CONCURRENCY="1",
            ),
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(lambda: get(f"{address}/healthz")[0] == 200, 60)  # it starts without a database
        for _ in range(2):  # away at the start, and again in the middle
            status, page = _as_somebody(address)
            assert status == 503
            assert "database does not answer" in page
            assert json.loads(get(f"{address}/readyz")[1])["database"] == "away"
            assert get(f"{address}/healthz")[0] == 200
            postgres.ensure_running(data)
            _wait_for(lambda: _as_somebody(address)[0] == 200, 10)
            assert json.loads(get(f"{address}/readyz")[1])["database"] == "ok"
            postgres.release(data)
            assert keeper.server_pid(data) is None
        assert web.poll() is None
    finally:
        web.terminate()
        web.wait(30)
        postgres.release(data)


def test_a_deleted_data_folder_stops_it_with_a_sentence(product: Product) -> None:
    product.start().ready()
    shutil.rmtree(product.data)
    os.kill(product.one("postgres -D"), signal.SIGQUIT)
    assert product.make.wait(300) != 0
    assert "was deleted while it ran" in product.output
    assert product.gone(5), product.processes()


def test_a_taken_port_is_named_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        product = Product(tmp_path / "data", port).start()
        assert product.make.wait(300) != 0
    assert f"Port {port} is taken by another program" in product.output
    assert "make run PORT=" in product.output
    assert not (tmp_path / "data").exists()


def test_two_run_side_by_side(product: Product, tmp_path: Path) -> None:
    data = tmp_path / "other data"
    shutil.copytree(product.data, data)
    other = Product(data, free_port())
    try:
        product.start()
        other.start().ready()
        product.ready()
        assert product.get("/accounts/login/")[0] == other.get("/accounts/login/")[0] == 200
        product.interrupt()
        assert product.gone(1)
        assert other.get("/accounts/login/")[0] == 200
    finally:
        other.clear()


def test_data_of_another_postgresql_is_refused(product: Product) -> None:
    (product.data / "pg" / "PG_VERSION").write_text("12\n")
    product.start()
    assert product.make.wait(300) != 0
    assert "was written by PostgreSQL 12" in product.output
    assert "make run DATA=" in product.output
    assert "Traceback" not in product.output


def _as_somebody(address: str) -> tuple[int, str]:
    """The sign-in page, by a browser with a session, which has to be looked up."""
    return get(f"{address}/accounts/login/", cookie=f"ineat_session={'a1b2' * 8}")


def _connect(product: Product) -> psycopg.Connection[tuple[str]]:
    socket_dir = (product.data / "pg" / "postmaster.pid").read_text().split("\n")[4]
    return psycopg.connect(Cluster(Path(socket_dir)).conninfo(OWNER_ROLE), autocommit=True)


def _write_note(product: Product, words: str) -> None:
    with _connect(product) as link:
        link.execute("CREATE TABLE note (words text)")
        link.execute("INSERT INTO note VALUES (%s)", [words])


def _note(product: Product) -> str:
    with _connect(product) as link:
        row = link.execute("SELECT words FROM note").fetchone()
        assert row is not None
        return row[0]


def _wait_for_worker(product: Product) -> None:
    _wait_for(lambda: json.loads(product.get("/readyz")[1])["worker"]["status"] == "ok", 30)


def _wait_for(happened: Callable[[], bool], patience: float) -> None:
    end = time.monotonic() + patience * slack()
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)
