"""How a person proves who they are, and the way on for those who were sent here to set it up."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base.views import IndexView
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url

from apps.accounts.adapters import single_sign_on_providers
from apps.accounts.rules import passkeys_work_on

# Where somebody was going when their organization asked for a second factor.
WAY_ON = "after_second_factor"


class SignInMethods(IndexView):
    """Password, passkeys, authenticator app, recovery codes, single sign-on.

    `?required=1&next=…` is how an organization that insists on a second factor sends a member here; the way back is
    kept in the session, because setting one up takes several pages.
    """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("required"):
            request.session[WAY_ON] = get_next_redirect_url(request) or resolve_url(settings.LOGIN_REDIRECT_URL)
        return super().get(request, *args, **kwargs)  # type: ignore[no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "passkeys_possible": passkeys_work_on(self.request.get_host()),
            "providers": single_sign_on_providers(self.request),
        }


@login_required
def go_on(request: HttpRequest) -> HttpResponse:
    """To the page that somebody wanted before they were asked for a second factor, else home."""
    target = request.session.pop(WAY_ON, None)  # checked when it was put there
    return HttpResponseRedirect(target or resolve_url(settings.LOGIN_REDIRECT_URL))
