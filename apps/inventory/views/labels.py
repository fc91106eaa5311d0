"""Labels for batches and shelves: choose how many, then the sheet, as page and as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.paper import PdfFault, can_print, render_pdf
from apps.core.ui import formats
from apps.core.ui.pages import Page
from apps.inventory.forms.labels import LabelForm
from apps.inventory.models import Barcode, Batch, Place
from apps.inventory.queries.scan import place_code
from apps.inventory.rules.codes import Symbol, gs1_datamatrix, qr
from apps.inventory.rules.labels import PAPERS, pages
from apps.inventory.rules.scan import own_code

_AT_ONCE = 200
"""Things on one page of labels; more are cut off and said."""


@dataclass(frozen=True)
class Label:
    """What a label says beside its code."""

    name: str
    lines: Sequence[str]
    symbol: Symbol


class LabelPage(Page):
    """`?batch=3&batch=5&place=2` names what gets labels; with `?paper=` it is the sheet."""

    right = "inventory.stock.view"
    title = _("Labels")
    template_name = "inventory/labels.html"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        batches = list(
            Batch.objects.filter(pk__in=self.keys("batch")).select_related("product").order_by("id")[:_AT_ONCE]
        )
        places = list(
            Place.objects.filter(pk__in=self.keys("place")).select_related("branch").order_by("id")[:_AT_ONCE]
        )
        things = [
            *((f"batch-{one.pk}", f"{one.product} · {one}", 1) for one in batches),
            *((f"place-{one.pk}", f"{one} · {one.branch}", 1) for one in places),
        ]
        if "paper" not in request.GET:
            return self.ask(LabelForm(things), batches, places)
        form = LabelForm(things, request.GET)
        if not form.is_valid():
            return self.ask(form, batches, places, status=422)
        labels = [*self.of_batches(batches), *(_of_place(place) for place in places)]
        wanted = [
            label
            for (key, _label, _count), label in zip(things, labels, strict=True)
            for _each in range(form.cleaned_data[key])
        ]
        return self.sheet(wanted, form.cleaned_data["paper"], form.cleaned_data["used"] or 0)

    def keys(self, name: str) -> list[int]:
        return [int(text) for text in self.request.GET.getlist(name) if text.isascii() and text.isdecimal()][:_AT_ONCE]

    def ask(
        self, form: LabelForm, batches: Sequence[Batch], places: Sequence[Place], *, status: int = 200
    ) -> HttpResponse:
        context = self.get_context(form=form, batches=batches, places=places, things=[form[key] for key in form.things])
        return self.render(context, status=status)

    def of_batches(self, batches: Sequence[Batch]) -> list[Label]:
        """A GS1 code where the product has a GTIN for its base unit, else a code of ours that names the batch."""
        gtins = dict(
            Barcode.objects.filter(
                product__in=[batch.product_id for batch in batches], kind=Barcode.Kind.GTIN, pack_unit=None
            )
            .order_by("-id")
            .values_list("product_id", "code")
        )
        return [_of_batch(batch, gtins.get(batch.product_id, "")) for batch in batches]

    def sheet(self, labels: Sequence[Label], paper: str, used: int) -> HttpResponse:
        """The labels as page, or as PDF."""
        query = self.request.GET.copy()
        query["as"] = "pdf"
        context = self.get_context(
            paper=paper,
            sheets=pages(labels, PAPERS[paper], used=used),
            pdf_url=f"{self.request.path}?{query.urlencode()}" if can_print() else "",
        )
        if self.request.GET.get("as") != "pdf":
            return self.draw("inventory/print/labels.html", context)
        html = render_to_string("inventory/print/labels.html", context, self.request)
        try:
            content = render_pdf(html, paper=paper, title=_now("Labels"))
        except PdfFault:
            return self.draw("inventory/print/labels.html", context | {"pdf_fault": True}, status=503)
        name = content_disposition_header(as_attachment=False, filename="labels.pdf")
        return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name})


def _of_batch(batch: Batch, gtin: str) -> Label:
    if gtin:
        symbol = gs1_datamatrix(gtin=gtin, batch=batch.number, expiry=batch.expiry)
    else:
        symbol = qr(own_code("batch", batch.pk))
    lines = [
        _now("Batch %(number)s") % {"number": batch.number},
        _now("Exp %(month)s") % {"month": formats.exp(batch.expiry)},
        _now("MRP %(price)s") % {"price": formats.inr(batch.mrp)},
    ]
    return Label(str(batch.product), lines, symbol)


def _of_place(place: Place) -> Label:
    return Label(str(place), [str(place.branch), place.code], qr(place_code(place)))
