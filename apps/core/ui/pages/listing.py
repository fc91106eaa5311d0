"""The list page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2s
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core.ui.formats import EMPTY, num
from apps.core.ui.links import Link, page_url
from apps.core.ui.pages.base import M
from apps.core.ui.pages.bulk import BulkPage
from apps.core.ui.pages.exporting import ExportPage
from apps.core.ui.pages.filters import fit_filter
from apps.core.ui.pages.keyset import Slice
from apps.core.ui.pages.listbase import Count, Empty, Stat
from apps.core.ui.pages.personal import PersonalPage
from apps.core.ui.pages.state import AFTER, BEFORE, ROWS, SEARCH, SORT
from apps.core.ui.tables.table import record_type
from apps.core.ui.values import field_shown
from apps.core.written import rows_once


class ListPage(ExportPage[M], BulkPage[M], PersonalPage[M]):
    """The records of a model: found, filtered, sorted, paged, chosen, exported. `docs/pages.md` has its attributes."""

    template_name = "ui/list.html"
    fragment = "rows"
    search_hint: ClassVar[Any] = ""
    empty: ClassVar[Empty | None] = None

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        """The list; with `export` the file, with `ask` a question about a view."""
        wanted = request.GET.get("export")
        if wanted in self.export_formats:
            return self.export(str(wanted))
        if (what := request.GET.get("ask")) == "filters":
            return self.ask_filters()
        if what:
            return self.ask(what)
        response = self.render(self.get_context())
        if self.wants_fragment:
            # Without what the form sent empty, so that the address is the one that a link would have.
            response.headers["HX-Push-Url"] = self.state.url(paging=True)
        return response

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """A bulk action, or what somebody arranges for themselves."""
        if action := request.POST.get("action"):
            return self.bulk(action)
        if what := request.POST.get("do") or request.GET.get("do"):
            return self.personal(what)
        return redirect(self.state.url())

    # ---- what subclasses say ----

    def stats(self, queryset: models.QuerySet[M]) -> Sequence[Stat]:  # noqa: ARG002 - for subclasses
        """Up to five numbers above the list."""
        return ()

    def totals(self, queryset: models.QuerySet[M]) -> Mapping[str, Any] | None:  # noqa: ARG002
        """Values of the totals row by column, from summaries."""
        return None

    def meta(self, count: Count) -> Sequence[str]:
        """Words beside the heading."""
        return [self.counted_things(count)]

    def note(self) -> str:
        """Words at the foot of the list, such as what its order means."""
        return ""

    def actions(self) -> list[Link]:
        """Buttons of the header, beside Export and New."""
        return []

    def create_link(self) -> Link | None:
        """The one main way to a new record."""
        url = page_url(self.request, self.model, "create")
        return Link(_("New %(thing)s") % {"thing": self.model_name}, url, "plus", primary=True) if url else None

    # ---- what the template finds ----

    def get_context(self, **extra: Any) -> dict[str, Any]:
        if extra:
            # A question about the list, not the list.
            return super().get_context(**extra)
        size = self.state.rows(self.page_sizes)
        page = self._page(size)
        count = self._count(page, size)
        make = record_type(self.renderer.paths())
        return super().get_context(
            state=self.state,
            rows=self.renderer.rows(map(make, page.rows)),
            heads=self._heads(),
            selectable=self.selectable,
            caption=self.get_title(),
            totals=self._totals_row(count) if page.rows else None,
            pages=self._pages(page, count, size),
            count=count,
            meta=self.meta(count),
            stats=self._stats(),
            stats_label=_("Filter by number"),
            chips=self._chips(),
            grouping=self._grouping(),
            filters_url=self.state.url({"ask": "filters"}) if self.filterset is not None else "",
            filter_state=self._filter_state(),
            problems=self._problems(),
            hidden=self._hidden(),
            bulk=self._bulk(count),
            exports=self._exports(),
            nothing=None if page.rows else self._nothing(),
            **(self._tab_context() if not self.wants_fragment or self.tabs_changed() else {}),
            **({} if self.wants_fragment else self._frame_context()),
        )

    def _tab_context(self) -> dict[str, Any]:
        """Tabs and what can be done with the view on screen."""
        return {"tabs": self.tabs(), "save_url": self.save_url(), "view_menu": self.view_menu()}

    def _frame_context(self) -> dict[str, Any]:
        """What stays as it is while the list is searched, sorted and paged."""
        return {"columns": self.column_menu(), "actions": self.actions(), "create": self.create_link()}

    def _page(self, size: int) -> Slice:
        # For these rows in this order only. Shortened: the address says it in full already.
        order = ",".join(term.path for term in self.keyset.terms)
        spec = blake2s(f"{self.state.query()}/{order}".encode(), digest_size=6).hexdigest()
        cursor = None
        for name, back in ((AFTER, False), (BEFORE, True)):
            if text := self.state.value(name):
                cursor = self.keyset.decode(text, spec, back=back)
        self._spec = spec
        self._counted_before: list[Any] | None = cursor.note if cursor else None
        paths = self.renderer.paths()
        page = self.keyset.fetch(self.rows, paths, size, cursor) if cursor else None
        # The rows of that page may be gone: show the first rather than nothing.
        return page if page and page.rows else self._first(paths, size)

    def _first(self, paths: tuple[str, ...], size: int) -> Slice:
        key = self.key_of(self.state, paths, size)
        if key is None:
            return self.keyset.fetch(self.rows, paths, size, None)
        return self.keyset.sliced(rows_once(key, lambda: self.keyset.first(self.rows, paths, size)), size)

    def _count(self, page: Slice, size: int) -> Count:
        if page.before is None and page.after is None and len(page.rows) <= size:
            return Count(len(page.rows))
        # Counted on the first page; the pages after it carry the number along.
        before = self._counted_before
        return Count(int(before[0]), bool(before[1])) if before else self.count_of(self.state, lambda: self.rows)

    def _pages(self, page: Slice, count: Count, size: int) -> dict[str, Any]:
        first, last = page.start + 1, page.start + len(page.rows)
        if not count.more:
            # Rows went while the reader paged on: the position is only counted, so it must not exceed the whole.
            last = min(last, count.number)
            first = min(first, last)
        one = page.before is None and page.after is None
        note = [count.number, count.more]
        return {
            "shown": f"{num(first)}–{num(last)}" if page.rows and not one else self.counted_things(count),
            "total": "" if one else str(count),
            "note": self.note(),
            "previous": self.state.url({BEFORE: self.keyset.encode(page.before, self._spec, note)})
            if page.before
            else "",
            "next": self.state.url({AFTER: self.keyset.encode(page.after, self._spec, note)}) if page.after else "",
            "sizes": [] if one and count.number <= min(self.page_sizes) else self._sizes(size),
            "size_name": ROWS,
            "kept": self.state.pairs({ROWS: None}),
        }

    def _sizes(self, size: int) -> list[dict[str, Any]]:
        return [{"value": number, "current": number == size} for number in self.page_sizes]

    def _heads(self) -> list[dict[str, Any]]:
        sort = self.sort
        first = self.keyset.terms[0]
        heads = []
        for column in self.renderer.columns:
            css = column.column.classes
            falling = f"-{column.name}"
            now = "ascending" if sort == column.name else "descending" if sort == falling else ""
            if not sort and column.order_by and column.order_by[0].lstrip("-") == first.path:
                now = "descending" if first.descending else "ascending"
            following = falling if now == "ascending" else column.name
            url = self.state.url({SORT: following}) if column.order_by else ""
            heads.append({"name": column.name, "label": column.header, "css": css, "sorted": now, "url": url})
        return heads

    def _totals_row(self, count: Count) -> list[dict[str, Any]] | None:
        totals = self.totals(self.rows)
        if totals is None:
            return None
        cells = []
        for number, column in enumerate(self.renderer.columns):
            text: Any = self.counted_things(count) if number == 0 else ""
            if column.name in totals:
                value = totals[column.name]
                text = EMPTY if value is None else SafeString(conditional_escape(column.column.cell(value, None)))
            cells.append({"css": column.column.classes, "text": text})
        return cells

    def _stats(self) -> list[dict[str, Any]]:
        here = self.state.query()
        return [
            {
                "label": stat.label,
                "count": stat.count,
                "detail": stat.detail,
                "swatch": stat.swatch,
                "url": f"{self.request.path}?{stat.query}",
                "current": self.canonical(stat.query) == here,
            }
            for stat in self.stats(self.rows)[:5]
        ]

    # ---- filters ----

    def _form(self) -> forms.Form | None:
        return None if self.filterset is None else self.filterset.form

    def _grouping(self) -> dict[str, Any] | None:
        """The switch that puts rows of one kind together, and back."""
        if self.group_by is None:
            return None
        name, label = self.group_by
        on = self.sort == name
        return {"label": label, "on": on, "url": self.state.url({SORT: "" if on else name})}

    def _chips(self) -> list[dict[str, Any]]:
        form = self._form()
        if form is None:
            return []
        form.is_valid()
        chips = []
        for name, field in form.fields.items():
            value = form.cleaned_data.get(name)
            if value is None or value == "" or (hasattr(value, "__len__") and not len(value)):
                continue
            label = capfirst(str(field.label or name))
            remove = self.state.without_filter(name)
            chips.append({"field": label, "value": field_shown(field, value), "remove_url": remove})
        return chips

    def ask_filters(self) -> HttpResponse:
        """The filter fields, when somebody opens "+ Filter": with every list they would cost more than its rows.

        They take the place of the hidden inputs that carried their values in the toolbar's form; without script they
        are a page.
        """
        if self.filterset_class is None:
            raise Http404
        form = self.filterset_class(data=self.state.data(), queryset=self.get_queryset(), request=self.request).form
        for field in form.fields.values():
            fit_filter(field)
        title = _("Filter %(things)s") % {"things": self.things(0)}
        search = [(SEARCH, self.state.search)] if self.state.search else []
        context = self.get_context(
            title=title, filters=form, state=self.state, hidden=[*self._hidden(), *search], back_url=self.state.url()
        )
        return self.draw("ui/filters.html#fields" if self.wants_fragment else "ui/filters.html", context)

    def _filter_state(self) -> list[tuple[str, str]]:
        """What is filtered, for the toolbar's form to carry while the fields are not there."""
        own = {key for keys in self.state.keys.values() for key in keys}
        return [(key, value) for key, value in self.state.pairs() if key in own]

    def _problems(self) -> list[dict[str, str]]:
        form = self._form()
        if form is None or form.is_valid():
            return []
        return [
            {
                "field": capfirst(str(form.fields[name].label or name)),
                "text": " ".join(str(error) for error in errors),
                "remove_url": self.state.without_filter(name),
            }
            for name, errors in form.errors.items()
            if name in form.fields
        ]

    def _hidden(self) -> list[tuple[str, str]]:
        """What the search form must carry besides its own fields."""
        own = {SEARCH, *(key for keys in self.state.keys.values() for key in keys)}
        return [(key, value) for key, value in self.state.pairs() if key not in own]

    # ---- other parts ----

    def _bulk(self, count: Count) -> dict[str, Any] | None:
        actions = self.allowed_bulk_actions()
        if not actions:
            return None
        return {
            "url": self.request.path,
            "total": count.number,
            "query": self.state.query(),
            "actions": [
                {"value": action.name, "label": action.label, "icon": action.icon, "tone": action.tone}
                for action in actions
            ],
        }

    def _exports(self) -> list[dict[str, str]]:
        names = {"csv": _("CSV"), "xlsx": _("Excel")}
        return [
            {"label": names.get(kind, kind.upper()), "url": self.state.url({"export": kind})}
            for kind in self.export_formats
        ]

    def _nothing(self) -> dict[str, Any]:
        """Nothing yet, with the way in; or nothing found, with what was searched and how to widen it."""
        if (self.state.filtered or self.state.defaults) and self._has_rows():
            return self._not_found()
        said = self.empty or Empty(_("No %(things)s yet") % {"things": self.things(0)})
        action = said.action or self.create_link()
        return {
            "title": said.title,
            "text": said.text,
            "icon_name": said.icon,
            "url": action.url if action else "",
            "label": action.label if action else "",
            "action_icon": action.icon if action else "",
        }

    def _has_rows(self) -> bool:
        # In order, by its index. Without one PostgreSQL reads the table until it meets a row of this organization, and
        # those of others may all lie before it.
        return bool(self.keyset.ordered(self.get_queryset()).values_list("pk")[:1])

    def _not_found(self) -> dict[str, Any]:
        chips = [f"{chip['field']}: {chip['value']}" for chip in self._chips()]
        things = self.things(0)
        if self.state.search and chips:
            text = _("Nothing matches “%(text)s” with %(filters)s.") % {
                "text": self.state.search,
                "filters": ", ".join(chips),
            }
        elif self.state.search:
            text = _("Nothing matches “%(text)s”. Try fewer letters, or another word.") % {"text": self.state.search}
        else:
            text = _("Nothing matches %(filters)s.") % {"filters": ", ".join(chips)}
        wider = self.state.without_filters() if chips and self.state.search else ""
        return {
            "title": _("No %(things)s found") % {"things": things},
            "text": text,
            "icon_name": "search",
            "url": wider or self._whole_url(),
            "label": _("Search without the filters") if wider else _("Show all %(things)s") % {"things": things},
            "other_url": self._whole_url() if wider else "",
            "other_label": _("Show all %(things)s") % {"things": things},
        }

    def _whole_url(self) -> str:
        """The list with nothing held back, defaults neither."""
        return self.state_of(QueryDict()).without_filters()
