"""Theme, row height and single keys, for browsers without script: the same cookies that the script sets."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from apps.core.ui.context import DENSITIES, SWITCHES, THEMES

_KNOWN = {"theme": THEMES, "density": DENSITIES, "single_keys": SWITCHES}
_YEAR = 365 * 24 * 60 * 60


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep a choice of this browser and go back to where it was made."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = redirect(wanted if safe else "/")
    for name, known in _KNOWN.items():
        value = request.POST.get(name)
        if value in known:
            secure = bool(settings.SESSION_COOKIE_SECURE)
            response.set_cookie(name, value, max_age=_YEAR, samesite="Lax", secure=secure)
    return response
