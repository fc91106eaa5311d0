"""Numbers of the frame that stay true while a page is open."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from apps.core.ui.context import entries_of, live_name, on_the_phone
from apps.core.ui.pages.base import Page


class LivePage(Page):
    """The numbers beside places whose entries say `live`; a fragment that puts each where the page shows it."""

    right = None
    template_name = "ui/live.html"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        entries = entries_of(self.request)
        bar = on_the_phone(entries)
        items = [
            {"name": live_name(entry), "count": entry.count(self.request), "phone": entry in bar}
            for entry in entries
            if entry.live and entry.count
        ]
        return self.render(self.get_context(items=items))
