"""Your account: name, preferences, signed-in devices."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from apps.accounts import operations, queries
from apps.accounts.forms import AccountForm
from apps.accounts.models import User

_ONE_YEAR = 365 * 24 * 60 * 60


class AccountSettings(LoginRequiredMixin, FormView[AccountForm]):
    """Name, row height, keys and language of the person who is signed in."""

    template_name = "account/settings.html"
    form_class = AccountForm
    success_url = reverse_lazy("account_settings")

    def get_form_kwargs(self) -> dict[str, Any]:
        assert isinstance(self.request.user, User)  # noqa: S101  LoginRequiredMixin
        # Its own copy: a refused name must not appear in the page's corner.
        person = User.objects.get(pk=self.request.user.pk)
        return super().get_form_kwargs() | {"instance": person, "language": get_language()}

    def form_valid(self, form: AccountForm) -> HttpResponse:
        data = form.cleaned_data
        operations.change_person(
            user=form.instance, name=data["name"], density=data["density"], single_keys=data["single_keys"]
        )
        messages.success(self.request, gettext("Saved."))
        response = super().form_valid(form)
        remember_preferences(response, form.instance)
        if language := data.get("language"):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=_ONE_YEAR,
                samesite="Lax",
                secure=settings.LANGUAGE_COOKIE_SECURE,
            )
        return response


def remember_preferences(response: HttpResponse, person: User) -> None:
    """Put row height and keys where the page frame and its script look for them: in this browser's cookies."""
    for name, value in (("density", person.density), ("single_keys", "on" if person.single_keys else "off")):
        response.set_cookie(name, value, max_age=_ONE_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


@login_required
def devices(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in; a POST signs every other device out."""
    assert isinstance(request.user, User)  # noqa: S101  login_required
    if request.method == "POST":
        count = operations.end_other_sessions(user=request.user, current_key=request.session.session_key)
        text = ngettext("%(count)d other device signed out.", "%(count)d other devices signed out.", count)
        messages.success(request, text % {"count": count})
        return redirect("usersessions_list")
    found = queries.devices_of(request.user, request.session.session_key)
    return render(request, "usersessions/usersession_list.html", {"devices": found})


@login_required
@require_POST
def end_device(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one device out. This device's own button signs out as the menu does."""
    assert isinstance(request.user, User)  # noqa: S101  login_required
    ended = operations.end_session(user=request.user, session_id=pk)
    if ended is None:
        raise Http404
    if ended.session_key == request.session.session_key:
        logout(request)
        return HttpResponseRedirect(reverse("account_login"))
    messages.success(request, gettext("Signed out. The next click there leads to the sign-in page."))
    return redirect("usersessions_list")
