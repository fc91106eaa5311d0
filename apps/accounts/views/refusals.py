"""Pages that say no."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.accounts import lockout


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429 (RFC 6585, section 4) in our look, with the time to wait in words and in Retry-After."""
    seconds = lockout.longest_wait(request) or 60
    response = render(request, "429.html", {"wait": lockout.in_words(seconds)}, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response
