"""Word of imports that ended while their person was elsewhere: on the next page, on one that stays open, at home."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.exchange import operations, queries
from apps.core.exchange.models import ImportJob
from apps.core.exchange.rules.states import State
from apps.core.exchange.views.jobs import WAITING_COOKIE, ImportPage, importers_for
from apps.core.http import TenantRequest
from apps.core.ui.formats import num
from apps.core.ui.links import org_url
from apps.core.ui.registry import WorkItem


def news_of(job: ImportJob) -> tuple[str, bool]:
    """What happened, and whether it is good; nothing while the work goes on again."""
    if job.message:
        return _("%(file)s: %(message)s") % {"file": job.filename, "message": job.message}, False
    file = {"file": job.filename}
    if job.state == State.UPLOADED:
        return _("%(file)s was read. Its columns can be matched.") % file, True
    if job.state == State.CHECKED:
        if not job.errors:
            return _("%(file)s was checked. Every row is ready.") % file, True
        text = ngettext(
            "%(file)s was checked. %(count)s row has errors.",
            "%(file)s was checked. %(count)s rows have errors.",
            job.errors,
        )
        return text % {**file, "count": num(job.errors)}, False
    if job.state == State.DONE:
        text = ngettext("%(count)s row of %(file)s imported", "%(count)s rows of %(file)s imported", job.taken)
        return text % {**file, "count": num(job.taken)}, True
    if job.state == State.UNDONE:
        return _("The import of %(file)s was undone.") % file, True
    return "", True


class NewsMiddleware:
    """Tells a person who has work going on, with the page they open next. Everybody else costs a look at a cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, kwargs: dict[str, Any]) -> None:
        match = request.resolver_match
        inside = getattr(request, "member", None) is not None
        if not inside or request.method != "GET" or WAITING_COOKIE not in request.COOKIES or match is None:
            return
        if match.namespace == "exchange" and "pk" in kwargs:
            # The import itself is about to be shown.
            return
        for job in operations.hear_news(person_id=request.user.pk):
            text, good = news_of(job)
            if text:
                messages.add_message(request, messages.SUCCESS if good else messages.WARNING, text)


class News(ImportPage):
    """What a page that stays open asks every few seconds, for as long as there is work to wait for."""

    template_name = "parts/news.html"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if not self.wants_fragment:
            return HttpResponseRedirect(self.url("exchange:import_start"))
        waiting = queries.waits_for_work(request.user.pk)
        response = self.draw(self.template_name, {"news_url": request.path if waiting else ""})
        self.trigger_toasts(response)
        if not waiting:
            response.delete_cookie(WAITING_COOKIE, path=f"/o/{self.request.organization.slug}/")
        return response


def unread_imports(request: TenantRequest) -> Sequence[WorkItem]:
    """For the home page: imports that ended and were not looked at yet, wherever they were started."""
    if not importers_for(request.member):
        return []
    items = []
    for job in queries.with_news(request.user.pk):
        text, good = news_of(job)
        if text:
            items.append(
                WorkItem(
                    icon="table-import",
                    text=text,
                    url=org_url(request, "exchange:import_job", pk=job.pk),
                    label=_("Look"),
                    tone="" if good else "warn",
                    cost=60,
                )
            )
    return items


def news_address(request: HttpRequest) -> dict[str, str]:
    """Context processor: where an open page asks for news, when there is something to wait for."""
    organization = getattr(request, "organization", None)
    if organization is None or WAITING_COOKIE not in request.COOKIES:
        return {}
    return {"news_url": org_url(cast(TenantRequest, request), "exchange:import_news")}
