"""Middleware about the person who is signed in."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from apps.accounts import operations
from apps.accounts.models import User


class PersonMiddleware(AuthenticationMiddleware):
    """`request.user`, without asking again for the person who came with the session.

    Everything unusual is Django's to judge: no device yet, a key that was changed, nobody signed in.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _known(request))  # type: ignore[assignment]


def _known(request: HttpRequest) -> User | AnonymousUser:
    # Under Django's name, because its own helpers and the log look for it there.
    if not hasattr(request, "_cached_user"):
        came = _came_with(request.session)
        request._cached_user = came or get_user(request)  # type: ignore[attr-defined]
    found: User | AnonymousUser = request._cached_user  # type: ignore[attr-defined]
    return found


def _came_with(session: SessionBase) -> User | None:
    """The person read with the session, if the session lets exactly them in: the same checks as `get_user` makes."""
    named = session.get(SESSION_KEY)
    person: User | None = getattr(session, "person", None)
    if person is None or str(person.pk) != named or not person.is_active:
        return None
    proof = session.get(HASH_SESSION_KEY)
    if not proof or session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    return person if constant_time_compare(proof, person.get_session_auth_hash()) else None


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
