"""`/metrics`: for whoever has the token, for all web processes together, and without anybody's data."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from apps.core.audit.operations import seal_organization
from apps.core.background.operations import claim_run
from apps.core.background.queries import HEARTBEAT
from apps.core.outbox.models import OutboxMessage
from apps.core.tenancy.context import tenant
from ineat import counters, environment
from tests import factories
from tests.platform.product import free_port
from tests.processes import database_url

TOKEN = "a-token-of-more-than-24-characters"
BEARER = {"Authorization": f"Bearer {TOKEN}"}

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def _samples(text: str) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def _value(samples: Samples, name: str, **labels: str) -> float:
    return samples.get((name, frozenset(labels.items())), 0)


@pytest.fixture
def with_token(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


@pytest.mark.django_db
def test_without_a_token_there_is_no_such_page(client: Client) -> None:
    assert client.get("/metrics", headers=BEARER).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}é"])
def test_who_brings_another_token_is_refused(client: Client, with_token: None, given: str) -> None:
    response = client.get("/metrics", headers={"Authorization": given})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert b"ineat_" not in response.content


@pytest.mark.django_db
def test_requests_are_counted_by_route(client: Client, with_token: None) -> None:
    ours = factories.organization("Banyan & Kite")
    owner = factories.owner_of(ours)

    def counted() -> Samples:
        return _samples(client.get("/metrics", headers=BEARER).content.decode())

    before = counted()
    client.get(f"/o/{ours.slug}/")  # turned away before the view: nobody is signed in
    client.get("/no/such/page-4711/")
    client.generic("BREW", "/healthz")
    client.force_login(owner.user)
    client.get(f"/o/{ours.slug}/branches/{factories.first_branch(ours).pk}/?q=secret")
    client.get(f"/o/{ours.slug}/")
    text = client.get("/metrics", headers=BEARER).content.decode()
    after = _samples(text)

    def more(name: str, **labels: str) -> float:
        return _value(after, name, **labels) - _value(before, name, **labels)

    assert more("ineat_requests_total", route="ui:home", method="GET", status="302") == 1
    assert more("ineat_requests_total", route="ui:home", method="GET", status="200") == 1
    assert more("ineat_request_seconds_count", route="ui:home", method="GET") == 2
    assert more("ineat_requests_total", route="none", method="GET", status="404") == 1
    assert more("ineat_requests_total", route="healthz", method="OTHER", status="405") == 1
    assert more("ineat_requests_total", route="organizations:branch_detail", method="GET", status="200") == 1
    for private in (ours.slug, "4711", "secret", "BREW", owner.user.email, "Banyan"):
        assert private not in text
    labels = {name for _, pairs in after for name, _ in pairs}
    assert labels <= {"route", "method", "status", "le", "state"}


@pytest.mark.django_db(transaction=True)
def test_what_lies_behind_the_pages_is_told(
    client: Client, with_token: None, owner_connection: psycopg.Connection[Any]
) -> None:
    ours = factories.organization()
    seal_organization(ours.pk)

    def told() -> Samples:
        return _samples(client.get("/metrics", headers=BEARER).content.decode())

    fresh = told()
    assert _value(fresh, "ineat_database_up") == 1
    assert _value(fresh, "ineat_seal_lag_seconds") == 0
    assert ("ineat_worker_heartbeat_age_seconds", frozenset()) not in fresh

    claim_run(task=HEARTBEAT, moment=timezone.now() - dt.timedelta(seconds=90))
    with tenant(ours.pk):
        late = timezone.now() - dt.timedelta(minutes=5)
        OutboxMessage.objects.create(topic="bill.posted", handler="gone", due_at=late)
        OutboxMessage.objects.create(topic="bill.posted", handler="gone", state=OutboxMessage.State.DEAD)
        branch = factories.first_branch(ours)
        branch.city = "Satara"
        branch.save(update_fields=["city"])
    owner_connection.execute(
        "UPDATE organizations_branchevent SET pgh_created_at = now() - interval '10 minutes' WHERE city = 'Satara'"
    )
    behind = told()
    assert _value(behind, "ineat_outbox_waiting") == 1
    assert _value(behind, "ineat_outbox_dead") == 1
    assert 290 < _value(behind, "ineat_outbox_oldest_due_seconds") < 400
    assert 85 < _value(behind, "ineat_worker_heartbeat_age_seconds") < 200
    assert 590 < _value(behind, "ineat_seal_lag_seconds") < 700
    assert client.get("/readyz").json()["outbox"] | {"seconds_late": 0} == {
        "status": "late", "waiting": 1, "given_up": 1, "seconds_late": 0
    }  # fmt: skip


def test_a_slot_is_taken_by_one_and_free_again(tmp_path: Path) -> None:
    source = """
import sys, pathlib
from ineat import counters
print(counters.slot(pathlib.Path(sys.argv[1])), flush=True)
input()
"""

    def begin() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", source, str(tmp_path)], cwd=environment.BASE_DIR, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def slot_of(process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        return process.stdout.readline().strip()

    first, second = begin(), begin()
    slots = {slot_of(first), slot_of(second)}
    assert slots == {"0", "1"}
    for name in ("counter_0.db", "gauge_livesum_0.db", "counter_1.db", "gauge_livesum_1.db", "counter_11.db"):
        (tmp_path / name).touch()
    first.kill()
    first.communicate()
    counters.forget_the_dead(tmp_path)
    assert len(list(tmp_path.glob("gauge_*"))) == 1, "the state of the dead is gone"
    assert len(list(tmp_path.glob("counter_*"))) == 3, "what they counted stays"
    third = begin()
    freed = slot_of(third)
    assert freed in slots
    third.kill()
    third.communicate()
    counters.clear(tmp_path)
    assert {path.name for path in tmp_path.glob("*_[01].db")} == {
        f"counter_{(slots - {freed}).pop()}.db", f"gauge_livesum_{(slots - {freed}).pop()}.db"
    }, "who lives counts on"  # fmt: skip
    second.kill()
    second.communicate()


class Server:
    """gunicorn with two workers on the tests' database, as a deployment runs it."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.py", "ineat.wsgi"],
            cwd=environment.BASE_DIR,
            env={**os.environ, "DATABASE_URL": database_url(), "INEAT_MODE": "development", "INEAT_DATA": str(data),
                 "PORT": str(self.port), "WEB_CONCURRENCY": "2", "METRICS_TOKEN": TOKEN},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def get(self, path: str) -> str:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=BEARER)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return str(answer.read().decode())

    def ready(self) -> None:
        end = time.monotonic() + 60
        while True:
            try:
                self.get("/healthz")
                return
            except OSError:
                assert time.monotonic() < end
                assert self.process.poll() is None
                time.sleep(0.1)

    def workers(self) -> list[int]:
        tasks = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in tasks.split()]

    def counted(self) -> float:
        samples = _samples(self.get("/metrics"))
        return _value(samples, "ineat_requests_total", route="readyz", method="GET", status="200") + _value(
            samples, "ineat_requests_total", route="readyz", method="GET", status="503"
        )

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    try:
        made.ready()
        yield made
    finally:
        made.stop()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the workers in /proc")
def test_every_worker_answers_for_all(server: Server, tmp_path: Path) -> None:
    for _ in range(12):
        for _ in range(5):
            with contextlib.suppress(urllib.error.HTTPError):  # 503 says that it is not ready, which is counted too
                server.get("/readyz")
        seen = server.counted()
    assert seen == 60
    assert {server.counted() for _ in range(10)} == {60}

    victim = server.workers()[0]
    os.kill(victim, signal.SIGKILL)
    end = time.monotonic() + 30
    while victim in server.workers() or len(server.workers()) < 2:
        assert time.monotonic() < end
        time.sleep(0.1)
    server.ready()
    assert server.counted() == 60, "what a killed worker counted is not lost"
    assert re.search(r'ineat_database_connections\{state="busy"\} ', server.get("/metrics"))
    files = sorted(path.name for path in (tmp_path / "metrics").glob("counter_*.db"))
    assert len(files) <= 3, files

    server.stop()
    again = Server(tmp_path)
    try:
        again.ready()
        assert again.counted() == 0, "another server begins anew"
    finally:
        again.stop()
