"""A party's account: running balance, age of what is open, and money recorded beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.core.exchange.export import Statement, export_response
from apps.core.ui import formats
from apps.core.ui.links import Link, may_open
from apps.core.ui.pages import ObjectPage
from apps.core.ui.tables import Badge
from apps.finance.documents import document_type
from apps.finance.queries.ageing import Aged, ageing, collection_terms
from apps.finance.queries.exposure import exposure
from apps.finance.queries.party_ledger import LedgerRow, PartyLedger, ledger_export, party_ledger
from apps.finance.rules.ageing import buckets
from apps.finance.rules.drafts import ItemKind, Side
from apps.finance.rules.years import month_start
from apps.finance.views.payment_entry import EDIT
from apps.parties.models import Party

SEE = "finance.party_ledger.view"
PAGE_ROWS = 100
# Stands for a key while an address is turned into a pattern.
_ANY = 9_007_199_254_740_991


@dataclass(frozen=True)
class Step:
    """One figure of the strip above the ledger."""

    label: str
    amount: Decimal
    tone: str
    url: str
    swatch: str = ""


@dataclass(frozen=True)
class Shown:
    """A row of the ledger as it is drawn."""

    day: str
    document: SafeString
    particulars: str
    badge: SafeString | str
    debit: str
    credit: str
    phone: str
    balance: str


def bucket_labels(edges: tuple[int, ...]) -> list[str]:
    """Not yet due, 1–15 days late, …, over 90 days late."""
    labels = []
    for bucket in buckets(edges):
        if bucket.first is None:
            labels.append(_("Not yet due"))
        elif bucket.last is None:
            labels.append(_("Over %(days)d days late") % {"days": bucket.first - 1})
        else:
            labels.append(_("%(first)d–%(last)d days late") % {"first": bucket.first, "last": bucket.last})
    return labels


def dr_cr(amount: Decimal) -> str:
    """A balance as ledgers write it: 1,58,840.00 Dr."""
    if not amount:
        return formats.money(amount)
    return f"{formats.money(abs(amount))} {_('Dr') if amount > 0 else _('Cr')}"


def particulars(row: LedgerRow) -> str:
    """What a row is: a bill says when it is due, everything else what was written of it."""
    if row.kind in {ItemKind.BILL, ItemKind.OPENING, ItemKind.DEBIT_NOTE} or not row.narration:
        return _("Due %(day)s") % {"day": formats.day(row.due_on)}
    return row.narration


class _OfParty(ObjectPage[Party]):
    """A page about one party's account; `side` comes from the address, else from what the party is."""

    model = Party
    right = SEE

    def prepare(self) -> None:
        super().prepare()
        asked = self.request.GET.get("side", "")
        usual = Side.RECEIVABLE if self.instance.is_customer else Side.PAYABLE
        self.account_side = Side(asked) if asked in set(Side) else usual

    def day(self, name: str) -> dt.date | None:
        """A day of the address.

        Raises:
            BadRequest: it is none.
        """
        text = self.request.GET.get(name, "")
        try:
            found = parse_date(text) if text else None
        except ValueError:
            found = None
        if text and found is None:
            raise BadRequest(_("%(day)s is no date.") % {"day": text[:20]})
        return found


class PartyLedgerPage(_OfParty):
    template_name = "finance/party_ledger.html"
    fragment = "ledger"

    def get_title(self) -> str:
        return self.name

    def crumbs(self) -> list[Link]:
        return self.list_link()

    def period(self) -> tuple[dt.date | None, dt.date]:
        """From two months before this one, unless asked otherwise; `from=` alone shows everything."""
        today = timezone.localdate()
        last = self.day("to") or today
        if "from" in self.request.GET:
            return self.day("from"), last
        start = month_start(last)
        for _month in range(2):
            start = month_start(start - dt.timedelta(days=1))
        return start, last

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        first, last = self.period()
        if request.GET.get("export") == "csv":
            exported: HttpResponseBase = self.export(first, last)
            return exported
        ledger = party_ledger(
            self.instance.pk, self.account_side, first=first, last=last, after=self.after(), limit=PAGE_ROWS
        )
        return self.render(self.ledger_context(ledger))

    def after(self) -> tuple[dt.date, int] | None:
        """The key of the row that the page begins after: `2026-10-03.4711`."""
        day, _dot, key = self.request.GET.get("after", "").partition(".")
        try:
            return (dt.date.fromisoformat(day), int(key)) if key.isdecimal() else None
        except ValueError:
            return None

    def ledger_context(self, ledger: PartyLedger) -> dict[str, Any]:
        """What the template finds."""
        today = timezone.localdate()
        terms = collection_terms()
        aged = next(iter(ageing(self.account_side, today, edges=terms.edges, party_id=self.instance.pk)), None)
        draw = self.drawer(today)
        rows = [draw(row) for row in ledger.rows]
        last_row = ledger.rows[-1] if ledger.rows else None
        context: dict[str, Any] = {
            "object": self.instance,
            "ledger": ledger,
            "rows": rows,
            "opening": dr_cr(ledger.opening),
            "closing": dr_cr(ledger.closing),
            "more_url": self.address(after=f"{last_row.on_date.isoformat()}.{last_row.item_id}")
            if ledger.more and last_row
            else "",
            "continued": self.after() is not None,
            "steps": self.steps(aged, terms.edges),
            "bar": list(_bar(aged)),
            "tabs": self.tabs(),
            "period_first": ledger.first,
            "period_last": ledger.last,
            "csv_url": self.address(export="csv"),
            "all_url": f"{self.request.path}?side={self.account_side.value}&from=",
            "badges": self.badges(),
            "actions": [action for action in self.actions() if action],
            "may_record": self.request.member.may(EDIT),
            "side": self.account_side,
        }
        if context["may_record"]:
            receipt = self.account_side is Side.RECEIVABLE
            name = "finance:receipt_create" if receipt else "finance:payment_create"
            context["entry_label"] = _("Record a receipt") if receipt else _("Record a payment")
            context["entry_url"] = f"{self.url(name)}?party={self.instance.pk}&back=ledger"
        return self.get_context(**context)

    def drawer(self, today: dt.date) -> Callable[[LedgerRow], Shown]:
        """Draws rows: words, figures and links are prepared here, the template only sets them."""
        entry = self._addresses("finance:journalentry_detail")
        kinds: dict[str, Callable[[int], str] | None] = {}

        def document(row: LedgerRow) -> SafeString:
            if row.source_kind not in kinds:
                route = document_type(row.source_kind).route
                kinds[row.source_kind] = self._addresses(route) if route else None
            of_kind = kinds[row.source_kind]
            url = of_kind(row.source_id) if of_kind else entry(row.entry_id) if entry else ""
            if not url:
                return format_html('<span class="code">{}</span>', row.number)
            return format_html('<a class="code name t" href="{}">{}</a>', url, row.number)

        def shown(row: LedgerRow) -> Shown:
            late = formats.late(row.due_on, today) if row.awaits_payment else ""
            amount = formats.money(abs(row.amount))
            debits = row.amount > 0
            return Shown(
                day=formats.day(row.on_date),
                document=document(row),
                particulars=particulars(row),
                badge=SafeString(Badge(late, "bad")) if late else "",
                debit=amount if debits else "",
                credit="" if debits else amount,
                phone=amount if debits else format_html('<span class="grn">−{}</span>', amount),
                balance=dr_cr(row.balance),
            )

        return shown

    def _addresses(self, route: str) -> Callable[[int], str] | None:
        """Addresses of a page for many keys: one look-up, then one string each. None when it may not be opened."""
        if not may_open(self.request, route):
            return None
        before, after = self.url(route, pk=_ANY).split(str(_ANY))
        return lambda key: f"{before}{key}{after}"

    def address(self, **changes: str) -> str:
        """This page with other parameters."""
        query = self.request.GET.copy()
        for name in ("after", "export"):
            query.pop(name, None)
        for name, value in changes.items():
            query[name] = value
        return f"{self.request.path}?{query.urlencode()}"

    def steps(self, aged: Aged | None, edges: tuple[int, ...]) -> list[Step]:
        """The strip: every step with its open documents behind it."""
        amounts = [*(aged.buckets if aged else [Decimal(0)] * (len(edges) + 2))]
        base = self.url("finance:openitem_list") + f"?party={self.instance.pk}&side={self.account_side.value}"
        today = timezone.localdate()
        found = []
        for bucket, label, amount in zip(buckets(edges), bucket_labels(edges), amounts, strict=True):
            query = f"&due_from={today.isoformat()}" if bucket.first is None else ""
            if bucket.first is not None:
                query = f"&due_to={(today - dt.timedelta(days=bucket.first)).isoformat()}"
                if bucket.last is not None:
                    query += f"&due_from={(today - dt.timedelta(days=bucket.last)).isoformat()}"
            tone = "mut" if not amount else "" if bucket.index == 0 else "amb" if bucket.index == 1 else "red"
            found.append(Step(label, amount, tone, f"{base}&state=open{query}"))
        on_account = -(aged.on_account if aged else Decimal(0))
        tone = "grn" if on_account else "mut"
        return [*found, Step(_("On account"), on_account, tone, f"{base}&state=on_account")]

    def tabs(self) -> list[dict[str, Any]]:
        """Overview, ledger, and the other account of somebody who both buys and sells."""
        overview = self.link("parties:party_detail", _("Overview"), pk=self.instance.pk)
        tabs: list[dict[str, Any]] = [{"label": overview.label, "url": overview.url}] if overview else []
        both = self.instance.is_customer and self.instance.is_supplier
        names = {Side.RECEIVABLE: _("Ledger as customer"), Side.PAYABLE: _("Ledger as supplier")}
        tabs += [
            {
                "label": names[side] if both else _("Ledger"),
                "url": f"{self.request.path}?side={side.value}",
                "current": side is self.account_side,
            }
            for side in (Side if both else [self.account_side])
        ]
        statement = self.link("finance:party_statement", _("Statement"), pk=self.instance.pk)
        if statement:
            tabs.append({"label": statement.label, "url": f"{statement.url}?side={self.account_side.value}"})
        return tabs

    def badges(self) -> list[Badge]:
        """How much of the credit limit is used."""
        limit = self.instance.credit_limit
        if limit is None or self.account_side is not Side.RECEIVABLE:
            return []
        used = exposure(self.instance.pk).used
        if not limit:
            return [Badge(_("Cash only"), "bad" if used > 0 else "line")]
        share = int(used * 100 / limit)
        tone = "bad" if share > 100 else "warn" if share >= 80 else "line"
        return [Badge(_("%(share)d%% of limit used") % {"share": share}, tone)] if used > 0 else []

    def actions(self) -> list[Link | None]:
        both = self.instance.is_customer and self.instance.is_supplier
        return [
            self.link("finance:party_set_off", _("Set off"), "arrows-exchange", pk=self.instance.pk) if both else None,
            self.link("finance:statement_send", _("Send statement"), "send", pk=self.instance.pk),
            self.link("finance:party_statement", _("Print"), "printer", pk=self.instance.pk),
        ]

    def export(self, first: dt.date | None, last: dt.date) -> Any:
        """The account of the period as CSV, all of it."""
        return export_response(
            organization_id=self.request.organization.id,
            name=f"ledger-{slugify(self.name)}",
            format="csv",
            headings=[_("Date"), _("Voucher"), _("Particulars"), _("Due"), _("Debit"), _("Credit"), _("Balance")],
            rows=Statement(*ledger_export(self.instance.pk, self.account_side, first=first, last=last)),
        )


def _bar(aged: Aged | None) -> Iterator[dict[str, str]]:
    """The coloured bar under the strip: one piece a step, as wide as its share of a thousand."""
    total = sum(aged.buckets, Decimal(0)) if aged else Decimal(0)
    if aged is None or not total:
        return
    colours = ("g4", "g3", "g1", "g1", "g0", "g0")
    at = Decimal(0)
    for number, amount in enumerate(aged.buckets):
        width = amount * 1000 / total
        if width:
            yield {
                "css": colours[min(number, len(colours) - 1)],
                "x": f"{at:.1f}",
                "width": f"{max(width - 3, Decimal(1)):.1f}",
            }
        at += width
