"""Pages that do one thing to one record: ask, then call one operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.db import models, transaction
from django.db.models import ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal
from apps.core.ui.links import page_url
from apps.core.ui.pages.base import M, ObjectPage, Text
from apps.core.ui.pages.editing import FormPage
from apps.core.ui.pages.saving import Stale, save_changes, snapshot

# Of each kind of record that hangs on another; the rest is a number.
_NAMED = 10


class ActionPage(FormPage[M], ObjectPage[M]):
    """One operation on a record. GET asks, POST does; a Refusal becomes a message."""

    template_name = "ui/action.html"
    form_class = forms.Form

    def question(self) -> Text:
        """What will happen, in a sentence."""
        return ""

    def points(self) -> Sequence[Text]:
        """What else the reader should know, line by line."""
        return []

    def perform(self, form: Any) -> Any:
        """Call the operation with what the form says.

        Raises:
            Refusal: the facts do not allow it.
        """
        raise NotImplementedError

    def undo_url(self) -> str:
        """An address that takes it back when posted to; empty when it cannot be."""
        return ""

    def success_text(self) -> Text:
        return _("%(record)s: done") % {"record": self.name}

    def success_url(self) -> str:
        return self.detail_url()

    def cancel_url(self) -> str:
        return self.detail_url()

    def get_submit_label(self) -> Text:
        return self.submit_label or self.get_title()

    def get_context(self, **extra: Any) -> dict[str, Any]:
        return super().get_context(
            object=self.instance,
            question=self.question(),
            points=self.points(),
            submit=self.get_submit_label(),
            **extra,
        )

    def lay_out(self, form: Any) -> None:
        """The action's template draws the card and its buttons; of a form with cards, the last one has the buttons."""
        if getattr(form, "layout", None) or getattr(form, "helper", None):
            super().lay_out(form)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        return self.show(self.make_form(bound=False))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        form = self.make_form(bound=True)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            with transaction.atomic():
                self.perform(form)
        except Refusal as refusal:
            self.blame(form, refusal)
            return self.show(form, status=422)
        self.toast(self.success_text(), undo=self.undo_url())
        return self.go(self._next(request) or self.success_url())

    def _next(self, request: HttpRequest) -> str:
        """Where Undo in a toast was pressed, when that is one of our pages."""
        wanted = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(
            wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        return wanted if safe else ""


class _ActivePage(ActionPage[M]):
    """Sets `active` of a model that has it."""

    active: ClassVar[bool]

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "active", None) is not cls.active

    def perform(self, form: Any) -> None:  # noqa: ARG002
        """Set it on the version that was read, so that two people never undo each other unseen."""
        before = snapshot(self.instance)
        self.instance.active = self.active  # type: ignore[attr-defined]
        try:
            save_changes(self.instance, before)
        except Stale as stale:
            raise Refusal(
                _("Somebody else is changing %(record)s at this moment. Try again.") % {"record": self.name}
            ) from stale


class ArchivePage(_ActivePage[M]):
    """Out of lists and choices, but kept, and everything that names it too."""

    active = False

    def get_title(self) -> str:
        return str(self.title) or _("Archive %(record)s") % {"record": self.name}

    def question(self) -> Text:
        return _(
            "%(record)s goes out of lists and choices. Everything that names it stays, and it can be restored."
        ) % {"record": self.name}

    def success_text(self) -> Text:
        return _("%(record)s archived") % {"record": self.name}

    def undo_url(self) -> str:
        return page_url(self.request, self.instance, "restore") or ""


class RestorePage(_ActivePage[M]):
    """Back into lists and choices."""

    active = True

    def get_title(self) -> str:
        return str(self.title) or _("Restore %(record)s") % {"record": self.name}

    def question(self) -> Text:
        return _("%(record)s comes back into lists and choices.") % {"record": self.name}

    def success_text(self) -> Text:
        return _("%(record)s restored") % {"record": self.name}

    def undo_url(self) -> str:
        return page_url(self.request, self.instance, "archive") or ""


class Hanging:
    """Records of one kind that hang on another."""

    def __init__(self, model: type[models.Model], records: Sequence[models.Model]) -> None:
        options = model._meta
        self.number = len(records)
        self.things = capfirst(str(options.verbose_name if self.number == 1 else options.verbose_name_plural))
        self.names = [str(record) for record in records[:_NAMED]]
        self.more = self.number - len(self.names)


class DeletePage(ActionPage[M]):
    """Deletes what nothing hangs on. Otherwise it names what does, and offers to archive."""

    template_name = "ui/delete.html"
    tone = "del"

    def get_title(self) -> str:
        return str(self.title) or _("Delete %(record)s") % {"record": self.name}

    def question(self) -> Text:
        return _("%(record)s is deleted for good. Its history stays.") % {"record": self.name}

    def hanging(self) -> list[Hanging]:
        """What keeps the record from being deleted."""
        collector = Collector(using="default", origin=self.instance)
        try:
            collector.collect([self.instance])
        except ProtectedError as error:
            return _grouped(error.protected_objects)
        except RestrictedError as error:
            return _grouped(error.restricted_objects)
        return []

    def going_along(self) -> list[Hanging]:
        """What is part of the record and goes with it."""
        collector = Collector(using="default", origin=self.instance)
        try:
            collector.collect([self.instance])
        except (ProtectedError, RestrictedError):
            return []
        found: list[models.Model] = [one for kind in collector.data.values() for one in kind if one != self.instance]
        found += [one for queryset in collector.fast_deletes for one in queryset]
        return _grouped(found)

    def get_context(self, **extra: Any) -> dict[str, Any]:
        return super().get_context(
            hanging=self.hanging(),
            going_along=self.going_along(),
            archive_url=page_url(self.request, self.instance, "archive"),
            **extra,
        )

    def perform(self, form: Any) -> None:  # noqa: ARG002
        if self.hanging():
            raise Refusal(_("%(record)s was not deleted: other records name it.") % {"record": self.name})
        try:
            self.instance.delete()
        except ProtectedError as error:
            # Named between the look and the deed.
            raise Refusal(_("%(record)s was not deleted: other records name it.") % {"record": self.name}) from error

    def success_text(self) -> Text:
        return _("%(record)s deleted") % {"record": self.name}

    def success_url(self) -> str:
        return page_url(self.request, self.model, "list") or self.url("ui:home")


def _grouped(records: Any) -> list[Hanging]:
    kinds: dict[type[models.Model], list[models.Model]] = {}
    for record in records:
        kinds.setdefault(type(record), []).append(record)
    return [Hanging(model, sorted(found, key=str)) for model, found in kinds.items()]
