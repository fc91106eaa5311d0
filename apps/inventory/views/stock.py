"""Stock on hand: every batch in every place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.amounts import round_half_up
from apps.core.ui import formats
from apps.core.ui.links import Link, row_links
from apps.core.ui.pages import BulkAction, Empty, ListPage, Stat, View
from apps.core.ui.pages.keyset import Slice
from apps.core.ui.pages.listbase import Count
from apps.inventory.filters.stock import BAND_LABELS, StockFilter
from apps.inventory.forms.batches import HoldForm
from apps.inventory.models import Batch, Stock, StockVerification
from apps.inventory.queries import stock_figures, stock_search
from apps.inventory.rules.bands import STRIP, Band
from apps.inventory.tables.stock import PlainStockTable, StockTable
from apps.inventory.views.batch_actions import HOLD, hold_rows
from apps.inventory.views.godown.bulk import STOCK_ACTIONS

SEE, SEE_COST = "inventory.stock.view", "inventory.cost.view"

SELL_FIRST, LOW, BLOCKED, COLD, H1 = (
    "band=soon&saleable=true",
    "low=true",
    "saleable=false",
    "storage=cold",
    "schedule=H1",
)
# Bands that are made of whole bands of the strip, so that their sums are known without counting.
_MADE_OF: dict[str, tuple[Band, ...]] = {
    **{band.key: (band,) for band in STRIP},
    "soon": STRIP[1:3],
    "in30": STRIP[1:2],
    "in90": STRIP[1:3],
    "in180": STRIP[1:4],
}


class StockList(ListPage[Stock]):
    """The strip above it is legend, summary and filter at once; what it says comes from figures, never from a count."""

    model = Stock
    right = SEE
    title = gettext_lazy("Stock on hand")
    late_join = True
    group_by = ("product", gettext_lazy("Group by product"))
    same_for_all = True
    filterset_class = StockFilter
    ordering = ("expiry", "id")
    all_label = gettext_lazy("All stock")
    search_hint = gettext_lazy("Product, salt, batch, rack")
    views = (
        View(gettext_lazy("Sell first"), SELL_FIRST, counted=True),
        View(gettext_lazy("Low stock"), LOW),
        View(gettext_lazy("Quarantine"), BLOCKED, counted=True),
        View(gettext_lazy("Cold chain"), COLD, counted=True),
        View(gettext_lazy("Schedule H1"), H1, counted=True),
    )
    bulk_actions = (
        BulkAction(
            "hold",
            gettext_lazy("Put on hold"),
            hold_rows,
            HOLD,
            icon="lock",
            question=gettext_lazy("Put %(count)s batches on hold? Nothing of them is sold until they are released."),
            done=gettext_lazy("%(count)s batches put on hold"),
            form_class=HoldForm,
        ),
        *STOCK_ACTIONS,
    )
    empty = Empty(
        gettext_lazy("Nothing in stock yet"),
        gettext_lazy("Goods appear here when they are received, or when opening stock is imported."),
        icon="packages",
    )

    @property
    def table_class(self) -> type[PlainStockTable]:  # type: ignore[override]
        """What goods cost is shown to members who may know it."""
        return StockTable if self.sees_cost else PlainStockTable

    @cached_property
    def sees_cost(self) -> bool:
        return self.request.member.may(SEE_COST)

    def get_queryset(self) -> models.QuerySet[Stock]:
        return super().get_queryset().filter(in_stock=True)

    def search(self, queryset: models.QuerySet[Stock], text: str) -> models.QuerySet[Stock]:
        rows, self._some = stock_search.narrowed(queryset, text)
        return rows

    _some: models.QuerySet[Stock] | None = None

    def row_url_maker(self) -> Callable[[Any], str | None] | None:
        make = row_links(self.request, Batch)
        return None if make is None else lambda record: make(record.batch_id)

    def things(self, count: int) -> str:
        return ngettext("batch", "batches", count)

    # ---- sums ----

    @cached_property
    def figures(self) -> stock_figures.Figures:
        return stock_figures.figures(timezone.localdate())

    @cached_property
    def chosen(self) -> dict[str, Any] | None:
        """What is filtered, where nothing is searched and every filter makes sense."""
        if self.state.search or self.filterset is None or not self.filterset.is_valid():
            return None
        given = self.filterset.form.cleaned_data.items()
        return {name: value for name, value in given if value is not None and value != ""}

    @cached_property
    def known(self) -> stock_figures.Sum | None:
        """The sum of the rows on screen where figures tell it: nothing but expiry and "for sale" is filtered."""
        if self.chosen is None or self.chosen.keys() - {"band", "saleable"}:
            return None
        band = self.chosen.get("band")
        if band and band not in _MADE_OF:
            return None
        return self.figures.total(_MADE_OF[band] if band else STRIP, self.chosen.get("saleable"))

    @property
    def known_number(self) -> int | None:
        """How many rows are on screen, where figures tell it."""
        if self.known is not None:
            return self.known.entries
        counts = {"storage": {"cold": self.figures.cold}, "schedule": {"H1": self.figures.h1}}
        if self.chosen is None or len(self.chosen) != 1:
            return None
        ((name, value),) = self.chosen.items()
        return counts.get(name, {}).get(value)

    def _count(self, page: Slice, size: int) -> Count:
        """From the figures where they tell it; otherwise no more is counted than matters."""
        self._counted = self._counted_rows(page, size)
        return self._counted

    def _counted_rows(self, page: Slice, size: int) -> Count:
        if (page.before is None and page.after is None) or self._counted_before:
            return super()._count(page, size)
        if self.known_number is not None:
            return Count(self.known_number)
        most = stock_search.COUNTED
        number = (self.rows if self._some is None else self._some).order_by()[: most + 1].count()
        return Count(min(number, most), self._some is not None or number > most)

    def totals(self, queryset: models.QuerySet[Stock]) -> Mapping[str, Any] | None:
        """Of all that match: from figures, or added up where the rows are few."""
        known = self.known
        if known is None:
            if self._counted.more or self._counted.number > stock_search.COUNTED:
                return None
            added = queryset.order_by().aggregate(
                there=Sum("on_hand"), held=Sum("reserved"), worth=Sum(F("on_hand") * F("cost"))
            )
            known = stock_figures.Sum(0, added["there"] or 0, added["held"] or 0, added["worth"] or Decimal(0))
        sums: dict[str, Any] = {"on_hand": known.on_hand, "reserved": known.reserved}
        if not self.state.filtered:
            # What may be sold: of what has not expired.
            free = self.figures.total(STRIP[1:], saleable=True)
            sums["free"] = free.on_hand - free.reserved
        return sums | ({"value": round_half_up(known.value)} if self.sees_cost else {})

    def _count_of(self, view: View) -> str | None:
        known = {
            SELL_FIRST: lambda: self.figures.total(_MADE_OF["soon"], saleable=True).entries,
            BLOCKED: lambda: self.figures.total(saleable=False).entries,
            COLD: lambda: self.figures.cold,
            H1: lambda: self.figures.h1,
        }
        return formats.num(known[view.query]()) if view.query in known else super()._count_of(view)

    # ---- words ----

    def stats(self, queryset: models.QuerySet[Stock]) -> Sequence[Stat]:  # noqa: ARG002 - the strip is of all stock
        found = []
        for number, band in enumerate(STRIP):
            sum_ = self.figures.total((band,))
            value = formats.inr(sum_.value, 0) if self.sees_cost else ""
            found.append(
                Stat(BAND_LABELS[band.key], formats.num(sum_.entries), f"band={band.key}", value, f"g{number}")
            )
        return found

    def meta(self, count: Count) -> Sequence[str]:
        if self.state.filtered:
            return [self.counted_things(count)]
        products = self.figures.products
        said = ngettext("%(batches)s of %(count)s product", "%(batches)s of %(count)s products", products) % {
            "batches": self.counted_things(count),
            "count": formats.num(products),
        }
        if not self.sees_cost:
            return [said]
        return [said, _("%(amount)s at cost") % {"amount": formats.inr(self.figures.total().value)}]

    def note(self) -> str:
        return "" if self.sort else _("Sorted by expiry, soonest first: the order bills pick in")

    def actions(self) -> list[Link]:
        wanted = (self._proof(), self.link("inventory:stockcount_create", _("Count stock"), "clipboard-check"))
        return [link for link in wanted if link is not None]

    def _proof(self) -> Link | None:
        """When every balance was last rebuilt from the moves, and what differed."""
        last = StockVerification.objects.order_by("-ran_at").first()
        if last is None:
            return None
        when = {"when": formats.moment(last.ran_at), "count": formats.num(last.differences)}
        if not last.differences:
            return self.link("inventory:stockverification_list", _("Proved %(when)s") % when, "shield-check")
        said = ngettext("%(count)s balance differs, %(when)s", "%(count)s balances differ, %(when)s", last.differences)
        return self.link("inventory:stockverification_list", said % when, "alert-triangle")
