"""Cards on the page of a product: batches in picking order, when to order, and how the stock moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui import charts, formats
from apps.core.ui.links import Link, row_links
from apps.core.ui.pages import PanelView, TablePanel
from apps.inventory.models import Batch, ProductStock, ReorderLevel, Stock
from apps.inventory.queries import movement
from apps.inventory.rules.cover import cover
from apps.inventory.tables.moves import ProductBatchTable
from apps.inventory.tables.reorder import ProductLevelTable

SEE = "inventory.stock.view"


class ProductBatchesPanel(TablePanel):
    """In the order in which bills pick them: expiry, then received, then place."""

    title = gettext_lazy("Batches in picking order")
    right = SEE
    table_class = ProductBatchTable
    limit = 25
    empty = gettext_lazy("Nothing of it is in stock.")

    def get_queryset(self) -> QuerySet[Stock]:
        found: QuerySet[Stock] = Stock.objects.filter(product=self.instance, in_stock=True).order_by(
            "expiry", "batch__received_on", "place", "id"
        )
        return found

    def row_url_maker(self) -> Callable[[Any], str | None] | None:
        make = row_links(self.request, Batch)
        return None if make is None else lambda record: make(record.batch_id)

    def all_url(self) -> str | None:
        link = self.link("", "inventory:stock_list")
        return f"{link.url}?product={self.instance.pk}" if link else None


class ReorderPanel(PanelView):
    """What is free, when to order, and how long it lasts at the speed it sells."""

    title = gettext_lazy("Stock and reorder")
    right = SEE
    width = 4
    template_name = "inventory/reorder_panel.html"

    def context(self) -> Mapping[str, Any] | None:
        today = timezone.localdate()
        totals = ProductStock.objects.filter(product=self.instance).annotate(sold=movement.sold(today)).first()
        per_day = Decimal(max((totals.sold if totals else None) or 0, 0)) / movement.SALES_DAYS
        free = totals.free if totals else 0
        return {
            "totals": totals,
            "free": free,
            "per_day": per_day,
            "lasts": cover(free, per_day, today),
        }


class PlaceLevelsPanel(TablePanel):
    """Where the product has a reorder level of its own; without one the product's holds for the whole stock."""

    title = gettext_lazy("Reorder levels of places")
    right = SEE
    width = 6
    table_class = ProductLevelTable
    empty = gettext_lazy("One level for the whole stock. A godown, rack or van can have its own.")

    def get_queryset(self) -> QuerySet[ReorderLevel]:
        found: QuerySet[ReorderLevel] = self.instance.reorder_levels.order_by("place__name", "id")
        return found

    def row_kind(self) -> str:
        return "edit"

    def actions(self) -> list[Link | None]:
        return [self.link(_("Add level"), "inventory:reorder_add", "plus", product=self.instance.pk)]


class MovementPanel(PanelView):
    """What came and what went, month by month."""

    title = gettext_lazy("Movement")
    right = SEE
    width = 8
    template_name = "inventory/movement_panel.html"

    def context(self) -> Mapping[str, Any] | None:
        months = movement.months_of(self.instance.pk, timezone.localdate())
        if not any(month.came or month.went for month in months):
            return {"months": []}
        chart = charts.bars(
            [charts.Bar(_month(month.first), month.went, month.came) for month in months],
            _("Gone each month, with a mark for what came"),
            every=2,
            in_full=formats.num,
            in_short=formats.num,
            before=_("came: %(amount)s"),
        )
        return {"months": [(_month(month.first), month.came, month.went) for month in months], "chart": chart}

    def actions(self) -> list[Link | None]:
        link = self.link(_("All moves"), "inventory:move_list", "list-details")
        return [Link(link.label, f"{link.url}?product={self.instance.pk}", link.icon) if link else None]


def _month(first: dt.date) -> str:
    return formats.day_month(first)[3:] + f" {first:%y}"
