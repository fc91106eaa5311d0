"""How much anybody may send."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from apps.core.views import refusal


class UploadLimitMiddleware:
    """Refuses bodies that are too long before the first byte of them is read.

    Django itself limits form fields but not files: without this anybody could fill the disk through the sign-in page.
    It stands behind the middleware that enters the organization, so that whoever gets this far as a member of one may
    bring files, and everybody else small forms only. A body without a stated length is read as empty by Django.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        most = settings.UPLOAD_MAX_BYTES if hasattr(request, "organization") else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if _length(request) <= most:
            return self.get_response(request)
        words = _("This is larger than the %(megabytes)d MB that are taken here. Send less at a time.") % {
            "megabytes": most // 1024**2
        }
        return refusal(request, "413.html", 413, words, message=words)


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
