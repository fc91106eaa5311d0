"""Middleware that knows nothing of organizations."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from apps.core.reporting import person_of

logger = logging.getLogger("ineat.request")

_SAFE_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")
_PROBES = frozenset({"/healthz", "/readyz", "/metrics"})


class RequestIdMiddleware:
    """Gives every request an id that its log lines, audit rows and fault page share, and logs how it went.

    An id sent by the proxy in X-Request-ID is kept when it is harmless to log. Of the address only the path is logged:
    what people search for is their business.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _SAFE_ID.match(given) else secrets.token_hex(8)
        request.request_id = request_id  # type: ignore[attr-defined]
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            if request.path not in _PROBES:
                _log(request, response, (time.perf_counter() - started) * 1000)
        response.headers["X-Request-ID"] = request_id
        return response


def _log(request: HttpRequest, response: HttpResponse, ms: float) -> None:
    organization = getattr(request, "organization", None)
    with structlog.contextvars.bound_contextvars(**({"organization": organization.id} if organization else {})):
        logger.info(
            "%s %s %s in %d ms", request.method, request.path, response.status_code, ms,
            extra={
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "ms": round(ms, 1),
                "user": person_of(request),
            },
        )  # fmt: skip
