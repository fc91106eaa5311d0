"""Stock on the home page: what it is worth, what is low, what expires, what needs somebody."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.http import TenantRequest
from apps.core.ui import charts, formats, registry
from apps.core.ui.links import Link, may_open, org_url, row_links
from apps.core.ui.pages import PanelView
from apps.core.ui.registry import TileValue, WorkItem
from apps.inventory.filters.stock import BAND_LABELS
from apps.inventory.models import Batch, Product, Stock
from apps.inventory.queries import alerts, stock_figures
from apps.inventory.rules.bands import STRIP
from apps.inventory.rules.cover import cover

SEE, SEE_COST = "inventory.stock.view", "inventory.cost.view"
LOW = "inventory.low"
"""Where upper apps add a button to what shows low stock."""
T = TypeVar("T")
_SHOWN = 8
# What is short of a week is short now.
_URGENT_DAYS, _SOON_DAYS = 2, 7


def _count(number: int) -> str:
    return formats.num(number) if number <= alerts.MOST_COUNTED else f"{formats.num(alerts.MOST_COUNTED)}+"


def _once(request: TenantRequest, name: str, make: Callable[[], T]) -> T:
    """What several parts of a page show is asked for once."""
    if not hasattr(request, name):
        setattr(request, name, make())
    found: T = getattr(request, name)
    return found


def _figures(request: TenantRequest) -> stock_figures.Figures:
    return _once(request, "stock_figures", lambda: stock_figures.figures(timezone.localdate()))


def _alerts(request: TenantRequest) -> alerts.Alerts:
    return _once(request, "stock_alerts", lambda: alerts.alerts_of(request.member.id, timezone.localdate()))


class LowStockPanel(PanelView):
    """Low products, fastest sellers first. It asks for itself anew every minute while the page is open."""

    title = gettext_lazy("Low stock")
    right = SEE
    width = 8
    template_name = "inventory/low_panel.html"

    def context(self) -> Mapping[str, Any] | None:
        today = timezone.localdate()
        found = alerts.low_products(today, _SHOWN)
        address = row_links(self.request, Product)
        number = _figures(self.request).low
        return {
            "rows": [
                {
                    "name": one.name,
                    "pack": one.pack,
                    "url": address(one.product_id) if address else "",
                    "free": one.free,
                    "level": one.reorder_level,
                    "per_day": one.per_day,
                    **self._runs_out(one),
                }
                for one in found
            ],
            "number": number,
            "checked": formats.clock(timezone.now()),
            "all_url": org_url(self.request, "inventory:low_list"),
            "poll_url": org_url(self.request, "inventory:low_panel"),
        }

    def actions(self) -> Sequence[Link | None]:
        return registry.links_of(LOW, self.request)

    @staticmethod
    def _runs_out(one: alerts.LowProduct) -> dict[str, str]:
        if one.free <= 0:
            return {"out": _("Out of stock"), "tone": "bad"}
        lasts = cover(one.free, one.per_day, timezone.localdate())
        if lasts is None:
            return {"out": formats.EMPTY, "tone": ""}
        words = ngettext("%(count)d day", "%(count)d days", lasts.days) % {"count": lasts.days}
        tone = "bad" if lasts.days <= _URGENT_DAYS else "warn" if lasts.days <= _SOON_DAYS else ""
        return {"out": _("Today") if lasts.days == 0 else words, "tone": tone}


class NearExpiryPanel(PanelView):
    """How much of the stock expires when, and what is to be sold first."""

    title = gettext_lazy("Near expiry")
    right = SEE
    width = 4
    template_name = "inventory/near_panel.html"

    @cached_property
    def figures(self) -> stock_figures.Figures:
        return _figures(self.request)

    def context(self) -> Mapping[str, Any] | None:
        bands = STRIP[:4]
        sums = [self.figures.total((band,)) for band in bands]
        sees_cost = self.request.member.may(SEE_COST)
        said = [formats.inr_short(one.value) if sees_cost else formats.num(one.entries) for one in sums]
        worth = [one.value if sees_cost else one.entries for one in sums]
        soon = Stock.objects.filter(in_stock=True, saleable=True, expiry__gte=timezone.localdate())
        rows = soon.order_by("expiry", "id").values_list(
            "batch_id", "product__name", "batch__number", "expiry", "on_hand"
        )[:5]
        address = row_links(self.request, Batch)
        list_url = org_url(self.request, "inventory:stock_list")
        return {
            "bar": charts.stacked(
                [
                    charts.Part(f"g{place}", value, f"{BAND_LABELS[band.key]}: {words}")
                    for place, (band, value, words) in enumerate(zip(bands, worth, said, strict=True))
                ],
                big=True,
            ),
            "legend": [
                (f"g{place}", BAND_LABELS[band.key], words, f"{list_url}?band={band.key}")
                for place, (band, words) in enumerate(zip(bands, said, strict=True))
            ],
            "rows": [
                {"url": address(key) if address else "", "name": name, "number": number, "expiry": expiry, "free": free}
                for key, name, number, expiry, free in rows
            ],
        }

    def actions(self) -> Sequence[Link | None]:
        link = self.link(_("Open in stock"), "inventory:stock_list")
        return [Link(link.label, f"{link.url}?band=soon&saleable=true") if link else None]


def stock_tile(request: TenantRequest) -> TileValue | None:
    """What the stock is worth at cost; left out while there is none."""
    figures = _figures(request)
    total = figures.total()
    if not total.entries:
        return None
    soon = figures.total(STRIP[1:3], saleable=True)
    return TileValue(
        number=formats.inr_short(total.value),
        text=_("%(amount)s expires in 90 days") % {"amount": formats.inr_short(soon.value)},
        url=org_url(request, "inventory:stock_list"),
    )


def stock_work(request: TenantRequest) -> Sequence[WorkItem]:
    """What about the stock needs somebody, as far as the member asked to be told."""
    now = _alerts(request)
    stock = org_url(request, "inventory:stock_list")
    found = [
        (
            now.recalled,
            _Work("ban", _("Send back what is left"), f"{stock}?state=recalled", "bad", 92),
            ngettext(
                "%(count)s recalled batch is still in stock",
                "%(count)s recalled batches are still in stock",
                now.recalled,
            ),
        ),
        (
            now.expired,
            _Work("calendar-due", _("Return or destroy it"), f"{stock}?band=expired", "bad", 60),
            ngettext("%(count)s batch has expired", "%(count)s batches have expired", now.expired),
        ),
        (
            now.low,
            _Work("package", _("At or under the reorder level"), org_url(request, "inventory:low_list"), "warn", 55),
            ngettext("%(count)s product is low", "%(count)s products are low", now.low),
        ),
        (
            now.near,
            _Work(
                "hourglass", _("Sell it first, or return it in time"), f"{stock}?band=soon&saleable=true", "warn", 40
            ),
            ngettext("%(count)s batch expires soon", "%(count)s batches expire soon", now.near),
        ),
    ]
    if may_open(request, "parties:party_list"):
        ending = f"{org_url(request, 'parties:party_list')}?licence=ending"
        found.append(
            (
                now.party_licences,
                _Work("certificate", _("Ask for the new copy"), ending, "warn", 45),
                ngettext(
                    "%(count)s drug licence of a customer or supplier ends soon",
                    "%(count)s drug licences of customers and suppliers end soon",
                    now.party_licences,
                ),
            )
        )
    return [work.item(text % {"count": _count(number)}) for number, work, text in found if number]


@dataclass(frozen=True)
class _Work:
    """One kind of thing to do about the stock."""

    icon: str
    detail: str
    url: str
    tone: str
    cost: int

    def item(self, text: str) -> WorkItem:
        return WorkItem(
            icon=self.icon,
            text=text,
            detail=self.detail,
            url=self.url,
            label=_("Open"),
            tone=self.tone,
            cost=self.cost,
        )


def bell(request: TenantRequest) -> str | None:
    """The number at the bell, as far as the member asked to be told."""
    number = _alerts(request).number
    return _count(number) if number else None
