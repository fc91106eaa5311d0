"""Home: what wants doing, numbers, and the cards that the rooms put here."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui import registry
from apps.core.ui.context import places_of
from apps.core.ui.pages.base import Page
from apps.core.ui.pages.panels import drawn

_MOST_WORK = 12
_COLOURS = {"bad": "red", "warn": "amb", "ok": "grn", "chain": "vio"}
log = logging.getLogger(__name__)


class HomePage(Page):
    """The first page of an organization: worklist before numbers, as both are registered by the rooms."""

    right = None
    title = gettext_lazy("Home")
    template_name = "ui/home.html"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        work, unknown = self._work()
        tiles = self._tiles()
        entries = registry.all_of(registry.HomePanel)
        leads = drawn([entry.view for entry in entries if entry.lead], self.request)
        panels = drawn([entry.view for entry in entries if not entry.lead], self.request)
        return self.render(
            self.get_context(
                work=[vars(item) | {"css": _COLOURS.get(item.tone, "")} for item in work[:_MOST_WORK]],
                more_work=max(len(work) - _MOST_WORK, 0),
                work_unknown=unknown,
                has_work=bool(registry.all_of(registry.Work)),
                tiles=tiles,
                leads=leads,
                panels=panels,
                places=[] if tiles or leads or panels else self._places(),
            )
        )

    def get_title(self) -> str:
        return _("Home")

    def _may(self, right: str | None) -> bool:
        return right is None or self.request.member.may(right)

    def _work(self) -> tuple[Sequence[registry.WorkItem], bool]:
        """The worklist, dearest first; and whether a source of it failed."""
        items: list[registry.WorkItem] = []
        failed = False
        for source in registry.all_of(registry.Work):
            if not self._may(source.right):
                continue
            try:
                with transaction.atomic():
                    items += source.find(self.request)
            except Exception:
                log.exception("A source of work failed")
                failed = True
        return sorted(items, key=lambda item: -item.cost), failed

    def _tiles(self) -> list[dict[str, Any]]:
        tiles = []
        for tile in registry.all_of(registry.Tile):
            if not self._may(tile.right):
                continue
            try:
                with transaction.atomic():
                    value = tile.value(self.request)
            except Exception:
                log.exception("Tile %s failed", tile.label)
                value = registry.TileValue("–", _("Could not be counted. Load the page again."))
            if value is not None:
                tiles.append({"label": tile.label, "number": value.number, "text": value.text, "url": value.url})
        return tiles

    def _places(self) -> list[dict[str, Any]]:
        """Where the member can go from here, for an organization whose rooms have no numbers yet."""
        return [item for _entry, item in places_of(self.request) if item["url"] != self.request.path]
