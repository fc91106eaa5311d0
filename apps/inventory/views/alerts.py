"""What wants attention: the page behind the bell, the list of low products, and each member's choice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.search import narrowed
from apps.core.ui import registry
from apps.core.ui.links import Link, row_links
from apps.core.ui.pages import Count, Empty, FormPage, ListPage, Page
from apps.core.ui.pages.keyset import Slice
from apps.core.ui.pages.panels import drawn
from apps.inventory.filters.alerts import LowFilter
from apps.inventory.forms.alerts import SubscriptionForm
from apps.inventory.models import AlertSubscription, Product, ProductStock
from apps.inventory.operations import alerting
from apps.inventory.panels.home import LOW, LowStockPanel, NearExpiryPanel, stock_work
from apps.inventory.queries import alerts, stock_figures
from apps.inventory.tables.alerts import LowTable

SEE = "inventory.stock.view"
_COLOURS = {"bad": "red", "warn": "amb"}


class AlertsPage(Page):
    """Everything the member asked to be told, dearest first."""

    right = SEE
    title = gettext_lazy("Alerts")
    template_name = "inventory/alerts.html"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        address = row_links(self.request, Product)
        places = alerts.low_places() if alerts.subscription_of(self.request.member.id).low_stock else []
        work = sorted(stock_work(self.request), key=lambda item: -item.cost)
        return self.render(
            self.get_context(
                work=[vars(item) | {"css": _COLOURS.get(item.tone, "")} for item in work],
                panels=drawn([LowStockPanel, NearExpiryPanel], self.request),
                places=[vars(one) | {"url": address(one.product_id) if address else ""} for one in places],
                choose=self.link("inventory:alert_subscription", _("Choose alerts"), "settings"),
            )
        )


class LowPanelFragment(Page):
    """The panel of low stock alone, for a page that stays open."""

    right = SEE

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        return HttpResponse(LowStockPanel(self.request).body() or "")


class LowList(ListPage[ProductStock]):
    """Products at or under their reorder level, by name."""

    model = ProductStock
    right = SEE
    title = gettext_lazy("Low stock")
    table_class = LowTable
    filterset_class = LowFilter
    ordering = ("product__name",)
    late_join = True
    same_for_all = True
    search_hint = gettext_lazy("Product, salt, item code")
    empty = Empty(
        gettext_lazy("Nothing is low"),
        gettext_lazy("A product is low when no more than its reorder level is free for sale."),
        icon="package",
    )

    def get_queryset(self) -> models.QuerySet[ProductStock]:
        return super().get_queryset().filter(is_low=True)

    def search(self, queryset: models.QuerySet[ProductStock], text: str) -> models.QuerySet[ProductStock]:
        return narrowed(queryset, text, function="product_search", through="product")

    def row_url_maker(self) -> Callable[[Any], str | None] | None:
        make = row_links(self.request, Product)
        return None if make is None else lambda record: make(record.product_id)

    def things(self, count: int) -> str:
        return ngettext("product", "products", count)

    def _count(self, page: Slice, size: int) -> Count:
        """All that are low are counted already."""
        one = page.before is None and page.after is None
        if one or self._counted_before or self.state.filtered:
            return super()._count(page, size)
        return Count(stock_figures.figures(timezone.localdate()).low)

    def crumbs(self) -> list[Link]:
        link = self.link("inventory:alerts", _("Alerts"))
        return [link] if link else []

    def actions(self) -> list[Link]:
        return registry.links_of(LOW, self.request)


class AlertSubscriptionPage(FormPage[AlertSubscription]):
    """Each member's own choice."""

    model = AlertSubscription
    right = SEE
    title = gettext_lazy("Choose alerts")
    form_class = SubscriptionForm
    card_title = gettext_lazy("What you want to be told")
    submit_label = gettext_lazy("Save choice")

    def crumbs(self) -> list[Link]:
        link = self.link("inventory:alerts", _("Alerts"))
        return [link] if link else []

    def cancel_url(self) -> str:
        return self.url("inventory:alerts")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"instance": alerts.subscription_of(self.request.member.id)}

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        return self.show(self.make_form(bound=False))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        form = self.make_form(bound=True)
        if not form.is_valid():
            return self.show(form, status=422)
        origin = request.build_absolute_uri("/").rstrip("/")
        alerting.choose_alerts(member_id=self.request.member.id, origin=origin, **form.cleaned_data)
        self.toast(_("Your choice of alerts is saved"))
        return self.go(self.cancel_url())
