"""Pages of the installation itself: is it alive, is it ready, and what it says when it cannot answer."""

from __future__ import annotations

import functools
import json
import logging
import sys
from typing import Any

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.core.background.queries import LATE_AFTER, worker_heartbeat, worker_is_late
from apps.core.outbox.queries import lag

logger = logging.getLogger(__name__)

# SQLSTATE classes and codes that mean "come back later" rather than "this was wrong": connection lost or refused, too
# many connections, server shutting down or starting.
_AWAY = ("08", "57P01", "57P02", "57P03", "53300")
_RETRY_AFTER = "5"


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """`/healthz`: this process answers. It asks nobody else, so that a database's pause restarts no web server."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """`/readyz`: whether visitors should be sent here: 200, or 503 without a database or with migrations missing.

    A worker or an outbox that is late is told, but does not make the pages unavailable: people can work while mails
    wait.
    """
    try:
        facts: dict[str, Any] = {
            "database": "ok",
            "migrations": _migrations(),
            "worker": _worker(),
            "outbox": _outbox(),
        }
    except DatabaseError:
        unknown = {"status": "unknown"}
        facts = {"database": "away", "migrations": "unknown", "worker": unknown, "outbox": unknown}
    good = facts["database"] == "ok" and facts["migrations"] == "ok"
    return JsonResponse({"status": "ok" if good else "unavailable", **facts}, status=200 if good else 503)


def _worker() -> dict[str, Any]:
    age = worker_heartbeat()
    return {
        "status": "late" if worker_is_late() else "ok",
        "seconds_since_heartbeat": None if age is None else round(age.total_seconds()),
    }


def _outbox() -> dict[str, Any]:
    """Late when a fact has been due for longer than a worker may be silent, or when one was given up."""
    found = lag()
    late = found.dead or found.oldest_due_seconds > LATE_AFTER.total_seconds()
    return {
        "status": "late" if late else "ok",
        "waiting": found.waiting,
        "given_up": found.dead,
        "seconds_late": round(found.oldest_due_seconds),
    }


def _migrations() -> str:
    return "ok" if _all_applied() else "missing"


def _all_applied() -> bool:
    """Whether the database is at this version. Once true it stays true for this process."""
    try:
        _require_migrations()
    except LookupError:
        return False
    return True


@functools.cache
def _require_migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise LookupError("migrations are missing")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """400: the request could not be read."""
    return refusal(request, "400.html", 400, _("This request could not be read. Load the page again and repeat it."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but not allowed. The exception's words, where it has any, are meant for the person."""
    words = str(exception)
    return refusal(request, "403.html", 403, words or _("Your role does not allow this."), message=words)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404: no such page, or none for this person."""
    return refusal(request, "404.html", 404, _("This record is no longer here."))


def server_error(request: HttpRequest) -> HttpResponse:
    """500 for a fault of ours; 503 while the database is away, for then trying again helps."""
    error = sys.exc_info()[1]
    error_id = getattr(request, "request_id", "")
    if error is not None and database_is_away(error):
        response = HttpResponse(_page("503.html", error_id), status=503, headers={"Retry-After": _RETRY_AFTER})
    else:
        response = HttpResponse(_page("500.html", error_id), status=500)
    response.headers["X-Error-Id"] = error_id
    return response


def database_is_away(error: BaseException) -> bool:
    """Whether this error, or what it came from, means that PostgreSQL does not answer just now."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OperationalError | InterfaceError | psycopg.OperationalError):
            state = getattr(seen, "sqlstate", None) or getattr(seen.__cause__, "sqlstate", None)
            # Without a code the words are libpq's or the pool's: the server did not get to say anything.
            return state is None or state.startswith(_AWAY)
        seen = seen.__cause__ or seen.__context__
    return False


def refusal(request: HttpRequest, template: str, status: int, words: str, **context: Any) -> HttpResponse:
    """The page; to htmx a toast, because a page swapped into a part of another would destroy what was there."""
    if request.headers.get("HX-Request"):
        toast = json.dumps({"toast": {"text": words, "tone": "bad"}})
        return HttpResponse(status=status, headers={"HX-Reswap": "none", "HX-Trigger": toast})
    return render(request, template, context, status=status)


def _page(template: str, error_id: str) -> str:
    """The page of an accident. It gets no request, because what a context processor asks for may be what broke."""
    try:
        return render_to_string(template, {"error_id": error_id})
    except Exception:
        logger.exception("The page %s cannot be drawn", template)
        return f"<!doctype html><title>iNEAT</title><p>{_('Something broke on our side.')} {error_id}</p>"
