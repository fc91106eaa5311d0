"""Products by letters, for a cell of a document grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.ui.formats import money
from apps.core.ui.marking import marked
from apps.core.ui.pages import Page
from apps.inventory.queries.catalogue import Choice, products_for_picker
from apps.inventory.queries.picker import Offer, offers
from apps.inventory.queries.scan import meaning_of
from apps.inventory.rules.scan import UnreadableScan
from apps.inventory.tables.stock import marks

_MOST_LETTERS = 120


class ProductPick(Page):
    """Name, salt, item code or barcode; pack, what is free, what expires next, MRP and PTR.

    An upper app adds columns by a page of its own: `further` names them, `say_further` fills them.
    """

    right = "inventory.product.view"
    template_name = "inventory/product_pick.html"
    further: ClassVar[Sequence[str | Promise]] = ()
    keys_told: ClassVar[Sequence[tuple[str, str | Promise]]] = (("↵", _("take it")),)
    """Keys in the bar below the list: cap and what it does."""

    def say_further(self, found: Sequence[Choice]) -> dict[int, Sequence[Any]]:  # noqa: ARG002 - for subclasses
        """By product, a value for each of `further`, in one query for all."""
        return {}

    def fill(self, choice: Choice, offer: Offer) -> dict[str, str]:  # noqa: ARG002 - for subclasses
        """What taking a product shows in the line before the server has answered, by column."""
        return {
            "batch": offer.batch,
            "mrp": money(offer.mrp) if offer.mrp is not None else "",
            "rate": money(offer.ptr) if offer.ptr is not None else "",
        }

    def choices(self, text: str) -> list[Choice]:
        """What the letters mean; a code of a pack, also a GS1 one, finds its product alone."""
        found = products_for_picker(text)
        if found or not any(sign.isdigit() for sign in text):
            return found
        try:
            product = meaning_of(text).product
        except UnreadableScan:
            return []
        return products_for_picker(product.name, most=1) if product else []

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        text = request.GET.get("q", "").strip()[:_MOST_LETTERS]
        found = self.choices(text) if text else []
        offered = offers([one.id for one in found], on=timezone.localdate())
        more = self.say_further(found) if self.further and found else {}
        rows = [
            {
                "choice": one,
                "offer": offered[one.id],
                "name": marked(one.name, text.split()),
                "marks": marks(one.schedule, one.storage),
                "further": more.get(one.id, ()),
                "fill": [(name, value) for name, value in self.fill(one, offered[one.id]).items() if value],
            }
            for one in found
        ]
        return self.draw(
            self.template_name,
            {
                "rows": rows,
                "text": text,
                "further": self.further,
                "keys_told": self.keys_told,
                "today": timezone.localdate(),
            },
        )
