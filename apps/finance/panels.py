"""Cards on pages of other apps: a party's balance and dues, and what all customers owe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.http import TenantRequest
from apps.core.ui import charts, formats
from apps.core.ui.links import Link
from apps.core.ui.pages import PanelView
from apps.finance.queries.ageing import AgedPage, aged_page
from apps.finance.queries.exposure import exposure
from apps.finance.rules.drafts import Side

_EDGES = (30, 60, 90)


class BalancePanel(PanelView):
    """What a party owes, is owed, and how much of its credit is used."""

    title = _("Balance and dues")
    right = "finance.party_ledger.view"
    template_name = "finance/balance_panel.html"
    width = 6

    def context(self) -> Mapping[str, Any]:
        owed = exposure(self.instance.pk)
        limit = self.instance.credit_limit
        return {"owed": owed, "limit": limit, "left": None if limit is None else limit - owed.used}

    def actions(self) -> Sequence[Link | None]:
        key = self.instance.pk
        return [
            self.link(_("Ledger"), "finance:party_ledger", "list-details", pk=key),
            self.link(_("Statement"), "finance:party_statement", "printer", pk=key),
        ]


def receivables(request: TenantRequest) -> AgedPage:
    """What customers owe; tile and card of the home page ask once."""
    if not hasattr(request, "receivables"):
        setattr(request, "receivables", aged_page(Side.RECEIVABLE, timezone.localdate(), edges=_EDGES, limit=5))  # noqa: B010
    found: AgedPage = getattr(request, "receivables")  # noqa: B009
    return found


class ReceivablesPanel(PanelView):
    """What customers owe by age, the most overdue first: a card of the home page."""

    title = _("Receivables by age")
    right = "finance.party_ledger.view"
    width = 8
    template_name = "finance/receivables_panel.html"

    def context(self) -> Mapping[str, Any] | None:
        found = receivables(self.request)
        if not found.rows:
            return None
        labels = [
            gettext("Not due"),
            *(gettext("%(days)s days") % {"days": days} for days in ("1–30", "31–60", "61–90")),
        ]
        labels.append(gettext("Over 90 days"))
        parts = [(f"g{4 - place}", *one) for place, one in enumerate(zip(labels, found.total.buckets, strict=True))]
        return {
            "bar": charts.stacked(
                [charts.Part(tone, amount, f"{label}: {formats.inr(amount)}") for tone, label, amount in parts],
                big=True,
            ),
            "legend": parts,
            "labels": labels,
            "parties": found.count,
            "total": sum(found.total.buckets, Decimal(0)),
            "rows": [
                (self.link("", "finance:party_ledger", pk=aged.party_id), name, aged.buckets, sum(aged.buckets))
                for aged, name in found.rows
            ],
        }

    def actions(self) -> Sequence[Link | None]:
        return [
            self.link(_("Reminders"), "finance:reminders", "send"),
            self.link(_("Open all"), "finance:ageing"),
        ]
