"""Documents that begin with whom they are for: a bill, a return."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise

from apps.core.ui import operations
from apps.core.ui.links import Link, page_url
from apps.core.ui.pages.base import Page
from apps.core.ui.pages.editing import IDEMPOTENCY
from apps.parties.models import Party
from apps.sales.forms.begin import BeginForm

_MOST_FOUND = 8


class CustomerFirst(Page):
    """The customer is found by the letters typed, and Enter takes the first; then branch and day."""

    template_name = "sales/customer_first.html"
    model: ClassVar[type[models.Model]]
    list_label: ClassVar[str | Promise]
    question: ClassVar[str | Promise]
    submit_label: ClassVar[str | Promise]
    form_class: ClassVar[type[BeginForm]] = BeginForm

    def begin(self, party: Party, form: BeginForm) -> str:
        """Call the operation that makes the document; the address where it goes on.

        Raises:
            Refusal: it cannot be made.
        """
        raise NotImplementedError

    def crumbs(self) -> list[Link]:
        url = page_url(self.request, self.model, "list")
        return [Link(str(self.list_label), url)] if url else []

    def found(self, text: str) -> list[Party]:
        parties = Party.objects.filter(active=True, is_customer=True)
        return list(parties.matching(text).order_by("name", "id")[:_MOST_FOUND]) if text else []

    def _party(self, key: str) -> Party:
        found: Party = get_object_or_404(Party.objects.filter(is_customer=True), pk=int(key) if key.isdecimal() else 0)
        return found

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        text, key = request.GET.get("q", "").strip()[:100], request.GET.get("party", "")
        if key:
            return self.render(self.get_context(party=self._party(key), form=self.form_class()))
        context = self.get_context(found=self.found(text), text=text, party=None)
        return self.draw("finance/party_hits.html", context) if self.wants_fragment else self.render(context)

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        party, form = self._party(request.POST.get("party", "")), self.form_class(request.POST)
        if not form.is_valid():
            return self.render(self.get_context(party=party, form=form), status=422)
        key = request.POST.get(IDEMPOTENCY, "")[:64]
        if not key:
            return self.go(self.begin(party, form))
        before = operations.begin_submission(user_id=self.request.member.user_id, key=key, path=request.path)
        if before is not None:
            return self.go(before.url)
        url = self.begin(party, form)
        operations.finish_submission(key=key, url=url, text="")
        return self.go(url)

    def get_context(self, **extra: Any) -> dict[str, Any]:
        return super().get_context(idempotency=(IDEMPOTENCY, secrets.token_urlsafe(16)), **extra)
