"""Who owes how much for how long; reminders; interest."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.exchange.export import Statement, export_response
from apps.core.ui.links import Link, may_open
from apps.core.ui.pages import Page
from apps.core.ui.widgets import DateInput
from apps.finance.models import Account
from apps.finance.queries.ageing import Aged, Basis, aged_page, ageing_export, collection_terms
from apps.finance.queries.collection import interest_due, reminders_due
from apps.finance.rules.ageing import Bucket, buckets
from apps.finance.rules.drafts import Side
from apps.finance.views.party_ledger import SEE, bucket_labels

ROWS = 50


def bucket_query(bucket: Bucket, today: dt.date, basis: Basis = Basis.DUE) -> str:
    """The filter of open items that shows just this bucket."""
    if bucket.first is None:
        return f"state=open&{basis}_from={today.isoformat()}"
    query = f"state=open&{basis}_to={(today - dt.timedelta(days=bucket.first)).isoformat()}"
    if bucket.last is not None:
        query += f"&{basis}_from={(today - dt.timedelta(days=bucket.last)).isoformat()}"
    return query


class AgeingForm(forms.Form):
    """As of which day, and from which day age is counted."""

    on = forms.DateField(label=gettext_lazy("As of"), required=False, widget=DateInput())
    by = forms.ChoiceField(
        label=gettext_lazy("Age from"),
        required=False,
        choices=[(Basis.DUE.value, gettext_lazy("Due date")), (Basis.DOCUMENT.value, gettext_lazy("Document date"))],
    )
    side = forms.ChoiceField(
        required=False, choices=[(side.value, side.value) for side in Side], widget=forms.HiddenInput
    )

    def clean_on(self) -> dt.date | None:
        """Nobody knows what will be open."""
        day: dt.date | None = self.cleaned_data["on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError(_("That day is still to come."))
        return day


class AgeingPage(Page):
    """Parties by buckets, most overdue first. Every figure opens to its documents."""

    right = SEE
    template_name = "finance/ageing.html"
    fragment = "table"
    title = gettext_lazy("Ageing")

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        form = AgeingForm(request.GET)
        valid, asked = form.is_valid(), form.cleaned_data
        self.side = Side(asked.get("side") or Side.RECEIVABLE)
        self.basis = Basis(asked.get("by") or Basis.DUE)
        today, edges = timezone.localdate(), collection_terms().edges
        self.on = asked.get("on") or today
        self.past = self.on < today
        if not valid:
            context = self.get_context(form=form, tabs=self.tabs(), actions=self.actions(), csv_url=request.path)
            return self.render(context, status=422)
        if request.GET.get("export") == "csv":
            return self.export(edges)
        number = request.GET.get("page", "")
        at = int(number[:6]) - 1 if number.isdecimal() and int(number[:6]) else 0
        found = aged_page(self.side, self.on, edges=edges, basis=self.basis, limit=ROWS, offset=at * ROWS)
        last_page = max((found.count - 1) // ROWS, 0)
        if at > last_page:
            return self.go(self.address(page=str(last_page + 1)))
        steps = buckets(edges)
        labels = self.labels(edges)
        filled = {"on": self.on, "by": self.basis.value, "side": self.side.value}
        return self.render(
            self.get_context(
                form=AgeingForm(initial=filled),
                side=self.side,
                on=self.on if self.past else None,
                labels=labels,
                rows=[self.row(row, name, steps) for row, name in found.rows],
                total=self.row(found.total, "", steps) if found.count else None,
                count=found.count,
                at=at + 1,
                pages=last_page + 1,
                previous_url=self.address(page=str(at)) if at else "",
                next_url=self.address(page=str(at + 2)) if at < last_page else "",
                tabs=self.tabs(),
                csv_url=self.address(export="csv"),
                actions=self.actions(),
            )
        )

    def row(self, row: Aged, name: str, steps: list[Bucket]) -> dict[str, Any]:
        """Figures with what is behind them: open documents; of a past day the account up to it."""
        if self.past:
            return self._past_row(row, name, steps)
        base = f"{self.url('finance:openitem_list')}?side={self.side.value}"
        base += f"&party={row.party_id}" if row.party_id else ""
        ledger = self.url("finance:party_ledger", pk=row.party_id) if row.party_id else ""
        return {
            "name": name,
            "url": f"{ledger}?side={self.side.value}" if ledger else "",
            "cells": [
                {
                    "amount": amount,
                    "url": f"{base}&{bucket_query(step, self.on, self.basis)}",
                    "late": step.first is not None,
                }
                for step, amount in zip(steps, row.buckets, strict=True)
            ],
            "on_account": {"amount": row.on_account, "url": f"{base}&state=on_account"},
            "total": {"amount": row.total, "url": f"{base}&state=open"},
        }

    def _past_row(self, row: Aged, name: str, steps: list[Bucket]) -> dict[str, Any]:
        url = self._ledger_of(row.party_id)
        return {
            "name": name,
            "url": url,
            "cells": [
                {"amount": amount, "url": url, "late": step.first is not None}
                for step, amount in zip(steps, row.buckets, strict=True)
            ],
            "on_account": {"amount": row.on_account, "url": url},
            "total": {"amount": row.total, "url": url},
        }

    def _ledger_of(self, party_id: int) -> str:
        """The party's account up to the day; of everybody the control account, which is the sum."""
        day = self.on.isoformat()
        if party_id:
            return f"{self.url('finance:party_ledger', pk=party_id)}?side={self.side.value}&from=&to={day}"
        role = "receivables" if self.side is Side.RECEIVABLE else "payables"
        account = Account.objects.filter(role=role).values_list("pk", flat=True).first()
        if account is None or not may_open(self.request, "finance:account_ledger"):
            return ""
        return f"{self.url('finance:account_ledger', pk=account)}?to={day}"

    def labels(self, edges: tuple[int, ...]) -> list[str]:
        """Heads of the steps: days late by the due date, days old by the document's."""
        if self.basis is Basis.DUE:
            return bucket_labels(edges)
        return [
            _("Of the day")
            if step.first is None
            else _("Over %(days)d days old") % {"days": step.first - 1}
            if step.last is None
            else _("%(first)d–%(last)d days old") % {"first": step.first, "last": step.last}
            for step in buckets(edges)
        ]

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

    def export(self, edges: tuple[int, ...]) -> HttpResponseBase:
        """All parties by buckets as CSV."""
        return export_response(
            organization_id=self.request.organization.id,
            name="ageing",
            format="csv",
            headings=[_("Party"), *self.labels(edges), _("On account"), _("Balance")],
            rows=Statement(*ageing_export(self.side, self.on, edges, self.basis)),
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
