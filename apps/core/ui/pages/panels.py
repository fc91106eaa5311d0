"""Panels: cards on a detail page or on the home page, of the page's own app or of an upper one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core.http import TenantRequest
from apps.core.ui.links import Link, may_open, org_url, page_url, row_links
from apps.core.ui.pages.keyset import Keyset, term_of
from apps.core.ui.tables.table import Renderer, Table, record_type

Text = str | Promise
log = logging.getLogger(__name__)


class PanelView:
    """A card. `instance` is the record of the page; on the home page there is none."""

    title: ClassVar[Text] = ""
    right: ClassVar[str | None] = None
    template_name: ClassVar[str] = ""
    width: ClassVar[int] = 6
    """Twelfths of the page: 4, 5, 6, 7, 8 or 12."""

    def __init__(self, request: TenantRequest, instance: Any = None) -> None:
        self.request = request
        self.instance = instance

    @property
    def name(self) -> str:
        """Its anchor on the page."""
        return type(self).__name__.removesuffix("Panel").lower()

    def get_title(self) -> str:
        return str(self.title)

    def context(self) -> Mapping[str, Any] | None:
        """What the template finds; None leaves the panel out."""
        return {}

    def actions(self) -> Sequence[Link | None]:
        """Links in the panel's head; None ones, which lead where the member may not go, are left out."""
        return []

    def link(self, label: Text, name: str, icon: str = "", **kwargs: Any) -> Link | None:
        """A link to a route of this organization, or None when the member may not follow it."""
        return Link(str(label), org_url(self.request, name, **kwargs), icon) if may_open(self.request, name) else None

    def body(self) -> str | None:
        """The card's content as HTML, or None for no card."""
        context = self.context()
        if context is None:
            return None
        return render_to_string(self.template_name, {"panel": self, "object": self.instance, **context}, self.request)


class TablePanel(PanelView):
    """Rows that hang on the record, as a table; the first `limit` of them."""

    template_name = "ui/table_panel.html"
    table_class: ClassVar[type[Table]]
    width = 12
    limit: ClassVar[int] = 50
    empty: ClassVar[Text] = ""

    def get_queryset(self) -> models.QuerySet[Any]:
        """The rows, in their order."""
        raise NotImplementedError

    def row_kind(self) -> str:
        """The page that a row leads to."""
        return "detail"

    def row_url_maker(self) -> Callable[[Any], str | None] | None:
        """The address that a row leads to, where it is not a page of the row itself."""
        make = row_links(self.request, self.get_queryset().model, self.row_kind())
        return (lambda record: make(record.pk)) if make else None

    def all_url(self) -> str | None:
        """The list that shows the rest."""
        return None

    def context(self) -> Mapping[str, Any] | None:
        queryset = self.get_queryset()
        model = queryset.model
        renderer = Renderer(self.table_class, model, row_url=self.row_url_maker(), row_id=f"{self.name}-row")
        ordering = queryset.query.order_by or model._meta.ordering
        keyset = Keyset(model, [term_of(model, part) for part in ordering])
        paths = renderer.paths()
        page = keyset.fetch(queryset, paths, self.limit, None)
        return {
            "columns": renderer.columns,
            "rows": renderer.rows(map(record_type(paths), page.rows)),
            "more": page.after is not None,
            "all_url": self.all_url(),
            "empty": self.empty or _("No %(things)s yet") % {"things": model._meta.verbose_name_plural},
            "limit": self.limit,
        }


def drawn(panels: Iterable[type[PanelView]], request: TenantRequest, instance: Any = None) -> list[dict[str, Any]]:
    """The cards that the member may see. One that fails says so in its own place; the rest of the page stays."""
    cards = []
    for kind in panels:
        if kind.right is not None and not request.member.may(kind.right):
            continue
        panel = kind(request, instance)
        card = {"name": panel.name, "title": panel.get_title(), "width": panel.width, "body": None, "actions": []}
        try:
            # A savepoint: after a failed statement PostgreSQL refuses every other one of the transaction.
            with transaction.atomic():
                body = panel.body()
                if body is None:
                    continue
                card["body"] = SafeString(body)
                card["actions"] = [action for action in panel.actions() if action is not None]
        except Exception:
            log.exception("Panel %s failed", kind.__name__)
        cards.append(card)
    return cards


def create_link(request: TenantRequest, model: type[models.Model]) -> Link | None:
    """The way to a new record of a model, for the head of a panel."""
    url = page_url(request, model, "create")
    return Link(_("New %(thing)s") % {"thing": model._meta.verbose_name}, url, "plus") if url else None


def caption(model: type[models.Model]) -> str:
    return capfirst(str(model._meta.verbose_name_plural))
