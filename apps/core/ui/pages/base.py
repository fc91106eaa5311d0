"""The page: right, title, page or fragment, messages."""

from __future__ import annotations

import json
from typing import Any, ClassVar, Generic, TypeVar

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.views import View
from django_htmx.http import HttpResponseClientRedirect

from apps.core.http import TenantRequest
from apps.core.ui import registry
from apps.core.ui.links import Link, may_open, org_url, page_url

Text = str | Promise
M = TypeVar("M", bound=models.Model)

_LEVELS = {"ok": messages.SUCCESS, "info": messages.INFO, "warn": messages.WARNING, "bad": messages.ERROR}
_TONES = {level: tone for tone, level in _LEVELS.items()}


class Page(View):
    """A page inside an organization, for members who hold its right.

    One address serves the page and, to htmx, the part of it called `fragment`, from the same context.
    """

    right: ClassVar[str | None]
    """Name of the right that opens it; None for every member."""
    title: ClassVar[Text] = ""
    template_name: ClassVar[str] = ""
    fragment: ClassVar[str | None] = None
    """The part that htmx gets. It is looked for in `template_name`; where that only extends another, name both:
    `ui/form.html#form`."""

    request: TenantRequest

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """The view function.

        Raises:
            ImproperlyConfigured: the class does not say which right opens it.
        """
        if not hasattr(cls, "right"):
            raise ImproperlyConfigured(
                f"{cls.__name__} names no right. Say right = None when every member may open it."
            )
        return super().as_view(**initkwargs)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.right is not None and not self.request.member.may(self.right):
            response: HttpResponseBase = self.refuse(self.right)
        else:
            self.prepare()
            response = super().dispatch(request, *args, **kwargs)
        patch_vary_headers(response, ("HX-Request", "HX-Request-Type"))
        response.headers.setdefault("Cache-Control", "no-cache, private")
        return response

    def prepare(self) -> None:
        """Load what the page is about, before any method runs and after the right was checked."""

    def refuse(self, right: str) -> HttpResponse:
        """403: a page that says which right is missing, or a banner in place of the fragment."""
        context = {"needed_right": registry.right_label(right), "title": ""}
        template = "ui/refused.html" if self.wants_fragment else "403.html"
        return HttpResponse(render_to_string(template, context, self.request), status=403)

    # ---- what it shows ----

    def get_title(self) -> str:
        return str(self.title)

    def crumbs(self) -> list[Link]:
        """The pages above this one."""
        return []

    def get_context(self, **extra: Any) -> dict[str, Any]:
        """What the template finds."""
        return {"page": self, "title": self.get_title(), "crumbs": self.crumbs(), **extra}

    @property
    def wants_fragment(self) -> bool:
        """Whether htmx asks, and not for a whole body."""
        return bool(self.request.htmx) and self.request.headers.get("HX-Request-Type") != "full"

    def render(self, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """The page, or to htmx its fragment with the waiting messages as toasts."""
        if not (self.wants_fragment and self.fragment):
            return self.draw(self.template_name, context, status=status)
        part = self.fragment if "#" in self.fragment else f"{self.template_name}#{self.fragment}"
        response = self.draw(part, context, status=status)
        self.trigger_toasts(response)
        return response

    def draw(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """One template, or a part of one, whoever asks."""
        return HttpResponse(render_to_string(template, context, self.request), status=status)

    # ---- where it leads ----

    def url(self, name: str, **kwargs: Any) -> str:
        """The address of a route in this organization."""
        return org_url(self.request, name, **kwargs)

    def link(self, name: str, label: Text, icon: str = "", **kwargs: Any) -> Link | None:
        """A link to a route, or None when the member may not follow it."""
        return Link(label, self.url(name, **kwargs), icon) if may_open(self.request, name) else None

    def go(self, url: str) -> HttpResponse:
        """Lead on to another page, whether a form or htmx asked."""
        return HttpResponseClientRedirect(url) if self.request.htmx else HttpResponseRedirect(url)

    def toast(self, text: Text, *, tone: str = "ok", undo: str = "") -> None:
        """Say what happened, on the next page or fragment. `undo` is an address that takes it back when posted to."""
        messages.add_message(self.request, _LEVELS[tone], str(text), extra_tags=undo)

    def trigger_toasts(self, response: HttpResponse) -> None:
        """Hand waiting messages to the script of the page. The event is one, so several messages become one toast."""
        waiting = list(messages.get_messages(self.request))
        if not waiting:
            return
        last = waiting[-1]
        detail = {
            "text": " ".join(str(message) for message in waiting),
            "tone": _TONES.get(last.level or messages.SUCCESS, "ok"),
            "undo": last.extra_tags or "",
        }
        # Headers are Latin-1: json keeps other letters as escapes.
        response.headers["HX-Trigger"] = json.dumps({"toast": detail})


class ModelPage(Page, Generic[M]):
    """A page about a model."""

    model: type[M]

    def get_queryset(self) -> models.QuerySet[M]:
        """The rows this page may touch; the manager limits them to the organization."""
        queryset: models.QuerySet[M] = self.model._default_manager.all()
        return queryset

    @property
    def model_name(self) -> str:
        """What one record is called, within a sentence."""
        return str(self.model._meta.verbose_name)

    @property
    def list_title(self) -> str:
        return capfirst(str(self.model._meta.verbose_name_plural))

    def list_link(self) -> list[Link]:
        url = page_url(self.request, self.model, "list")
        return [Link(self.list_title, url)] if url else []


class ObjectPage(ModelPage[M]):
    """A page about one record, whose key is in the address. Another organization's key is 404."""

    instance: M
    name: str
    """What the record was called when the request came; a form writes into the record while it is checked."""

    @classmethod
    def offers(cls, instance: models.Model) -> bool:  # noqa: ARG003 - for subclasses
        """Whether the page makes sense for the record in its present state; if not, nothing links to it."""
        return True

    def prepare(self) -> None:
        self.instance = self.load()
        self.name = str(self.instance)

    def load(self) -> M:
        """The record of the address, as it is now.

        Raises:
            Http404: there is none in this organization.
        """
        found = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def get_title(self) -> str:
        return str(self.title) or self.name

    def crumbs(self) -> list[Link]:
        url = page_url(self.request, self.instance, "detail")
        own = [Link(self.name, url)] if url and url != self.request.path else []
        return [*self.list_link(), *own]

    def detail_url(self) -> str:
        """The record's own page, else the list, else home."""
        return (
            page_url(self.request, self.instance, "detail")
            or page_url(self.request, self.model, "list")
            or self.url("ui:home")
        )

    def history_url(self) -> str | None:
        url = page_url(self.request, self.instance, "detail")
        return f"{url}#history" if url else None
