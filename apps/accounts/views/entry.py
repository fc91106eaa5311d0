"""Ways in: password, passkey, demo, single sign-on."""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url, perform_login
from allauth.account.views import ConfirmEmailVerificationCodeView, LoginView, SignupByPasskeyView, SignupView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from requests import RequestException

from apps.accounts import demo, operations
from apps.accounts.adapters import single_sign_on_providers
from apps.accounts.checks import CONSOLE
from apps.accounts.rules import passkeys_work_on


class _Entrance:
    """What every page before sign-in shows."""

    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {
            "passkeys_possible": passkeys_work_on(self.request.get_host()),
            "providers": single_sign_on_providers(self.request),
            "mail_is_printed": settings.EMAIL_BACKEND == CONSOLE,
        }


class SignIn(_Entrance, LoginView):
    """The sign-in page; in demo mode it offers the demo's people."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"demo_people": demo.people()}


class SignUp(_Entrance, SignupView):
    """A new person, by password."""


class SignUpByPasskey(_Entrance, SignupByPasskeyView):
    """A new person, without any password."""


class ConfirmEmail(_Entrance, ConfirmEmailVerificationCodeView):
    """The code from the mail."""


class PasskeySignIn(LoginWebAuthnView):
    """Takes what the authenticator signed; a refusal goes back to the page it came from."""

    def form_valid(self, form: Any) -> HttpResponseBase:
        if form.cleaned_data["remember"]:
            operations.keep_signed_in(self.request.session, now=timezone.now())
        else:
            operations.end_with_browser(self.request.session)
        return super().form_valid(form)  # type: ignore[no-any-return]

    def form_invalid(self, form: Any) -> HttpResponse:
        for error in form.errors.get("credential", []):
            messages.error(self.request, error)
        return HttpResponseRedirect(passthrough_next_redirect_url(self.request, reverse("account_login"), "next"))


@require_POST
def demo_sign_in(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Sign in as one of the demo's people; 404 outside demo mode and for everybody else."""
    person = next((one.user for one in demo.people() if one.user.pk == pk), None)
    if person is None:
        raise Http404
    if request.user.is_authenticated:
        get_adapter(request).logout(request)
    response: HttpResponseBase = perform_login(
        request,
        person,
        email_verification=account_settings.EmailVerificationMethod.NONE,
        redirect_url=get_next_redirect_url(request),
    )
    return response


def single_sign_on(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Send the person to the directory of OIDC_ISSUER.

    The answer to the form is a page that goes on by itself, not a redirect: `form-action 'self'` also holds for the
    redirects that follow a form, and opening it for the directory's host would open it for injected forms.
    """
    try:
        response: HttpResponseBase = openid_connect.login(request, provider_id)
    except RequestException:
        return render(request, "socialaccount/authentication_error.html", {"unreachable": True}, status=502)
    if not isinstance(response, HttpResponseRedirect):
        return response
    if url_has_allowed_host_and_scheme(response.url, allowed_hosts={request.get_host()}):
        return response
    return render(request, "socialaccount/login_redirect.html", {"redirect_to": response.url})
