"""What people and programs see when something is wrong: the right status, words, a code that the log knows too."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import InterfaceError, OperationalError, connection
from django.db.utils import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from psycopg_pool import PoolTimeout

from apps.core import views
from apps.core.views import database_is_away

faults: dict[str, BaseException] = {}


def broken(request: HttpRequest) -> HttpResponse:
    raise faults["now"]


urlpatterns = [path("broken/", broken), path("", include("ineat.urls"))]
handler400 = "apps.core.views.bad_request"
handler403 = "apps.core.views.permission_denied"
handler404 = "apps.core.views.page_not_found"
handler500 = "apps.core.views.server_error"


def from_psycopg(cause: psycopg.Error) -> OperationalError:
    """As Django wraps an error of psycopg."""
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


@pytest.fixture
def client() -> Iterator[Client]:
    """A visitor of an installation that has one broken page more."""
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(raise_request_exception=False)


@pytest.mark.django_db
def test_a_fault_of_ours_is_a_500_with_a_code_that_the_log_has(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    faults["now"] = ZeroDivisionError("by zero")
    with caplog.at_level(logging.ERROR):
        answer = client.get("/broken/", headers={"X-Request-ID": "from-the-proxy-1"})
    assert answer.status_code == 500
    assert answer.headers["X-Error-Id"] == "from-the-proxy-1"
    assert "from-the-proxy-1" in answer.content.decode()
    assert "ZeroDivisionError" not in answer.content.decode()
    records = [record for record in caplog.records if record.exc_info]
    assert [record.request.request_id for record in records] == ["from-the-proxy-1"]  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_a_request_id_that_could_forge_a_log_line_is_not_taken(client: Client) -> None:
    faults["now"] = ZeroDivisionError()
    for forged in ("a\tb c d e f", "x" * 100, "short", "<script>alert()</script>"):
        answer = client.get("/broken/", headers={"X-Request-ID": forged})
        assert answer.headers["X-Error-Id"] != forged
        assert len(answer.headers["X-Error-Id"]) == 16


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("connection is closed"),
        InterfaceError("the connection is closed"),
        from_psycopg(PoolTimeout("couldn't get a connection after 5.00 sec")),
        from_psycopg(psycopg.errors.AdminShutdown()),
        from_psycopg(psycopg.errors.CannotConnectNow()),
        from_psycopg(psycopg.errors.TooManyConnections()),
        from_psycopg(psycopg.errors.ConnectionFailure()),
    ],
)
def test_without_the_database_a_page_says_to_come_back(client: Client, error: Exception) -> None:
    faults["now"] = error
    answer = client.get("/broken/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["X-Error-Id"] in answer.content.decode()
    assert "database does not answer" in answer.content.decode()


@pytest.mark.parametrize(
    "error",
    [
        from_psycopg(psycopg.errors.DeadlockDetected()),
        from_psycopg(psycopg.errors.LockNotAvailable()),
        IntegrityError("duplicate key"),
        ValueError("anything"),
    ],
)
def test_a_refusal_by_the_database_is_not_its_absence(error: Exception) -> None:
    assert not database_is_away(error)


def test_an_error_raised_while_handling_the_databases_absence_is_recognised() -> None:
    outer = RuntimeError("cleaning up failed, too")
    outer.__context__ = OperationalError("gone")
    assert database_is_away(outer)


def test_a_page_that_cannot_be_drawn_still_answers(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> str:
        raise RuntimeError("no templates today")

    monkeypatch.setattr(views, "render_to_string", refuse)
    faults["now"] = ZeroDivisionError()
    answer = client.get("/broken/")
    assert answer.status_code == 500
    assert answer.headers["X-Error-Id"] in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (BadRequest("cut"), 400, "could not be read"),
        (PermissionDenied(), 403, "Your role does not allow this"),
        (PermissionDenied("Your membership has ended."), 403, "Your membership has ended."),
        (Http404(), 404, "There is no page at this address"),
    ],
)
def test_a_refusal_has_a_page(client: Client, error: Exception, status: int, words: str) -> None:
    faults["now"] = error
    answer = client.get("/broken/")
    assert answer.status_code == status
    assert words in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status"), [(BadRequest(), 400), (PermissionDenied("Ask the owner."), 403), (Http404(), 404)]
)
def test_a_refused_fragment_leaves_the_page_as_it_was(client: Client, error: Exception, status: int) -> None:
    faults["now"] = error
    answer = client.get("/broken/", headers={"HX-Request": "true"})
    assert answer.status_code == status
    assert answer.content == b""
    assert answer.headers["HX-Reswap"] == "none"
    toast = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert toast["tone"] == "bad"
    assert toast["text"] == (str(error) or toast["text"])
    assert toast["text"]


def test_the_process_says_that_it_lives_without_asking_the_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_readiness_tells_database_migrations_and_worker(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "worker": {"status": "late", "seconds_since_heartbeat": None},
        "outbox": {"status": "ok", "waiting": 0, "given_up": 0, "seconds_late": 0},
    }


@pytest.mark.django_db
def test_missing_migrations_are_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    views._require_migrations.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'background'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "missing")


def test_without_a_database_it_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(views, "_all_applied", away)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "away")
