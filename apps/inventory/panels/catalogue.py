"""Cards on the pages of products, manufacturers and salts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui.links import Link, page_url, row_links
from apps.core.ui.pages import PanelView, TablePanel
from apps.inventory.models import Product, ProductPrice
from apps.inventory.queries import catalogue as queries
from apps.inventory.rules.packs import Pack, broken_down
from apps.inventory.tables.catalogue import PriceTable, ProductTable

SEE = "inventory.product.view"
_SHOWN = 12


class PhotoPanel(PanelView):
    """The photo, or the way to one."""

    title = gettext_lazy("Photo")
    right = SEE
    width = 4
    template_name = "inventory/photo_panel.html"

    def context(self) -> Mapping[str, Any] | None:
        photo = self.instance.photos.only("id", "digest", "width", "height").first()
        if photo is None:
            return None
        url = page_url(self.request, self.instance, "photo")
        return {"photo": photo, "url": f"{url}?v={photo.digest}" if url else ""}


class CompositionPanel(PanelView):
    """Salts with strengths, each leading to its products."""

    title = gettext_lazy("Composition")
    right = SEE
    width = 6
    template_name = "inventory/composition_panel.html"

    def context(self) -> Mapping[str, Any] | None:
        make = row_links(self.request, self.instance.salts.model.salt.field.remote_field.model)
        rows = [(row, make(row.salt_id) if make else None) for row in queries.salts_of(self.instance)]
        return {"rows": rows} if rows else None


class PacksPanel(PanelView):
    """Larger packs, what they hold, and the codes printed on them."""

    title = gettext_lazy("Packs and barcodes")
    right = SEE
    width = 6
    template_name = "inventory/packs_panel.html"

    def context(self) -> Mapping[str, Any] | None:
        units = list(self.instance.pack_units.order_by("quantity", "id"))
        codes = list(self.instance.barcodes.order_by("code"))
        if not units and not codes:
            return None
        packs = [Pack(unit.name, unit.quantity) for unit in units]
        base = self.instance.base_unit
        rows = []
        for place, unit in enumerate(units):
            parts = broken_down(unit.quantity, packs[:place], base)
            rows.append((unit, parts, [code for code in codes if code.pack_unit_id == unit.pk]))
        return {"base": base, "base_codes": [code for code in codes if code.pack_unit_id is None], "rows": rows}


class PricesPanel(TablePanel):
    """Prices by the day from which they hold, the newest first."""

    title = gettext_lazy("Prices")
    right = SEE
    width = 6
    table_class = PriceTable
    limit = 8
    empty = gettext_lazy("No price yet. New batches take the MRP that holds on the day they arrive.")

    def get_queryset(self) -> QuerySet[ProductPrice]:
        found: QuerySet[ProductPrice] = self.instance.prices.order_by("-effective_from", "id")
        return found

    def row_kind(self) -> str:
        return "delete"

    def actions(self) -> Sequence[Link | None]:
        return [self.link(gettext_lazy("Add price"), "inventory:price_add", "plus", product=self.instance.pk)]


class SubstitutesPanel(PanelView):
    """Other products with the same salts, what is in stock first."""

    title = gettext_lazy("Same salt")
    right = SEE
    width = 12
    template_name = "inventory/substitutes_panel.html"

    def context(self) -> Mapping[str, Any] | None:
        if not self.instance.composition_key:
            return None
        found = queries.substitutes(self.instance.pk, on=timezone.localdate(), most=_SHOWN + 1)
        make = row_links(self.request, Product)
        rows = [(one, make(one.id) if make else None) for one in found[:_SHOWN]]
        return {"rows": rows, "more": len(found) > _SHOWN, "shown": _SHOWN}


class _ProductsPanel(TablePanel):
    title = gettext_lazy("Products")
    right = SEE
    table_class = ProductTable
    filter_name: ClassVar[str]

    def all_url(self) -> str | None:
        link = self.link(_("All"), "inventory:product_list")
        return f"{link.url}?{self.filter_name}={self.instance.pk}" if link else None


class ManufacturerProductsPanel(_ProductsPanel):
    filter_name = "manufacturer"

    def get_queryset(self) -> QuerySet[Product]:
        rows: QuerySet[Product] = Product.objects.listed(timezone.localdate())
        return rows.filter(manufacturer=self.instance, active=True)


class SaltProductsPanel(_ProductsPanel):
    filter_name = "salt"

    def get_queryset(self) -> QuerySet[Product]:
        rows: QuerySet[Product] = Product.objects.listed(timezone.localdate())
        return rows.filter(pk__in=self.instance.products.values("product_id"), active=True)
