"""Customers and suppliers by letters, for a field of a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse

from apps.core.ui.marking import marked
from apps.core.ui.pages import Page
from apps.parties.models import Party

_MOST = 10
_MOST_LETTERS = 100


class PartyPick(Page):
    """Active parties by name, city, GSTIN, phone or e-mail; `?kind=customer` or `supplier` leaves out the others."""

    right = "parties.party.view"
    template_name = "parties/party_pick.html"

    def found(self, text: str, kind: str) -> Sequence[Party]:
        """Those whose name begins with the letters come first."""
        rows = Party.objects.filter(active=True)
        if kind == "customer":
            rows = rows.customers()
        elif kind == "supplier":
            rows = rows.suppliers()
        begins = list(rows.alias(key=Lower("name")).filter(key__prefix=text.lower()).order_by("key", "id")[:_MOST])
        if len(begins) < _MOST:
            known = [party.pk for party in begins]
            begins += list(
                rows.matching(text).exclude(pk__in=known).order_by(Lower("name"), "id")[: _MOST - len(begins)]
            )
        return begins

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        text = " ".join(request.GET.get("q", "").replace("\0", "").split())[:_MOST_LETTERS]
        found = self.found(text, request.GET.get("kind", "")) if text else []
        return self.draw(
            self.template_name, {"rows": [(party, marked(party.name, text.split())) for party in found], "text": text}
        )
