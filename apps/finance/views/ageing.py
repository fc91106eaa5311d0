"""Who owes how much for how long; reminders; interest."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.exchange.export import Statement, export_response
from apps.core.ui.links import Link
from apps.core.ui.pages import Page
from apps.finance.queries.ageing import Aged, aged_total, ageing, ageing_export, collection_terms
from apps.finance.queries.collection import interest_due, reminders_due
from apps.finance.rules.ageing import Bucket, buckets
from apps.finance.rules.drafts import Side
from apps.finance.views.party_ledger import SEE, bucket_labels
from apps.parties.models import Party

ROWS = 50


def bucket_query(bucket: Bucket, today: dt.date) -> str:
    """The filter of open items that shows just this bucket."""
    if bucket.first is None:
        return f"state=open&due_from={today.isoformat()}"
    query = f"state=open&due_to={(today - dt.timedelta(days=bucket.first)).isoformat()}"
    if bucket.last is not None:
        query += f"&due_from={(today - dt.timedelta(days=bucket.last)).isoformat()}"
    return query


class AgeingPage(Page):
    """Parties by buckets, most overdue first. Every figure opens to its documents."""

    right = SEE
    template_name = "finance/ageing.html"
    fragment = "table"
    title = gettext_lazy("Ageing")

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        asked = request.GET.get("side", "")
        self.side = Side(asked) if asked in set(Side) else Side.RECEIVABLE
        today, edges = timezone.localdate(), collection_terms().edges
        if request.GET.get("export") == "csv":
            return self.export(today, edges)
        rows = sorted(ageing(self.side, today, edges=edges), key=lambda row: (-row.overdue, -row.total, row.party_id))
        total = aged_total(rows)
        number = request.GET.get("page", "")
        last_page = max((len(rows) - 1) // ROWS, 0)
        at = min(int(number[:6]) - 1 if number.isdecimal() and int(number[:6]) else 0, last_page)
        shown = rows[at * ROWS : (at + 1) * ROWS]
        names = dict(Party.objects.filter(pk__in=[row.party_id for row in shown]).values_list("pk", "name"))
        steps = buckets(edges)
        labels = bucket_labels(edges)
        return self.render(
            self.get_context(
                side=self.side,
                labels=labels,
                rows=[self.row(row, names.get(row.party_id, ""), steps, today) for row in shown],
                total=self.row(total, "", steps, today) if rows else None,
                count=len(rows),
                at=at + 1,
                pages=last_page + 1,
                previous_url=self.address(page=str(at)) if at else "",
                next_url=self.address(page=str(at + 2)) if at < last_page else "",
                tabs=self.tabs(),
                csv_url=self.address(export="csv"),
                actions=self.actions(),
            )
        )

    def row(self, row: Aged, name: str, steps: list[Bucket], today: dt.date) -> dict[str, Any]:
        """Figures with the lists behind them."""
        base = f"{self.url('finance:openitem_list')}?side={self.side.value}"
        base += f"&party={row.party_id}" if row.party_id else ""
        ledger = self.url("finance:party_ledger", pk=row.party_id) if row.party_id else ""
        return {
            "name": name,
            "url": f"{ledger}?side={self.side.value}" if ledger else "",
            "cells": [
                {"amount": amount, "url": f"{base}&{bucket_query(step, today)}", "late": step.first is not None}
                for step, amount in zip(steps, row.buckets, strict=True)
            ],
            "on_account": {"amount": row.on_account, "url": f"{base}&state=on_account"},
            "total": {"amount": row.total, "url": f"{base}&state=open"},
        }

    def address(self, **changes: str) -> str:
        """This page with other parameters."""
        query = self.request.GET.copy()
        query.pop("export", None)
        for name, value in changes.items():
            query[name] = value
        return f"{self.request.path}?{query.urlencode()}"

    def tabs(self) -> list[dict[str, Any]]:
        names = ((Side.RECEIVABLE, _("To receive")), (Side.PAYABLE, _("To pay")))
        return [
            {"label": name, "url": f"{self.request.path}?side={side.value}", "current": side is self.side}
            for side, name in names
        ]

    def actions(self) -> list[Link]:
        found = [
            self.link("finance:reminders", _("Reminders"), "send"),
            self.link("finance:interest", _("Interest"), "percentage"),
            self.link("finance:collection_terms", _("Terms"), "settings"),
        ]
        return [link for link in found if link]

    def export(self, today: dt.date, edges: tuple[int, ...]) -> HttpResponseBase:
        """All parties by buckets as CSV."""
        return export_response(
            organization_id=self.request.organization.id,
            name="ageing",
            format="csv",
            headings=[_("Party"), *bucket_labels(edges), _("On account"), _("Balance")],
            rows=Statement(*ageing_export(self.side, today, edges)),
        )


class _Work(Page):
    """A list to work through."""

    right = SEE
    template_name: ClassVar[str]

    def crumbs(self) -> list[Link]:
        link = self.link("finance:ageing", _("Ageing"))
        return [link] if link else []


class ReminderList(_Work):
    """Customers with something overdue who were not reminded lately, the most overdue first."""

    title = gettext_lazy("Reminders")
    template_name = "finance/reminders.html"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:  # noqa: ARG002
        today, terms = timezone.localdate(), collection_terms()
        rows = reminders_due(today, every=terms.reminder_days)
        return self.render(
            self.get_context(
                rows=[
                    {
                        "row": row,
                        "ledger": self.url("finance:party_ledger", pk=row.party_id),
                        "send": self.link("finance:reminder_send", _("Remind"), "send", pk=row.party_id),
                    }
                    for row in rows
                ],
                total=sum((row.overdue for row in rows), Decimal(0)),
                every=terms.reminder_days,
            )
        )


class InterestList(_Work):
    """Interest on what is overdue, by party, at the organization's rate."""

    title = gettext_lazy("Interest on late bills")
    template_name = "finance/interest.html"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:  # noqa: ARG002
        today, terms = timezone.localdate(), collection_terms()
        rows = interest_due(today, rate=terms.interest_rate, grace_days=terms.grace_days)
        return self.render(
            self.get_context(
                terms=terms,
                today=today,
                rows=[(row, self.url("finance:party_ledger", pk=row.party_id)) for row in rows],
                total=sum((row.interest for row in rows), Decimal(0)),
                terms_link=self.link("finance:collection_terms", _("Set the rate"), "settings"),
            )
        )
