"""The page of one record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui import registry
from apps.core.ui.links import Link, page_url
from apps.core.ui.pages.base import M, ObjectPage, Text
from apps.core.ui.pages.history import HistoryPanel
from apps.core.ui.pages.panels import PanelView, drawn
from apps.core.ui.tables.columns import Badge
from apps.core.ui.values import attribute, shown


@dataclass(frozen=True)
class Fact:
    """A line of a card that is no field: a label, and the value from the record."""

    label: Text
    value: Callable[[Any], Any]
    css: str = ""


@dataclass(frozen=True)
class Card:
    """Facts under a heading, `width` twelfths wide."""

    title: Text
    fields: Sequence[str | Fact]
    width: int = 6


class DetailPage(ObjectPage[M]):
    """Header, facts, panels, and what can be done. `docs/pages.md` has its attributes."""

    template_name = "ui/detail.html"
    cards: ClassVar[Sequence[Card]] = ()
    panels: ClassVar[Sequence[type[PanelView]]] = ()

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        return self.render(self.get_context())

    # ---- what subclasses say ----

    def badges(self) -> Sequence[Badge]:
        """States beside the heading; an archived record says so by itself."""
        if getattr(self.instance, "active", True) is False:
            return [Badge(gettext_lazy("Archived"))]
        return []

    def facts(self) -> Sequence[Any]:
        """Short texts beside the heading."""
        return []

    def actions(self) -> Sequence[Link | None]:
        """Buttons of the header, beside Edit and the menu."""
        return []

    def menu(self) -> Sequence[Link | None]:
        """Further entries of the menu."""
        return []

    # ---- what the template finds ----

    def get_context(self, **extra: Any) -> dict[str, Any]:
        actions = [action for action in self.actions() if action is not None]
        own = [*self.panels, *registry.panels_of(self.model._meta.label), HistoryPanel]
        return super().get_context(
            object=self.instance,
            badges=self.badges(),
            facts=self.facts(),
            cards=[self._card(card) for card in self.cards],
            panels=drawn(own, self.request, self.instance),
            actions=actions,
            has_primary=any(action.primary for action in actions),
            edit_url=page_url(self.request, self.instance, "edit"),
            menu=[entry for entry in [*self.menu(), *self._standard_menu()] if entry is not None],
            **extra,
        )

    def _card(self, card: Card) -> dict[str, Any]:
        facts = []
        for part in card.fields:
            if isinstance(part, Fact):
                value = part.value(self.instance)
                facts.append(
                    (capfirst(str(part.label)), value if hasattr(value, "__html__") else shown(value), part.css)
                )
            else:
                facts.append((*attribute(self.instance, part), ""))
        return {"title": card.title, "facts": facts, "width": card.width}

    def _standard_menu(self) -> list[Link]:
        known = (
            ("archive", _("Archive %(thing)s"), "archive", ""),
            ("restore", _("Restore %(thing)s"), "arrow-back-up", ""),
            ("delete", _("Delete %(thing)s"), "trash", "del"),
        )
        return [
            Link(label % {"thing": self.model_name}, url, icon, tone=tone)
            for kind, label, icon, tone in known
            if (url := page_url(self.request, self.instance, kind))
        ]
