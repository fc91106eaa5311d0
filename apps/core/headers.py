"""Response headers that Django has no setting for."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class HeadersMiddleware:
    """Says which powers of the browser our pages use, that nobody else may embed what we answer, and that no cache
    keeps it.

    Stands before everything that answers, so that static files and refusals carry the headers too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = ", ".join(f"{power}={allowed}" for power, allowed in settings.PERMISSIONS_POLICY.items())

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.policy)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # Pages are one member's. A proxy must not keep them; the browser may, but asks before it shows one again.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
