"""Acting on many rows of a list: on those ticked, or on all that match."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.db import models, transaction
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal
from apps.core.ui.formats import num
from apps.core.ui.pages.base import M, Text
from apps.core.ui.pages.listbase import ListBase, counted

# Names shown before the question; the rest is a number.
_NAMED = 8


@dataclass(frozen=True)
class Refused:
    """A row that was left as it is, and why."""

    name: str
    reason: Text


@dataclass(frozen=True)
class BulkResult:
    """What a bulk operation did."""

    done: int
    refused: Sequence[Refused] = field(default_factory=list)
    url: str = ""
    """Where it goes on, such as to the sheet that was made; else back to the list."""


@dataclass(frozen=True)
class BulkAction:
    """Something to do to many rows.

    `operation(*, rows, actor, **cleaned_form)` gets a queryset of exactly the rows meant and locks what it changes.
    `question` and `done` are texts in which %(count)s stands for the number of rows.
    """

    name: str
    label: Text
    operation: Callable[..., BulkResult]
    right: str
    icon: str = ""
    tone: str = ""
    question: Text = ""
    done: Text = ""
    form_class: type[forms.Form] | None = None


class BulkPage(ListBase[M]):
    """Posted to the address of a list: first the question, then the deed."""

    bulk_actions: ClassVar[Sequence[BulkAction]] = ()

    def allowed_bulk_actions(self) -> list[BulkAction]:
        return [action for action in self.bulk_actions if self.request.member.may(action.right)]

    @property
    def selectable(self) -> bool:
        return bool(self.allowed_bulk_actions())

    def bulk(self, name: str) -> HttpResponse:
        """Ask, or do what was confirmed."""
        action = next((one for one in self.bulk_actions if one.name == name), None)
        if action is None:
            return HttpResponse(_("There is no such action."), status=400, content_type="text/plain")
        if not self.request.member.may(action.right):
            return self.refuse(action.right)
        post = self.request.POST
        everything = post.get("all") == "1"
        state = self.state_of(QueryDict(post.get("query", "")))
        rows = self.rows_of(state, self.filterset_of(state)) if everything else self._ticked()
        back = state.url()
        count = counted(rows)
        if not count.number:
            self.toast(_("No rows were ticked. Tick some, then choose what to do."), tone="info")
            return self.go(back)
        confirmed = post.get("confirmed") == "1"
        form = action.form_class(post if confirmed else None) if action.form_class else None
        problem = ""
        if confirmed and (form is None or form.is_valid()):
            try:
                with transaction.atomic():
                    result = action.operation(
                        rows=rows, actor=self.request.member, **(form.cleaned_data if form is not None else {})
                    )
            except Refusal as refusal:
                if form is not None and refusal.field in form.fields:
                    form.add_error(refusal.field, str(refusal))
                else:
                    problem = str(refusal)
            else:
                return self._report(action, result, back)
        context = self.get_bulk_context(action, rows, str(count), back) | {"form": form, "problem": problem}
        return self.draw("ui/bulk.html", context, status=422 if confirmed else 200)

    def _ticked(self) -> models.QuerySet[M]:
        keys = [int(key) for key in self.request.POST.getlist("pk") if key.isdecimal() and len(key) < 19]
        return self.get_queryset().filter(pk__in=keys[: max(self.page_sizes)])

    def get_bulk_context(self, action: BulkAction, rows: models.QuerySet[M], count: str, back: str) -> dict[str, Any]:
        post = self.request.POST
        kept = [("action", action.name), ("query", post.get("query", ""))]
        kept += [("all", "1")] if post.get("all") == "1" else [("pk", key) for key in post.getlist("pk")]
        names = [str(one) for one in rows[: _NAMED + 1]]
        question = action.question or _("%(label)s: %(count)s %(things)s?")
        said = {"count": count, "label": action.label, "things": self.things(2 if count != "1" else 1)}
        return self.get_context(
            title=str(action.label),
            action=action,
            question=str(question) % said,
            names=names[:_NAMED],
            more=len(names) > _NAMED,
            kept=kept,
            back_url=back,
        )

    def _report(self, action: BulkAction, result: BulkResult, back: str) -> HttpResponse:
        text = str(action.done or _("%(label)s: %(count)s done")) % {"count": num(result.done), "label": action.label}
        if not result.refused:
            if not result.url:
                self.toast(text)
            return self.go(result.url or back)
        context = self.get_context(
            title=str(action.label),
            action=action,
            text=text if result.done else "",
            refused=result.refused,
            back_url=back,
        )
        return self.draw("ui/bulk_result.html", context)
