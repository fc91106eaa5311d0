"""A document that is a set of lines, each saved by a small request of its own: bills, receipts, orders.

The whole page is drawn once. From then on a request carries one line and is answered with that line, the totals and
what else follows from it; `static/js/docgrid.js` sends them one after the other while the next line is being typed.
Without script each line is a form with a Save button, and the page is drawn anew.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal, Stale
from apps.core.ui import operations
from apps.core.ui.grid import Column, Entry, Line, Note, NoteButton, Pick, Step, Typed
from apps.core.ui.pages.base import M
from apps.core.ui.pages.gridconflict import conflict_of, text_of
from apps.core.ui.pages.griddocument import KEYS, GridDocument, number_of

_SALT = "ui.grid.removed"
_MOST_TEXT = 200


class GridPage(GridDocument[M]):
    """The page of a document with lines.

    With a key in its address it is about that document. Without one (`<prefix>/new/`) nothing is written until the
    first line or head is sent: `open` then makes the document, and the page goes on at its address.
    """

    # ---- requests ----

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        part = request.GET.get("part", "") if self.request.htmx else ""
        if part == "lines":
            return self.answer(whole=True)
        if part == "follow":
            return self.follow()
        return self.page()

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        do, _colon, value = (request.GET.get("do") or request.POST.get("do", "line")).partition(":")
        if not self.request.member.may(self.edit_right):
            return self.answer(message=_("Your role may look at this, not change it."), status=422)
        if self.kwargs.get("pk") is None:
            try:
                self._open_once()
            except Refusal as refusal:
                return self.refused(refusal)
        if not self.is_open():
            return self.closed()
        self.foreign = "version" in request.POST and request.POST["version"] != str(self.version())
        if step := next((one for one in self.steps() if one.do == do), None):
            return self.take(step)
        if do == "head":
            return self.head_changed()
        typed = self.restored() if do == "restore" else self.read(value)
        if do == "remove":
            return self.removed(typed)
        return self.saved(do, typed)

    def _open_once(self) -> None:
        """The document of a new page. Sent again because its answer was lost, the request finds what it made."""
        key = f"new-{self.request.POST.get('document', '')[:50]}"
        path, user_id = self.request.path, self.request.member.user_id
        before = operations.begin_submission(user_id=user_id, key=key, path=path) if len(key) > 4 else None
        if before is not None:
            found = self.get_queryset().filter(pk=int(before.url)).first()
            if found is None:
                raise Refusal(_("This was discarded in another window. Open a new one."))
            self.instance = found
        else:
            try:
                self.instance = self.open()
            except Refusal:
                operations.abandon_submission(key=key)
                raise
            operations.finish_submission(key=key, url=str(self.instance.pk), text="")
        self.name = str(self.instance)

    # ---- one line ----

    def read(self, value: str = "") -> Typed:
        """The line that was sent."""
        data = self.request.POST
        pk = number_of(data.get("line", ""))
        entries = [column for column in self.columns if isinstance(column, Entry)]
        values = {
            column.name: data.get(column.name, "").replace("\0", "").strip()[:_MOST_TEXT]
            for column in entries
            if column.name in data
        }
        keys = {
            column.name: key
            for column in entries
            if isinstance(column, Pick) and (key := number_of(data.get(f"{column.name}_id", ""))) is not None
        }
        changed = frozenset(column.name for column in entries if f"was-{column.name}" in data)
        return Typed(pk, values, keys, changed, value)

    def _completed(self, typed: Typed, now: Line | None) -> Typed:
        """With what the record says in cells that the person left alone, and with names found that nobody picked."""
        values, keys = dict(typed.values), dict(typed.keys)
        for column in self.columns:
            if not isinstance(column, Entry):
                continue
            name = column.name
            if now is not None and typed.changed and name not in typed.changed:
                values[name] = text_of(now.values.get(name))
            if isinstance(column, Pick):
                held = now.keys.get(name) if now else None
                if now is not None and values.get(name) == text_of(now.values.get(name)) and held is not None:
                    keys[name] = int(str(held))
                elif values.get(name) and (name not in keys or keys[name] == held):
                    found = self.find(name, values[name])
                    keys.pop(name, None)
                    if found is not None:
                        keys[name] = found
        return Typed(typed.pk, values, keys, typed.changed, typed.value, typed.place)

    def saved(self, do: str, typed: Typed) -> HttpResponse:
        """A line is written, or a button of its note pressed."""
        now = self.line(typed.pk) if typed.pk is not None else None
        if typed.pk is not None and now is None:
            return self.gone(typed)
        if now is not None:
            rows = _clashes(self.columns, typed, now, self.request.POST)
            if rows:
                return self.conflict(typed, now, rows)
        typed = self._completed(typed, now)
        token = self._token(do) if typed.pk is None else ""
        if token:
            try:
                before = operations.begin_submission(
                    user_id=self.request.member.user_id, key=token, path=self.request.path
                )
            except Refusal as refusal:
                return self.refused(refusal, typed, now)
            if before is not None:
                # It was saved, and the answer was lost on the way; perhaps it was changed since.
                now = self.line(int(before.url)) if before.url else None
                if now is None:
                    return self.gone(typed)
                typed, token = replace(typed, pk=now.pk), ""
        try:
            line = self.commit(typed) if do in ("line", "restore") else self.act(do, typed)
        except Refusal as refusal:
            if token:
                operations.abandon_submission(key=token)
            return self.refused(refusal, typed, now)
        except Stale:
            now = self.line(typed.pk) if typed.pk is not None else None
            return self.gone(typed) if now is None else self.conflict(typed, now, [])
        if token:
            operations.finish_submission(key=token, url=str(line.pk) if line and line.pk else "", text="")
        self.after()
        whole = line is None or typed.place is not None
        return self.answer(line=None if whole else line, whole=whole)

    def _token(self, do: str) -> str:
        """What tells a line that is sent again from another one."""
        if do == "restore":
            return f"undo-{self.request.GET['line'].rpartition(':')[2]}"[:64]
        return self.request.POST.get("token", "")[:64]

    def removed(self, typed: Typed) -> HttpResponse:
        """A line is taken off; the toast puts it back."""
        now = self.line(typed.pk) if typed.pk is not None else None
        if now is None:
            return self.answer(gone=typed.pk)
        try:
            self.remove(cast(int, typed.pk))
        except Refusal as refusal:
            return self.refused(refusal, typed, now)
        kept = [
            {name: text_of(value) for name, value in now.values.items() if isinstance(self._column(name), Entry)},
            {name: int(str(key)) for name, key in now.keys.items() if key is not None},
            now.number,
        ]
        back = urlencode({"do": "restore", "line": signing.dumps(kept, salt=_SALT, compress=True)})
        self.toast(_("%(line)s removed") % {"line": now.name or _("Line")}, undo=f"{self.document_path()}?{back}")
        self.after()
        return self.answer(gone=typed.pk)

    def restored(self) -> Typed:
        """The line that the toast of a removal carries.

        Raises:
            Http404: it was not made by us.
        """
        try:
            values, keys, number = signing.loads(self.request.GET.get("line", ""), salt=_SALT)
        except (signing.BadSignature, ValueError):
            raise Http404 from None
        return Typed(None, values, keys, frozenset(), "", number)

    def _column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    # ---- head and steps ----

    def head_changed(self) -> HttpResponse:
        try:
            self.change_head()
        except Refusal as refusal:
            return self.answer(message=str(refusal), field=refusal.field or "", status=422)
        self.after()
        return self.answer(whole=True)

    def take(self, step: Step) -> HttpResponse:
        """The document moves on."""
        if step.right and not self.request.member.may(step.right):
            return self.answer(message=_("Your role may look at this, not change it."), status=422)
        if step.missing:
            return self.answer(message=" ".join(str(text) for text in step.missing), status=422)
        if self.foreign:
            return self.unseen()
        if step.question and "sure" not in self.request.POST:
            return self.answer(asked=step)
        try:
            url = self.step(step.do)
        except Refusal as refusal:
            return self.refused_step(refusal)
        except Stale:
            self.after()
            return self.unseen()
        return self.go(url)

    def unseen(self) -> HttpResponse:
        """What is done must be done with what was seen: first the lines as they are now."""
        text = _("Somebody else changed this meanwhile. Look at the lines, then do it once more.")
        return self.answer(whole=True, message=text, status=422)

    def refused_step(self, refusal: Refusal) -> HttpResponse:
        """A step is not done; a page may show the reason beside the lines that cause it."""
        return self.answer(message=str(refusal), status=422)

    # ---- what is not saved ----

    def refused(self, refusal: Refusal, typed: Typed | None = None, now: Line | None = None) -> HttpResponse:
        """The line as it was typed, with the reason in the cell that caused it."""
        if typed is None:
            return self.answer(message=str(refusal), status=422)
        field = refusal.field if refusal.field and self._column(refusal.field) else ""
        note = Note(str(refusal), "bad", self.mend(refusal, typed))
        line = Line(
            pk=typed.pk,
            name=now.name if now else "",
            values={**(now.values if now else {}), **typed.values},
            keys={**(now.keys if now else {}), **typed.keys},
            notes=[note, *(now.notes if now else ())],
            faults={field: str(refusal)},
            was={name: text_of(now.values.get(name)) for name in typed.values} if now else {},
            token=self.request.POST.get("token", ""),
        )
        return self.answer(line=line, status=422)

    def closed(self) -> HttpResponse:
        """Somebody else finished the document while a line was typed."""
        if not self.request.htmx:
            self.toast(self.closed_text(), tone="warn")
            return self.go(self.detail_url())
        context = {"text": self.closed_text(), "url": self.detail_url()}
        return self.draw("ui/grid_closed.html", context, status=409)

    def gone(self, typed: Typed) -> HttpResponse:
        """Somebody else took the line off that is being changed: it can be put back as it was typed."""
        note = Note(
            _("Somebody else removed this line. Save it again to put it back, or remove it."),
            "warn",
            [NoteButton(_("Put it back"), "line")],
        )
        line = Line(values=typed.values, keys=typed.keys, notes=[note], faults={"": ""}, token=secrets.token_urlsafe(9))
        return self.answer(line=line, status=422, foreign=True)

    def conflict(self, typed: Typed, now: Line, rows: Sequence[Any]) -> HttpResponse:
        """Two people changed one line: when you opened it, theirs, yours."""
        shown = conflict_of(
            typed=typed, now=now, rows=rows, columns=self.columns, version=self.version(), url=self.document_path()
        )
        if self.request.htmx:
            return self.draw("parts/conflict.html", {"conflict": shown}, status=409)
        return self.draw("409.html", {"conflict": shown, "title": shown["title"]}, status=409)


def _clashes(columns: Sequence[Column], typed: Typed, now: Line, data: Mapping[str, str]) -> list[tuple[Entry, str]]:
    """Columns that both sides changed to different values since the line was drawn, with what it showed then."""
    found = []
    for column in columns:
        if not isinstance(column, Entry) or column.name not in typed.changed:
            continue
        before, theirs, yours = (
            data.get(f"was-{column.name}", ""),
            text_of(now.values.get(column.name)),
            typed.values.get(column.name, ""),
        )
        if theirs not in (before, yours):
            found.append((column, before))
    return found


__all__ = ["KEYS", "GridPage"]
