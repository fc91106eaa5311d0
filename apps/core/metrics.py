"""`/metrics` for Prometheus: what requests cost, and whether background work keeps up.

Off unless METRICS_TOKEN is set. Labels hold names of routes and never a key, an address or an organization.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Metric,
    generate_latest,
    values,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from apps.core.audit.queries import seal_lag
from apps.core.background.queries import worker_heartbeat
from apps.core.outbox.queries import lag
from ineat import counters, environment

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NO_ROUTE = "none"
# Pages are meant to take 10 ms; imports and exports may take half a minute.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

# Set by deploy/gunicorn.py, before anything of the application is imported.
_shared = environment.text("PROMETHEUS_MULTIPROC_DIR")
if _shared:
    values.ValueClass = values.MultiProcessValue(lambda: counters.slot(Path(_shared)))  # type: ignore[no-untyped-call]

_own = CollectorRegistry()
REQUESTS = Counter(
    "ineat_requests", "Requests by the name of their route.", ["route", "method", "status"], registry=_own
)
SECONDS = Histogram(
    "ineat_request_seconds",
    "Seconds until the answer began.",
    ["route", "method"],
    buckets=_BUCKETS,
    registry=_own,
)
CONNECTIONS = Gauge(
    "ineat_database_connections",
    "Connections of all web processes: busy, idle, and the most there may be.",
    ["state"],
    registry=_own,
    multiprocess_mode="livesum",
)
WAITING = Gauge(
    "ineat_database_requests_waiting",
    "Requests that wait for a connection because all are busy.",
    registry=_own,
    multiprocess_mode="livesum",
)


class MetricsMiddleware:
    """Counts every request and how long it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        method = request.method if request.method in _METHODS else "OTHER"
        route = _route_of(request)
        REQUESTS.labels(route, method, response.status_code).inc()
        SECONDS.labels(route, method).observe(time.perf_counter() - started)
        _note_connections()
        return response


def _route_of(request: HttpRequest) -> str:
    """The route's name. Whoever is turned away before the view is reached counts for the page they wanted."""
    match = request.resolver_match
    if match is None:
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return _NO_ROUTE
    return match.view_name or match.route


def _note_connections() -> None:
    pool = getattr(connection, "pool", None)
    if pool is None:
        return
    state = pool.get_stats()
    size, idle = state.get("pool_size", 0), state.get("pool_available", 0)
    # This request's own goes back in a moment; counted, it would make every idle process look busy.
    own = 0 if connection.connection is None else 1
    CONNECTIONS.labels("idle").set(idle + own)
    CONNECTIONS.labels("busy").set(max(size - idle - own, 0))
    CONNECTIONS.labels("most").set(state.get("pool_max", 0))
    WAITING.set(state.get("requests_waiting", 0))


class BackgroundCollector:
    """What the database knows of the work behind the pages; it is the same whichever process is asked."""

    def collect(self) -> Iterator[Metric]:
        try:
            facts = list(self._facts())
        except DatabaseError:
            facts = []
        yield GaugeMetricFamily("ineat_database_up", "Whether the database answers.", value=1 if facts else 0)
        yield from facts

    def _facts(self) -> Iterator[Metric]:
        outbox = lag()
        yield GaugeMetricFamily("ineat_outbox_waiting", "Facts on their way.", value=outbox.waiting)
        yield GaugeMetricFamily("ineat_outbox_dead", "Facts given up; somebody must look.", value=outbox.dead)
        yield GaugeMetricFamily(
            "ineat_outbox_oldest_due_seconds", "How late the latest fact is.", value=outbox.oldest_due_seconds
        )
        beat = worker_heartbeat()
        if beat is not None:
            yield GaugeMetricFamily(
                "ineat_worker_heartbeat_age_seconds", "Since a worker last showed itself.", value=beat.total_seconds()
            )
        yield GaugeMetricFamily(
            "ineat_seal_lag_seconds", "Age of the oldest change that no seal holds yet.", value=seal_lag()
        )


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """`/metrics`: for whoever brings `Authorization: Bearer METRICS_TOKEN`; without a token set there is no such page.

    Raises:
        Http404: no token is set.
    """
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "")
    if not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(
            "Bring the token of METRICS_TOKEN.\n",
            status=401,
            content_type="text/plain",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return HttpResponse(_exposition(), content_type=CONTENT_TYPE_LATEST)


def _exposition() -> bytes:
    registry = CollectorRegistry()
    if _shared:
        counters.forget_the_dead(Path(_shared))
        MultiProcessCollector(registry, _shared)  # type: ignore[no-untyped-call]
    else:
        registry.register(_own)
    registry.register(BackgroundCollector())
    return generate_latest(registry)
