"""The palette's search: one box that finds records of every room, and commands."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui import registry
from apps.core.ui.context import commands_of
from apps.core.ui.marking import marked
from apps.core.ui.pages.base import Page

_MOST = 6
log = logging.getLogger(__name__)


class PalettePage(Page):
    """Records from the providers, `?q=`. To htmx they alone; the page has the commands as well."""

    right = None
    title = gettext_lazy("Search")
    template_name = "ui/palette.html"
    fragment = "results"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        text = request.GET.get("q", "").replace("\x00", "").strip()[:80]
        return self.render(self.get_context(q=text, groups=self.groups(text), commands_found=self._commands(text)))

    def groups(self, text: str) -> list[dict[str, Any]]:
        """Hits by provider. A prefix such as # asks one provider only."""
        providers = [
            one
            for one in registry.all_of(registry.SearchProvider)
            if one.right is None or self.request.member.may(one.right)
        ]
        called = [one for one in providers if one.prefix and text.startswith(one.prefix)]
        if called:
            providers, text = called, text[len(called[0].prefix) :].strip()
        if not text:
            return []
        found = [{"label": provider.label, "items": self._items(provider, text)} for provider in providers]
        return [group for group in found if group["items"]]

    def _items(self, provider: registry.SearchProvider, text: str) -> list[dict[str, Any]]:
        try:
            with transaction.atomic():
                hits = list(provider.search(self.request, text))[:_MOST]
        except Exception:
            # One room out of order must not close the others.
            log.exception("Search in %s failed", provider.label)
            return []
        words = text.split()
        return [
            {"label": marked(hit.label, words), "sub": hit.detail, "icon": hit.icon, "url": hit.url, "end": hit.end}
            for hit in hits
        ]

    def _commands(self, text: str) -> list[dict[str, Any]]:
        if self.wants_fragment:
            return []
        words = text.lower().split()
        return [one for one in commands_of(self.request) if all(word in str(one["label"]).lower() for word in words)]

    def get_title(self) -> str:
        return _("Search")
