"""Forms that make and change records."""

from __future__ import annotations

import secrets
from copy import copy
from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from apps.core.audit.queries import history_of
from apps.core.refusals import Refusal
from apps.core.ui import formats, operations
from apps.core.ui.crispy import Buttons, Card, LookHelper
from apps.core.ui.links import page_url
from apps.core.ui.pages import conflict
from apps.core.ui.pages.base import M, ModelPage, ObjectPage, Text
from apps.core.ui.pages.saving import Stale, explain, find_taken, save_changes, snapshot

IDEMPOTENCY = "idempotency_key"


class FormPage(ModelPage[M]):
    """A form, its errors with 422, and where it leads."""

    template_name = "ui/form.html"
    fragment = "form"
    form_class: ClassVar[type[forms.BaseForm]]
    submit_label: ClassVar[Text] = ""
    card_title: ClassVar[Text] = ""
    tone: ClassVar[str] = "pri"

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Further arguments of the form class."""
        return {}

    def make_form(self, *, bound: bool) -> Any:
        """The form, bound to what was posted."""
        given: dict[str, Any] = {"initial": self.get_initial(), **self.get_form_kwargs()}
        if bound:
            given |= {"data": self.request.POST, "files": self.request.FILES}
        return self.form_class(**given)

    def lay_out(self, form: Any) -> None:
        """Give the form our helper. A form with an own `helper` or `layout` keeps its cards; the buttons are ours."""
        helper = getattr(form, "helper", None) or LookHelper()
        layout = getattr(form, "layout", None) or getattr(helper, "layout", None)
        if layout is None:
            layout = Layout(Card(self.card_title or self.get_title(), *form.fields))
        # A layout written on a form class serves all requests: never change it, put the buttons on a copy.
        parts = [copy(part) for part in layout.fields]
        cards = [part for part in parts if isinstance(part, Card)]
        if cards and not any(card.footer for card in cards):
            cards[-1].footer = Buttons(self.get_submit_label(), tone=self.tone)
        helper = copy(helper)
        helper.layout = Layout(*parts)
        # The page writes <form>, so that it can carry version and key and answer htmx.
        helper.form_tag = False
        helper.disable_csrf = True
        form.helper = helper

    def get_submit_label(self) -> Text:
        return self.submit_label or _("Save %(thing)s") % {"thing": self.model_name}

    def cancel_url(self) -> str:
        return page_url(self.request, self.model, "list") or self.url("ui:home")

    def show(self, form: Any, *, status: int = 200, **extra: Any) -> HttpResponse:
        """The page with the form, with its values and errors."""
        self.lay_out(form)
        context = self.get_context(form=form, cancel_url=self.cancel_url(), hidden=self.hidden(form), **extra)
        return self.render(context, status=status)

    def hidden(self, form: Any) -> list[tuple[str, str]]:  # noqa: ARG002 - for subclasses
        """What the form carries besides its fields."""
        return []

    def blame(self, form: Any, refusal: Refusal) -> None:
        """A refusal as the message beside its field, or above the form."""
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


class CreatePage(FormPage[M]):
    """A new record. Sent twice, it makes one."""

    def get_title(self) -> str:
        return str(self.title) or _("New %(thing)s") % {"thing": self.model_name}

    def crumbs(self) -> list[Any]:
        return self.list_link()

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        return self.show(self.make_form(bound=False))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        key = (request.headers.get("Idempotency-Key") or request.POST.get(IDEMPOTENCY, ""))[:64]
        user_id = self.request.member.user_id
        if key:
            try:
                before = operations.begin_submission(user_id=user_id, key=key, path=request.path)
            except Refusal as refusal:
                form = self.make_form(bound=True)
                form.is_valid()
                self.blame(form, refusal)
                return self.show(form, status=422)
            if before is not None:
                self.toast(before.text)
                return self.go(before.url)
        form = self.make_form(bound=True)
        made = self._try(form)
        if made is None:
            if key:
                operations.abandon_submission(key=key)
            return self.show(form, status=422)
        url, text = self.success_url(made), str(self.success_text(made))
        if key:
            operations.finish_submission(key=key, url=url, text=text)
        self.toast(text)
        return self.go(url)

    def _try(self, form: Any) -> M | None:
        if not form.is_valid():
            return None
        try:
            with transaction.atomic():
                if isinstance(form, forms.ModelForm):
                    find_taken(form.instance, form)
                    if form.errors:
                        return None
                return self.save(form)
        except Refusal as refusal:
            self.blame(form, refusal)
        except IntegrityError as error:
            if not explain(error, form, self.model):
                raise
        return None

    def save(self, form: Any) -> M:
        """Make the record: of a ModelForm here; documents call one operation."""
        made: M = form.save()
        return made

    def success_url(self, instance: M) -> str:
        return page_url(self.request, instance, "detail") or self.cancel_url()

    def success_text(self, instance: M) -> Text:
        return _("%(record)s added") % {"record": instance}

    def hidden(self, form: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        # After a refusal the same key again: the row of the first try is gone.
        key = self.request.POST.get(IDEMPOTENCY) or secrets.token_urlsafe(18)
        return [(IDEMPOTENCY, key)]


class EditPage(FormPage[M], ObjectPage[M]):
    """Changes to a record, on the version that was opened."""

    def get_title(self) -> str:
        return str(self.title) or _("Edit %(record)s") % {"record": self.name}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.instance} if issubclass(self.form_class, forms.BaseModelForm) else {}

    def cancel_url(self) -> str:
        return self.detail_url()

    def success_url(self, instance: M) -> str:  # noqa: ARG002 - for subclasses
        return self.detail_url()

    def success_text(self, instance: M) -> Text:
        return _("%(record)s saved") % {"record": instance}

    def hidden(self, form: Any) -> list[tuple[str, str]]:
        # A form that comes back with errors stays the one that was opened.
        data = self.request.POST
        if conflict.VERSION in data and conflict.OPENED in data and not getattr(self, "_reopened", False):
            names = (conflict.VERSION, conflict.OPENED)
            chosen = conflict.choices_of(data).items()
            return [(name, data[name]) for name in names] + [
                (f"{conflict.CHOOSE}{name}", side) for name, side in chosen
            ]
        fresh = self.make_form(bound=False) if form.is_bound else form
        return [(conflict.VERSION, str(self._version())), (conflict.OPENED, conflict.sign(self.instance, fresh))]

    def _version(self) -> int:
        return int(getattr(self.instance, "version", 1))

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        return self.show(self.make_form(bound=False))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        before = snapshot(self.instance)
        opened = conflict.opened_values(self.instance, request.POST.get(conflict.OPENED, ""))
        form = self.make_form(bound=True)
        self._choose(form, opened)
        valid = form.is_valid()
        if opened is None:
            self._reopened = True
            form.add_error(None, _("This form was not made by this page. Check the values, then save again."))
            return self.show(form, status=422)
        if not valid:
            return self.show(form, status=422)
        if request.POST.get(conflict.VERSION) != str(self._version()):
            return self._stale(opened)
        return self._save(form, before, opened)

    def _choose(self, form: Any, opened: dict[str, Any] | None) -> None:
        """After a conflict: theirs where it was chosen, and everywhere the reader typed nothing."""
        choices = conflict.choices_of(self.request.POST)
        if not choices or opened is None:
            return
        conflict.keep_theirs(form, {name for name in form.fields if choices.get(name) != conflict.YOURS})

    def _save(self, form: Any, before: dict[str, Any], opened: dict[str, Any]) -> HttpResponse:
        try:
            with transaction.atomic():
                saved = self._write(form, before)
        except Refusal as refusal:
            self.blame(form, refusal)
            return self.show(form, status=422)
        except Stale:
            self.instance = self.load()
            return self._stale(opened)
        except IntegrityError as error:
            if not explain(error, form, self.model):
                raise
            return self.show(form, status=422)
        if saved is None:
            return self.show(form, status=422)
        if saved:
            self.toast(self.success_text(self.instance))
        else:
            self.toast(_("Nothing was changed, so nothing was saved"), tone="info")
        return self.go(self.success_url(self.instance))

    def _write(self, form: Any, before: dict[str, Any]) -> bool | None:
        """Whether anything was written; None when the form now has errors."""
        if isinstance(form, forms.BaseModelForm):
            find_taken(form.instance, form)
            if form.errors:
                return None
        return self.save(form, before)

    def save(self, form: Any, before: dict[str, Any]) -> bool:
        """Write the changes, on the version in `before`; False when there were none. Documents call one operation.

        Raises:
            Stale: somebody else saved meanwhile.
        """
        return save_changes(form.instance, before)

    def _stale(self, opened: dict[str, Any]) -> HttpResponse:
        """409: the three columns. Without anything of yours there is nothing to decide."""
        self.instance = self.load()
        form = self.make_form(bound=True)
        theirs = self.make_form(bound=False)
        names = set(form.fields)
        self._choose(form, opened)
        # For values as the record would keep them. It writes into the record of the form; `initial` was taken before.
        form.is_valid()
        self.instance = self.load()
        rows = conflict.rows_of(form, opened)
        if not any(row.changed_by_you for row in rows):
            self.toast(
                _("You had changed nothing. This is %(record)s as saved by somebody else.") % {"record": self.instance},
                tone="info",
            )
            return self.go(self.detail_url())
        who, when = self._who()
        mine = {row.name.removeprefix(conflict.CHOOSE) for row in rows if row.changed_by_you}
        kept = conflict.kept(self.request.POST, set())
        kept += [(conflict.OPENED, conflict.sign(self.instance, theirs))]
        kept += [(f"{conflict.CHOOSE}{name}", conflict.THEIRS) for name in sorted(names - mine - self._shown(rows))]
        facts = {"thing": self.model_name, "who": who, "record": self.name, "when": when}
        context = {
            "title": _("Somebody else changed this %(thing)s") % facts,
            "text": _("%(who)s saved %(record)s at %(when)s, while you were editing. Nothing of yours is lost.")
            % facts,
            "them": who,
            "version": self._version(),
            "url": self.request.path,
            "discard_url": self.detail_url(),
            "history_url": self.history_url(),
            "rows": rows,
            "kept": kept,
        }
        page = self.get_context(conflict=context)
        return self.draw("parts/conflict.html" if self.wants_fragment else "409.html", page, status=409)

    def _shown(self, rows: list[conflict.Row]) -> set[str]:
        return {row.name.removeprefix(conflict.CHOOSE) for row in rows}

    def _who(self) -> tuple[str, str]:
        """Who saved the record last, and when, from its history."""
        try:
            changes = history_of(self.instance, limit=1)
        except LookupError:
            changes = []
        if not changes:
            return _("Somebody else"), ""
        return changes[0].who, formats.moment(changes[0].when)
