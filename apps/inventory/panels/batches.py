"""Cards on the page of a batch: where it lies, every move, who got it and who it came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from apps.core.ui.links import Link, org_url, row_links
from apps.core.ui.pages import PanelView, TablePanel
from apps.inventory.models import Move, Stock
from apps.inventory.queries import trace
from apps.inventory.tables.moves import BatchMoveTable, BatchStockTable
from apps.parties.models import Party

SEE = "inventory.stock.view"


class WherePanel(TablePanel):
    """The places a batch lies in now."""

    title = gettext_lazy("Where it is")
    right = SEE
    width = 12
    table_class = BatchStockTable
    empty = gettext_lazy("None of it is in stock.")

    def get_queryset(self) -> QuerySet[Stock]:
        found: QuerySet[Stock] = Stock.objects.filter(batch=self.instance, in_stock=True).order_by("-on_hand", "id")
        return found


class MovesPanel(TablePanel):
    """Every change of its quantity, the latest first."""

    title = gettext_lazy("Moves")
    right = SEE
    table_class = BatchMoveTable
    limit = 25
    empty = gettext_lazy("Nothing moved yet.")

    def get_queryset(self) -> QuerySet[Move]:
        found: QuerySet[Move] = Move.objects.filter(batch=self.instance).order_by("-id")
        return found

    def all_url(self) -> str | None:
        link = self.link("", "inventory:move_list")
        return f"{link.url}?batch={self.instance.pk}" if link else None


class _TradesPanel(PanelView):
    """Parties on one side of the batch, and how much each had."""

    right = SEE
    width = 6
    template_name = "inventory/trades_panel.html"
    side: ClassVar[trace.Side]
    most: ClassVar[int] = 10
    empty: ClassVar[Any] = ""

    @cached_property
    def trades(self) -> list[trace.Trade]:
        return trace.trades([self.instance.pk], self.side)

    def context(self) -> Mapping[str, Any] | None:
        address = row_links(self.request, Party)
        return {
            "trades": [
                vars(trade) | {"url": address(trade.party_id) if address else ""} for trade in self.trades[: self.most]
            ],
            "more": max(len(self.trades) - self.most, 0),
            "all_url": self.all_url(),
            "empty": self.empty,
        }

    def all_url(self) -> str | None:
        return None


class SuppliersPanel(_TradesPanel):
    title = gettext_lazy("Came from")
    side = trace.Side.RECEIVED
    empty = gettext_lazy("No receipt names a supplier.")


class CustomersPanel(_TradesPanel):
    title = gettext_lazy("Went to")
    side = trace.Side.SOLD
    empty = gettext_lazy("Nobody got any of it yet.")

    def all_url(self) -> str | None:
        return org_url(self.request, "inventory:batch_parties", pk=self.instance.pk)

    def actions(self) -> list[Link | None]:
        if not self.trades:
            return []
        return [
            self.link(gettext_lazy("Everybody with phone"), "inventory:batch_parties", "phone", pk=self.instance.pk)
        ]
