"""Middleware about the person who is signed in."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.accounts import operations
from apps.accounts.models import User


class LastSeenMiddleware:
    """Records when and from where each session was last used, for the list of signed-in devices.

    allauth's own tracking writes a row on every request, which a billing desk would pay for on every line.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User) and request.session.session_key:
            operations.record_seen(
                session=request.session,
                user=request.user,
                ip=get_adapter(request).get_client_ip(request),
                user_agent=request.headers.get("User-Agent", ""),
                now=timezone.now(),
            )
        return self.get_response(request)
