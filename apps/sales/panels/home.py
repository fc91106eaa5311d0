"""Selling on the home page: sales of today and the month, the last thirty days beside last year, what moves now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.http import TenantRequest
from apps.core.ui import charts, formats
from apps.core.ui.links import Link, may_open, org_url
from apps.core.ui.pages import PanelView
from apps.core.ui.registry import TileValue, WorkItem
from apps.sales.models import BillApproval, SalesReturn
from apps.sales.queries.daily import Sales, sales_around, year_before
from apps.sales.queries.moving import moving_now

SEE = "sales.bill.view"
_DAYS = 30


def _sales(request: TenantRequest) -> Sales:
    """Two tiles and a chart ask once."""
    if not hasattr(request, "daily_sales"):
        setattr(request, "daily_sales", sales_around(timezone.localdate()))  # noqa: B010 - requests have no such field
    found: Sales = getattr(request, "daily_sales")  # noqa: B009
    return found


def _list(request: TenantRequest, first: dt.date, last: dt.date) -> str | None:
    """The bills of these days, where there is a list of bills."""
    if not may_open(request, "sales:bill_list"):
        return None
    return f"{org_url(request, 'sales:bill_list')}?first={first}&last={last}"


def _change(now: Decimal, before: Decimal, than: str) -> str:
    """How much more or less than before; nothing to compare with says nothing."""
    if before <= 0:
        return ""
    share = round((now - before) * 100 / before, 1)
    if share >= 0:
        return _("%(share)s%% more than %(before)s") % {"share": formats.trim(share), "before": than}
    return _("%(share)s%% less than %(before)s") % {"share": formats.trim(-share), "before": than}


def _bills(number: int) -> str:
    return ngettext("%(count)s bill", "%(count)s bills", number) % {"count": formats.num(number)}


def today_tile(request: TenantRequest) -> TileValue | None:
    """Sales of today beside the same weekday of the week before; left out before the first bill."""
    sales = _sales(request)
    if sales.empty:
        return None
    today = sales.on(sales.today)
    before = sales.on(sales.today - dt.timedelta(days=7))
    than = _("last %(weekday)s") % {"weekday": date_format(sales.today, "l")}
    words = [_change(today.amount, before.amount, than), _bills(today.bills)]
    return TileValue(
        formats.inr_short(today.amount), " · ".join(filter(None, words)), _list(request, sales.today, sales.today)
    )


def month_tile(request: TenantRequest) -> TileValue | None:
    """Sales of the month so far beside as many days of the month before."""
    sales = _sales(request)
    if sales.empty:
        return None
    first = sales.today.replace(day=1)
    last_month = (first - dt.timedelta(days=1)).replace(day=1)
    until = min(last_month + (sales.today - first), first - dt.timedelta(days=1))
    now, before = sales.between(first, sales.today), sales.between(last_month, until)
    than = _("%(month)s to date") % {"month": date_format(last_month, "M")}
    words = _change(now.amount, before.amount, than) or _bills(now.bills)
    return TileValue(formats.inr_short(now.amount), words, _list(request, first, sales.today))


class SalesPanel(PanelView):
    """Sales of the last thirty days beside the same weekdays a year ago, with the table behind the picture."""

    title = gettext_lazy("Sales, last 30 days")
    right = SEE
    width = 8
    template_name = "sales/sales_panel.html"

    def context(self) -> Mapping[str, Any] | None:
        sales = _sales(self.request)
        if sales.empty:
            return None
        days = [sales.today - dt.timedelta(days=back) for back in range(_DAYS - 1, -1, -1)]
        rows = [(sales.on(day), sales.on(year_before(day))) for day in days]
        compared = any(before.amount for _day, before in rows)
        bars = [
            charts.Bar(
                formats.day_month(day.on),
                max(day.amount, Decimal(0)),
                max(before.amount, Decimal(0)) if compared else None,
                off=day.on.weekday() == 6,
            )
            for day, before in rows
        ]
        return {
            "chart": charts.bars(bars, _("Sales by day"), before=gettext_lazy("(a year before: %(amount)s)")),
            "rows": [
                (day, before if compared else None, _list(self.request, day.on, day.on))
                for day, before in reversed(rows)
            ],
            "compared": compared,
            "total": sales.between(days[0], days[-1]),
            "before_total": sales.between(year_before(days[0]), year_before(days[-1])),
        }


class MovingPanel(PanelView):
    """The last documents of selling, newest first."""

    title = gettext_lazy("Moving now")
    right = SEE
    width = 4
    template_name = "sales/moving_panel.html"

    def context(self) -> Mapping[str, Any] | None:
        found = []
        for one in moving_now():
            route = f"sales:{one.kind}_detail"
            url = org_url(self.request, route, pk=one.id) if may_open(self.request, route) else ""
            if not url and may_open(self.request, f"sales:{one.kind}_print"):
                url = org_url(self.request, f"sales:{one.kind}_print", pk=one.id)
            found.append({"one": one, "url": url, "icon": "file-invoice" if one.kind == "bill" else "truck-return"})
        return {"rows": found} if found else None

    def actions(self) -> Sequence[Link | None]:
        return [self.link(_("Returns"), "sales:salesreturn_list")]


def returns_work(request: TenantRequest) -> Sequence[WorkItem]:
    """Returns that somebody began: the customer waits for the credit."""
    rows = list(SalesReturn.objects.filter(state="draft").order_by("id").values_list("customer__name", flat=True)[:101])
    if not rows or not may_open(request, "sales:salesreturn_list"):
        return []
    count = len(rows) if len(rows) <= 100 else "100+"
    text = ngettext("%(count)s return is not posted", "%(count)s returns are not posted", len(rows)) % {"count": count}
    return [
        WorkItem(
            icon="truck-return",
            text=text,
            detail=", ".join(rows[:3]),
            url=f"{org_url(request, 'sales:salesreturn_list')}?state=draft",
            label=_("Open"),
            tone="warn",
            cost=50,
        )
    ]


def approval_work(request: TenantRequest) -> Sequence[WorkItem]:
    """Questions about bills: somebody at the desk waits for the answer."""
    rows = list(
        BillApproval.objects.filter(state="waiting").order_by("id").values_list("bill__customer__name", flat=True)[:101]
    )
    if not rows or not may_open(request, "sales:billapproval_list"):
        return []
    count = len(rows) if len(rows) <= 100 else "100+"
    text = ngettext(
        "%(count)s question about a bill waits for you", "%(count)s questions about bills wait for you", len(rows)
    ) % {"count": count}
    return [
        WorkItem(
            icon="help-circle",
            text=text,
            detail=", ".join(filter(None, rows[:3])),
            url=org_url(request, "sales:billapproval_list"),
            label=_("Answer"),
            tone="bad",
            cost=5,
        )
    ]
