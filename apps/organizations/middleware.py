"""Enters the organization that the URL names, for its members only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import cast
from urllib.parse import urlencode, urlsplit

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from apps.accounts.models import User
from apps.core.audit.history import audit_settings
from apps.core.tenancy.checks import ensure_isolated
from apps.core.tenancy.context import streamed, tenant
from apps.organizations import queries
from apps.organizations.models import Membership

_PATH = re.compile(r"^/o/(?P<slug>[-a-zA-Z0-9_]+)/")


class OrganizationMiddleware:
    """Runs requests under `/o/<slug>/` as a member of that organization, in one transaction.

    A stranger gets 404, as if there were no such organization; a member whose time is over 403; nobody signed in, the
    sign-in page. A response of 500 takes everything back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        match = _PATH.match(request.path_info)
        if match is None:
            return self.get_response(request)
        if not isinstance(request.user, User):
            return _sign_in(request)
        ensure_isolated()
        # All of them at once: the frame of the page offers the others to switch to.
        memberships = queries.every_membership_of(request.user.pk)
        membership = next((one for one in memberships if one.organization.slug == match["slug"]), None)
        if membership is None or not membership.organization.active:
            raise Http404
        if not membership.admits(queries.today_in(membership.organization)):
            raise PermissionDenied(_("Your membership here has ended. Ask the owner to renew it."))
        request.memberships = memberships  # type: ignore[attr-defined]
        return self._serve(request, membership, request.user)

    def _serve(self, request: HttpRequest, membership: Membership, user: User) -> HttpResponseBase:
        membership.user = user
        request.organization = membership.organization  # type: ignore[attr-defined]
        request.member = membership  # type: ignore[attr-defined]
        settings = audit_settings(
            user_id=user.pk,
            name=str(user),
            request_id=getattr(request, "request_id", ""),
            source=f"{request.method} {request.path_info}",
        )
        with tenant(membership.organization.pk, settings=settings, time_zone=membership.organization.time_zone):
            if membership.organization.require_second_factor and (detour := _second_factor(request, user)):
                return detour
            response = self.get_response(request)
            if isinstance(response, TemplateResponse) and not response.is_rendered:
                response.render()
            if response.status_code >= 500:
                transaction.set_rollback(True)
            if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
                response.streaming_content = streamed(cast(Iterable[bytes], response.streaming_content))
        return response


def _sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page, returning to the same page; for a fragment the whole page must go there (401 to htmx)."""
    if request.headers.get("HX-Request"):
        response = HttpResponseClientRedirect(redirect_to_login(_page_of(request)).url)
        response.status_code = 401
        return response
    return redirect_to_login(request.get_full_path())


def _page_of(request: HttpRequest) -> str:
    """The path of the page that asks for a fragment.

    Only a path: the header is the browser's word, and an address of elsewhere must not become a way out of ours.
    """
    current = urlsplit(request.headers.get("HX-Current-URL", ""))
    ours = current.netloc in {"", request.get_host()} and current.path.startswith("/o/")
    if ours:
        return current._replace(scheme="", netloc="", fragment="").geturl()
    return request.get_full_path() if request.method == "GET" else "/"


def _second_factor(request: HttpRequest, user: User) -> HttpResponse | None:
    """Where a member without a second factor goes first; None when one is set up."""
    if is_mfa_enabled(user):
        return None
    fragment = request.headers.get("HX-Request")
    wanted = _page_of(request) if fragment else request.get_full_path()
    if request.method != "GET" and not fragment:
        wanted = request.headers.get("Referer", "")  # an action must not be repeated by a link
    query = urlencode({"required": 1, "next": wanted or f"/o/{request.organization.slug}/"})  # type: ignore[attr-defined]
    target = f"{reverse('mfa_index')}?{query}"
    return HttpResponseClientRedirect(target) if fragment else redirect(target)
