"""What a document with lines says of itself, and how it is drawn; `core.ui.pages.grid` adds the requests."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.refusals import Refusal
from apps.core.ui.grid import Column, Key, Line, NoteButton, Pick, Step, Typed
from apps.core.ui.grid.columns import suffix
from apps.core.ui.pages.base import M, ObjectPage

KEYS = (
    Key("Enter", gettext_lazy("next cell")),
    Key("Shift+Enter", gettext_lazy("back")),
    Key("Control+D", gettext_lazy("copy cell above")),
    Key("Control+Delete", gettext_lazy("remove line")),
    Key("Insert", gettext_lazy("extra line"), wide=True),
    Key("ArrowUp", gettext_lazy("line above"), wide=True),
    Key("ArrowDown", gettext_lazy("line below"), wide=True),
)


class GridDocument(ObjectPage[M]):
    """A document with lines: what an app declares, and the drawing of it.

    With a key in its address it is about that document. Without one (`<prefix>/new/`) nothing is written until the
    first line or head is sent: `open` then makes the document, and the page goes on at its address.
    """

    template_name = "ui/grid.html"
    edit_right: ClassVar[str]
    columns: ClassVar[Sequence[Column]]
    parts: ClassVar[Sequence[str]] = ()
    """Templates of what changes with every line, such as totals. The root of each carries an id and `data-part`."""
    followed: ClassVar[Sequence[str]] = ()
    """Templates of what follows the line or product that is being looked at; roots as in `parts`."""
    keys: ClassVar[Sequence[Key]] = KEYS
    caption: ClassVar[Any] = gettext_lazy("Lines. Enter goes to the next cell.")

    # ---- what a document says ----

    def open(self) -> M:
        """Make the document of a new page.

        Raises:
            Refusal: it cannot be made.
        """
        raise NotImplementedError

    def document_path(self) -> str:
        """The address of the page once the document is made."""
        return self.request.path

    foreign = False
    """Whether somebody else changed the document since the page was drawn that sends this request."""

    def is_open(self) -> bool:
        """Whether lines may change."""
        raise NotImplementedError

    def closed_text(self) -> str:
        """Why lines do not change any more, to somebody who is just typing one."""
        return _("%(document)s is closed. What you typed is not on it.") % {"document": self.instance}

    def version(self) -> int:
        """Grows with every change of the document, whoever makes it."""
        return int(getattr(self.instance, "version", 0)) if self.instance else 0

    def lines(self) -> Sequence[Line]:
        """All lines in their order."""
        raise NotImplementedError

    def line(self, pk: int) -> Line | None:
        """One of them as it is now; None when it is gone."""
        return next((line for line in self.lines() if line.pk == pk), None)

    def commit(self, typed: Typed) -> Line:
        """Call the operation that writes the line; `typed.pk` None adds one.

        Raises:
            Refusal: the facts do not allow it; its field names the column.
            Stale: somebody else changed the line meanwhile.
        """
        raise NotImplementedError

    def remove(self, pk: int) -> None:
        """Call the operation that takes a line off."""
        raise NotImplementedError

    def act(self, do: str, typed: Typed) -> Line | None:  # noqa: ARG002 - for subclasses
        """Do what a button of a note asks; None when the line is gone or further lines changed, too.

        Raises:
            Refusal: as `commit`.
            Http404: there is no such button.
        """
        raise Http404

    def change_head(self) -> None:
        """Call the operation that writes the head, from `self.request.POST`.

        Raises:
            Refusal: as `commit`.
        """
        raise Http404

    def find(self, column: str, text: str) -> int | None:  # noqa: ARG002 - for subclasses
        """The record that a typed name means, where nothing was picked: without script. None when in doubt."""
        return None

    def mend(self, refusal: Refusal, typed: Typed) -> Sequence[NoteButton]:  # noqa: ARG002 - for subclasses
        """Buttons that mend what was refused."""
        return ()

    def steps(self) -> Sequence[Step]:
        """What can be done with the document as it stands."""
        return ()

    def step(self, do: str) -> str:
        """Call the operation of a step; the address where it leads.

        Raises:
            Refusal: the facts do not allow it.
        """
        raise NotImplementedError

    def pickers(self) -> Mapping[str, str]:
        """Address of each picker by its name; a column's `picker`, or of a field in the head."""
        return {}

    def parts_context(self) -> dict[str, Any]:
        """What `parts` and the page's own blocks find."""
        return {}

    def follow_context(self, line: Line | None, keys: Mapping[str, int]) -> dict[str, Any]:  # noqa: ARG002
        """What `followed` finds: `line` is being typed, or a product is highlighted in a picker."""
        return {}

    def after(self) -> None:
        """The document was written: read it again."""
        self.instance = self.get_queryset().get(pk=self.instance.pk)

    # ---- the page ----

    def prepare(self) -> None:
        if self.kwargs.get("pk") is None:
            self.instance = cast(M, None)
            self.name = ""
        else:
            super().prepare()

    def crumbs(self) -> list[Any]:
        return super().crumbs() if self.instance else self.list_link()

    def may_edit(self) -> bool:
        if not self.request.member.may(self.edit_right):
            return False
        return self.is_open() if self.instance else True

    def answer(
        self,
        *,
        line: Line | None = None,
        whole: bool = False,
        gone: int | None = None,
        message: str = "",
        field: str = "",
        asked: Step | None = None,
        foreign: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        """What changed, to the script; to everybody else the page, so that reloading does not repeat it."""
        if not self.request.htmx:
            if status == 200 and not asked:
                return self.go(self.document_path())
            return self.page(line=line, message=message, asked=asked, status=status)
        rows = [self.row(one) for one in self._numbered(self.lines())] if whole else []
        if line is not None:
            rows.insert(0, self.row(line, answers=True))
        context = {
            **self._frame(message=message, asked=asked),
            "rows": rows,
            "whole": whole,
            "gone": gone,
            "field": field,
            "foreign": foreign or self.foreign,
            "unsaved": status != 200,
            "parts": self.parts,
        }
        response = self.draw("ui/grid_answer.html", context, status=status)
        self.trigger_toasts(response)
        return response

    def page(
        self, *, line: Line | None = None, message: str = "", asked: Step | None = None, status: int = 200
    ) -> HttpResponse:
        """The whole page; `line` stands for itself as it was typed and refused."""
        lines = list(self._numbered(self.lines())) if self.instance else []
        fresh = Line(number=len(lines) + 1, token=secrets.token_urlsafe(9))
        if line is not None and line.pk is None:
            line.number, line.token, fresh = fresh.number, fresh.token, line
        elif line is not None:
            for at, one in enumerate(lines):
                if one.pk == line.pk:
                    line.number, lines[at] = one.number, line
        open_ = self.may_edit()
        context = self.get_context(
            **self._frame(message=message, asked=asked),
            heads=[column.head() for column in self.columns],
            columns=self.columns,
            span=len(self.columns) + 2,
            rows=[self.row(one) for one in lines],
            fresh=self.row(fresh) if open_ else "",
            keys=self.keys,
            parts=self.parts,
            pickers=self.pickers(),
            follows=bool(self.followed),
        )
        return self.draw(self.template_name, context, status=status)

    def follow(self) -> HttpResponse:
        """What stands beside the line or product that is looked at."""
        data = self.request.GET
        pk = number_of(data.get("line", ""))
        keys = {
            column.name: key
            for column in self.columns
            if isinstance(column, Pick) and (key := number_of(data.get(f"{column.name}_id", ""))) is not None
        }
        line = self.line(pk) if pk is not None and self.instance else None
        context = {**self.follow_context(line, keys), "page": self, "parts": self.followed}
        return self.draw("ui/grid_followed.html", context)

    def row(self, line: Line, *, answers: bool = False) -> SafeString:
        """One line, with its notes under it."""
        if not self.may_edit():
            line.fixed = True
        context = {
            "line": line,
            "end": suffix(line),
            "answers": answers,
            "cells": [column.cell(line) for column in self.columns],
            "more": [[column.further(row.get(column.name)) for column in self.columns] for row in line.more],
            "span": len(self.columns) + 2,
            "path": self.document_path(),
            "csrf": get_token(self.request),
        }
        return cast(SafeString, get_template("ui/grid_line.html").render(context))

    def _numbered(self, lines: Sequence[Line]) -> Sequence[Line]:
        for number, line in enumerate(lines, 1):
            line.number = number
        return lines

    def _frame(self, *, message: str, asked: Step | None) -> dict[str, Any]:
        may = self.request.member.may
        return {
            "page": self,
            "request": self.request,
            "object": self.instance,
            "may_edit": self.may_edit(),
            "grid_path": self.document_path(),
            "steps": [one for one in self.steps() if not one.right or may(one.right)],
            "message": message,
            "asked": asked,
            "now": timezone.now(),
            "version": self.version(),
            "document": self.request.POST.get("document") or ("" if self.instance else secrets.token_urlsafe(9)),
            **self.parts_context(),
        }


def number_of(text: str) -> int | None:
    """A key that was sent; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
