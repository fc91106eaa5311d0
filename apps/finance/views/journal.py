"""The journal: the day book, and the page of an entry."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui.links import Link, may_open, org_url
from apps.core.ui.pages import Badge, Card, DetailPage, Empty, Fact, ListPage, PanelView, View
from apps.finance.documents import document_type
from apps.finance.filters.books import JournalEntryFilter
from apps.finance.models import JournalEntry
from apps.finance.tables.books import JournalEntryTable

SEE = "finance.entry.view"


class JournalEntryList(ListPage[JournalEntry]):
    model = JournalEntry
    right = SEE
    title = gettext_lazy("Day book")
    table_class = JournalEntryTable
    filterset_class = JournalEntryFilter
    search_hint = gettext_lazy("Number begins with")
    views = (
        View(gettext_lazy("Vouchers by hand"), "source_kind=finance.voucher"),
        View(gettext_lazy("Posted over a lock"), "over_lock=true"),
    )
    empty = Empty(
        gettext_lazy("Nothing is posted yet"),
        gettext_lazy("Bills, payments, stock and vouchers leave an entry here when they are posted."),
    )

    def search(self, queryset: models.QuerySet[JournalEntry], text: str) -> models.QuerySet[JournalEntry]:
        return queryset.filter(number__prefix=text.strip().upper())


class LinesPanel(PanelView):
    """Debits and credits; every account opens its ledger."""

    title = gettext_lazy("Lines")
    right = SEE
    template_name = "finance/entry_lines.html"
    width = 12

    def context(self) -> dict[str, Any]:
        year = self.instance.financial_year
        ledger = may_open(self.request, "finance:account_ledger")
        period = f"?from={year.starts_on.isoformat()}&to={year.ends_on.isoformat()}"
        rows = [
            (line, org_url(self.request, "finance:account_ledger", pk=line.account_id) + period if ledger else "")
            for line in self.instance.lines.select_related("account", "party").order_by("position")
        ]
        return {"rows": rows, "total": self.instance.amount}


class JournalEntryDetail(DetailPage[JournalEntry]):
    model = JournalEntry
    right = SEE
    cards = (
        Card(
            gettext_lazy("Entry"),
            (
                "on_date",
                "branch",
                "financial_year",
                Fact(gettext_lazy("Document"), lambda entry: str(document_type(entry.source_kind).label)),
                "narration",
            ),
        ),
        Card(gettext_lazy("Posted"), ("party", "person", "moment", "reverses")),
    )
    panels = (LinesPanel,)

    def get_queryset(self) -> models.QuerySet[JournalEntry]:
        related = ("branch", "financial_year", "party", "person", "reverses")
        return super().get_queryset().select_related(*related)

    def badges(self) -> list[Badge]:
        found = []
        if self.instance.reverses_id:
            found.append(Badge(gettext_lazy("Reversal"), "info"))
        if JournalEntry.objects.filter(reverses=self.instance).exists():
            found.append(Badge(gettext_lazy("Reversed"), "bad"))
        if self.instance.over_lock:
            found.append(Badge(gettext_lazy("Posted over a lock"), "warn"))
        return found

    def actions(self) -> list[Link | None]:
        kind = document_type(self.instance.source_kind)
        if not kind.route or not may_open(self.request, kind.route):
            return []
        label = _("Open %(document)s") % {"document": str(kind.label).lower()}
        return [Link(label, self.url(kind.route, pk=self.instance.source_id), "file-text", primary=True)]
