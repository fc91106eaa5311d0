"""The scan page: what a code means, where the goods lie, and learning a code that nobody knew."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.refusals import Refusal
from apps.core.ui.links import page_url
from apps.core.ui.pages import Page
from apps.inventory.models import Product, Stock
from apps.inventory.operations.barcodes import learn_barcode
from apps.inventory.queries.catalogue import products_for_picker
from apps.inventory.queries.scan import Meaning, meaning_of
from apps.inventory.rules.scan import UnreadableScan
from apps.organizations.operations.sentences import told


class ScanPage(Page):
    """One box. A scanner's Enter, or the camera, sends it."""

    right = "inventory.stock.view"
    title = _("Scan")
    template_name = "inventory/scan.html"
    fragment = "found"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self.answer(request.GET.get("code", "").strip(), request.GET.get("q", ""))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Learn the code for the product that was chosen."""
        code = request.POST.get("code", "").strip()
        if not self.request.member.may("inventory.product.edit"):
            return self.answer(code, "", problem=_now("Your role may look codes up, not teach them."), status=422)
        product = Product.objects.filter(pk=request.POST.get("product") or 0).first() if code else None
        if product is None:
            return self.answer(code, "", problem=_now("Choose the product that carries this code."), status=422)
        try:
            learn_barcode(product=product, code=meaning_of(code).scan.code)
        except Refusal as refusal:
            return self.answer(code, "", problem=str(refusal), status=422)
        except UnreadableScan as broken:
            return self.answer(code, "", problem=told(broken), status=422)
        self.toast(_now("%(product)s is known by this code from now on") % {"product": product})
        return self.go(f"{request.path}?code={code}")

    def answer(self, code: str, text: str, *, problem: str = "", status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {"code": code, "q": text, "problem": problem}
        if code and not problem:
            try:
                context |= self.told(meaning_of(code))
            except UnreadableScan as broken:
                context["problem"] = told(broken)
                status = 422
        if text:
            context["choices"] = products_for_picker(text)
        return self.render(self.get_context(**context), status=status)

    def told(self, meaning: Meaning) -> dict[str, Any]:
        """What the page says about a code."""
        stock = Stock.objects.none()
        if meaning.batches:
            stock = Stock.objects.filter(batch__in=meaning.batches, in_stock=True)
        elif meaning.product:
            stock = Stock.objects.filter(product=meaning.product, in_stock=True)
        elif meaning.place:
            stock = Stock.objects.filter(place=meaning.place, in_stock=True)
        rows = stock.select_related("batch", "place", "product").order_by("expiry", "id")[:50]
        return {
            "meaning": meaning,
            "rows": list(rows),
            "product_url": page_url(self.request, meaning.product, "detail") if meaning.product else None,
            "place_url": page_url(self.request, meaning.place, "detail") if meaning.place else None,
            "batch_url": page_url(self.request, meaning.batch, "detail") if meaning.batch else None,
            "may_learn": self.request.member.may("inventory.product.edit"),
        }
