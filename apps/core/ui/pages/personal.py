"""What a reader makes of a list for themselves: saved views as tabs, and the choice of columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

from django.http import Http404, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal
from apps.core.ui import operations, queries
from apps.core.ui.models import SavedView
from apps.core.ui.pages.base import M
from apps.core.ui.pages.listbase import ListBase, View
from apps.core.ui.pages.state import ListState

SAVE, RENAME, DELETE, COLUMNS = "view-save", "view-rename", "view-delete", "columns"
MOST_COLUMNS = 12


class PersonalPage(ListBase[M]):
    """Tabs and columns of a list. Everybody who may read the list may arrange it."""

    views: ClassVar[Sequence[View]] = ()
    all_label: ClassVar[Any] = ""

    @property
    def saved_views(self) -> list[queries.KeptView]:
        return self.kept.views

    @property
    def current_view(self) -> queries.KeptView | None:
        """The person's own view that the address is."""
        here = self.state.query()
        return next((view for view in self.saved_views if view.query == here), None)

    def tab_of(self, query: str) -> str | None:
        """Which tab an address is on: its query; None between the tabs."""
        here = self.canonical(query)
        known = ["", *[self.canonical(view.query) for view in self.views], *[view.query for view in self.saved_views]]
        return here if here in known else None

    def tabs_changed(self) -> bool:
        """Whether the tabs look otherwise than on the page from which htmx asks; their counts are dear."""
        before = self.address_before()
        return before is None or self.tab_of(before.query()) != self.tab_of(self.state.query())

    def address_before(self) -> ListState | None:
        """The state of the page from which htmx or a form asks, as far as the browser says."""
        said = self.request.headers.get("HX-Current-URL") or self.request.headers.get("Referer", "")
        address = urlsplit(said)
        return self.state_of(QueryDict(address.query)) if address.path == self.request.path else None

    def tabs(self) -> list[dict[str, Any]]:
        """Everything, the built-in views, the person's own."""
        here = self.state.query()
        own = self.saved_views
        found = [self._tab(str(self.all_label) or _("All"), "", here)]
        found += [self._tab(str(view.label), view.query, here, count=self._count_of(view)) for view in self.views]
        found += [self._tab(view.name, view.query, here) for view in own]
        return found

    def _tab(self, label: str, query: str, here: str, *, count: str | None = None) -> dict[str, Any]:
        url = f"{self.request.path}?{query}" if query else self.request.path
        return {"label": label, "url": url, "current": self.canonical(query) == here, "count": count}

    def _count_of(self, view: View) -> str | None:
        if not view.counted:
            return None
        state = self.state_of(QueryDict(view.query))
        return str(self.count_of(state, lambda: self.rows_of(state, self.filterset_of(state))))

    def save_url(self) -> str | None:
        """Where a view is saved; None while the address is one already, or says nothing."""
        return self._ask_url(SAVE) if self.tab_of(self.state.query()) is None else None

    def _ask_url(self, what: str) -> str:
        return self.state.url({"ask": what})

    def view_menu(self) -> list[dict[str, str]]:
        """What can be done with the own view on screen."""
        if self.current_view is None:
            return []
        return [
            {"label": _("Rename view"), "url": self._ask_url(RENAME), "icon": "pencil"},
            {"label": _("Delete view"), "url": self._ask_url(DELETE), "icon": "trash"},
        ]

    # ---- questions and answers ----

    def ask(self, what: str, *, name: str = "", problem: str = "") -> HttpResponse:
        """A small form about a view: a dialog to htmx, a page without script."""
        if self.request.htmx and not problem and (before := self.address_before()):
            # Swaps leave the tabs alone while they look the same, so their links may be of an older state.
            self.state = before
        view = self.current_view
        if what not in (SAVE, RENAME, DELETE) or (what != SAVE and view is None):
            raise Http404
        titles = {SAVE: _("Save this view"), RENAME: _("Rename view"), DELETE: _("Delete view")}
        labels = {SAVE: _("Save view"), RENAME: _("Rename view"), DELETE: _("Delete view")}
        context = self.get_context(
            title=titles[what],
            what=what,
            view=view,
            name=name or (view.name if view and what == RENAME else ""),
            query=self.state.query(),
            submit=labels[what],
            problem=problem,
            back_url=self.state.url(),
        )
        status = 422 if problem else 200
        if not self.wants_fragment:
            return self.draw("ui/view.html", context, status=status)
        response = self.draw("ui/view.html#dialog", context, status=status)
        response.headers["HX-Retarget"] = "#modal"
        response.headers["HX-Reswap"] = "innerHTML"
        response.headers["HX-Push-Url"] = "false"
        return response

    def personal(self, what: str) -> HttpResponse:
        """Save, rename or delete a view, or choose columns."""
        if what == COLUMNS:
            return self._choose_columns()
        # Undo posts with an empty body, so its facts stand in the address.
        given = {**self.request.GET.dict(), **self.request.POST.dict()}
        user_id = self.request.member.user_id
        if what == SAVE:
            query = self.canonical(given.get("query", ""))
            name = given.get("name", "")
            try:
                view = operations.save_view(user_id=user_id, page=self.page_key, name=name, query=query)
            except Refusal as refusal:
                self.state = self.state_of(QueryDict(query))
                return self.ask(SAVE, name=name, problem=str(refusal))
            self.toast(_("View “%(name)s” saved") % {"name": view.name})
            return self.go(self._list_url(query))
        own = queries.view_of(user_id=user_id, page=self.page_key, view_id=_number(given.get("view", "")))
        if own is None or what not in (RENAME, DELETE):
            raise Http404
        return self._rename(own, given.get("name", "")) if what == RENAME else self._delete(own)

    def _rename(self, view: SavedView, name: str) -> HttpResponse:
        try:
            operations.rename_view(view=view, name=name)
        except Refusal as refusal:
            self.state = self.state_of(QueryDict(view.query))
            return self.ask(RENAME, name=name, problem=str(refusal))
        self.toast(_("View renamed to “%(name)s”") % {"name": " ".join(name.split())})
        return self.go(self._list_url(view.query))

    def _delete(self, view: SavedView) -> HttpResponse:
        operations.delete_view(view=view)
        undo = urlencode({"do": SAVE, "name": view.name, "query": view.query})
        self.toast(_("View “%(name)s” deleted") % {"name": view.name}, undo=f"{self.request.path}?{undo}")
        return self.go(self.request.path)

    def _list_url(self, query: str) -> str:
        return f"{self.request.path}?{query}" if query else self.request.path

    # ---- columns ----

    def column_menu(self) -> list[dict[str, Any]]:
        """Every column, and whether it is shown. The first names the record and stays."""
        shown = {column.name for column in self.renderer.columns}
        return [
            {"name": column.name, "label": column.header, "shown": column.name in shown, "fixed": number == 0}
            for number, column in enumerate(self.renderer.all.values())
        ]

    def _choose_columns(self) -> HttpResponse:
        chosen = self.request.POST.getlist("column")
        names = [name for name in self.renderer.all if name in chosen][:MOST_COLUMNS]
        usual = self.renderer.default_names()
        user_id = self.request.member.user_id
        same = self.request.POST.get("reset") == "1" or set(names) == set(usual) or not names
        operations.choose_columns(user_id=user_id, page=self.page_key, columns=[] if same else names)
        if len(chosen) > MOST_COLUMNS:
            self.toast(
                _("A list shows at most %(count)d columns. The rest was left out.") % {"count": MOST_COLUMNS},
                tone="warn",
            )
        state = self.address_before() or self.state_of(QueryDict(self.request.POST.get("query", "")))
        return self.go(state.url())


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0
