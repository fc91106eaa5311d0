"""Goods to be sent back, one sheet for each manufacturer."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.ui.formats import day
from apps.core.ui.pages import Page
from apps.inventory.models import Manufacturer, Stock

_AT_ONCE = 200


class ReturnListPage(Page):
    """`?stock=3&stock=5` names the rows."""

    right = "inventory.stock.view"
    title = _("Return list")
    template_name = "inventory/print/returns.html"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        keys = [int(key) for key in request.GET.getlist("stock") if key.isascii() and key.isdecimal()][:_AT_ONCE]
        rows = (
            Stock.objects.filter(pk__in=keys, in_stock=True)
            .select_related("product__manufacturer", "batch", "place__branch")
            .order_by("product__manufacturer__name", "product__name", "expiry", "id")
        )
        today = timezone.localdate()
        groups = [
            (maker, [(row, _window(maker, row.expiry, today)) for row in found])
            for maker, found in groupby(rows, key=lambda row: row.product.manufacturer)
        ]
        return self.render(
            self.get_context(groups=groups, today=today, organization=self.request.organization, paper="a4")
        )


def _window(maker: Manufacturer | None, expiry: dt.date, today: dt.date) -> str:
    """Whether the manufacturer still takes it back."""
    if maker is None:
        return ""
    closes = expiry + dt.timedelta(days=maker.return_window_after_days)
    if today < expiry - dt.timedelta(days=maker.return_window_before_days):
        return _now("not yet")
    return _now("until %(day)s") % {"day": day(closes)} if today <= closes else _now("too late")
