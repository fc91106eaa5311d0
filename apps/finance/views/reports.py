"""Trial balance, profit and loss, balance sheet, cash flow, ledgers, cash and bank."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui import formats
from apps.core.ui.links import Link, may_open
from apps.finance.documents import document_type
from apps.finance.models import Account, AccountGroup
from apps.finance.queries.balances import sums_before
from apps.finance.queries.ledger import LedgerLine, account_ledger
from apps.finance.queries.statements import Line, Report, balance_sheet, cash_flow, profit_and_loss, trial_balance
from apps.finance.rules.chart import Nature
from apps.finance.rules.statements import NOTHING
from apps.finance.views.sheets import Cell, Sheet, SheetColumn, SheetRow, StatementPage, amount

ZERO = Decimal("0.00")
LEDGER, TRIAL = "finance:account_ledger", "finance:trial_balance"
_DAY = dt.timedelta(days=1)


class TrialBalancePage(StatementPage):
    """`?group=` narrows it to the accounts below a heading."""

    title = gettext_lazy("Trial balance")

    def sheet(self) -> Sheet:
        compared = self.periods()[1:]
        found = trial_balance(
            on=self.last,
            since=self.first,
            branch_id=self.branch_id,
            compare_on=compared[0].last if compared else None,
        )
        # Income and expenses begin each year at nothing, so the movement cannot begin before the year.
        self.first = found.first
        below = self._below()
        columns = [
            SheetColumn(_("Code")),
            SheetColumn(_("Account")),
            SheetColumn(_("Opening"), amount=True),
            SheetColumn(_("Debit"), amount=True),
            SheetColumn(_("Credit"), amount=True),
            SheetColumn(_("Closing debit"), amount=True),
            SheetColumn(_("Closing credit"), amount=True),
        ]
        if compared:
            columns.append(SheetColumn(formats.day(compared[0].last), amount=True))
        rows = []
        for row in found.rows:
            if below is not None and row.account.group_id not in below:
                continue
            url = self.at(LEDGER, pk=row.account.id)
            cells = [
                Cell(row.account.code),
                Cell(row.account.name, url),
                amount(row.opening, balance=True),
                amount(row.debit, url),
                amount(row.credit, url),
                amount(max(row.closing, ZERO), url),
                amount(max(-row.closing, ZERO), url),
            ]
            if compared:
                cells.append(
                    amount(
                        row.compared,
                        self.at(LEDGER, last=compared[0].last, first=compared[0].first, pk=row.account.id),
                        balance=True,
                    )
                )
            rows.append(SheetRow(cells))
        if below is None:
            if found.unclosed:
                words = [Cell(""), Cell(_("Result of earlier years, not closed")), amount(found.unclosed, balance=True)]
                sides = [amount(max(found.unclosed, ZERO)), amount(max(-found.unclosed, ZERO))]
                rows.append(
                    SheetRow([*words, amount(None), amount(None), *sides, *([amount(None)] if compared else [])])
                )
            totals = [found.debit, found.credit, found.closing_debit, found.closing_credit]
            last = [Cell(""), Cell(_("Total")), amount(found.opening, balance=True), *map(amount, totals)]
            rows.append(SheetRow([*last, *([amount(None)] if compared else [])], total=True))
        return Sheet(columns, rows)

    def _below(self) -> set[int] | None:
        """Keys of the group of the address and of all below it."""
        wanted = self.request.GET.get("group", "")
        if not wanted.isdecimal():
            return None
        parents = dict(AccountGroup.objects.values_list("pk", "parent_id"))
        if int(wanted) not in parents:
            raise Http404
        found = {int(wanted)}
        while more := {key for key, parent in parents.items() if parent in found} - found:
            found |= more
        return found


class _ReportPage(StatementPage):
    """A statement of headings and accounts, with a column for each period."""

    def report(self) -> Report:
        raise NotImplementedError

    def head(self, report: Report, place: int) -> str:
        period = report.periods[place]
        if not self.ranged:
            return formats.day(period.last)
        return f"{formats.day(period.first)} – {formats.day(period.last)}"

    def sheet(self) -> Sheet:
        report = self.report()
        width = len(report.periods)
        heads = [SheetColumn(self.head(report, place), amount=True) for place in range(width)]
        rows = [
            SheetRow(
                [
                    Cell(line.label, self._url(line, 0, report)),
                    *(amount(figure, self._url(line, place, report)) for place, figure in enumerate(line.figures)),
                ],
                level=line.level,
                total=line.total,
                heading=line.group is not None and not line.level,
            )
            for line in report.lines
        ]
        return Sheet([SheetColumn(_("Particulars")), *heads], rows)

    def _url(self, line: Line, place: int, report: Report) -> str:
        period = report.periods[place]
        first = period.first if self.ranged else self.first
        if line.account is not None:
            return self.at(LEDGER, first=first, last=period.last, pk=line.account.id)
        if line.group is not None:
            return f"{self.at(TRIAL, first=first, last=period.last)}&group={line.group.id}"
        return ""


class ProfitAndLossPage(_ReportPage):
    title = gettext_lazy("Profit and loss")

    def report(self) -> Report:
        return profit_and_loss(periods=self.periods(), branch_id=self.branch_id)


class BalanceSheetPage(_ReportPage):
    title = gettext_lazy("Balance sheet")
    ranged = False

    def report(self) -> Report:
        return balance_sheet(days=[period.last for period in self.periods()], branch_id=self.branch_id)


class CashFlowPage(_ReportPage):
    title = gettext_lazy("Cash flow")

    def report(self) -> Report:
        return cash_flow(periods=self.periods(), branch_id=self.branch_id)


class CashBookPage(StatementPage):
    """Every cash and bank account: what it held, what came, what went, what it holds."""

    title = gettext_lazy("Cash and bank book")
    compared = False

    def sheet(self) -> Sheet:
        before, after = sums_before([self.first, self.last + _DAY], branch_id=self.branch_id)
        rows = []
        totals = [ZERO] * 4
        accounts = Account.objects.filter(nature__in=[Nature.CASH, Nature.BANK]).order_by("code")
        for account in accounts:
            moved = after.get(account.pk, NOTHING) - before.get(account.pk, NOTHING)
            figures = [
                before.get(account.pk, NOTHING).net,
                moved.debit,
                moved.credit,
                after.get(account.pk, NOTHING).net,
            ]
            if not account.active and not any(figures):
                continue
            totals = [total + figure for total, figure in zip(totals, figures, strict=True)]
            url = self.at(LEDGER, pk=account.pk)
            rows.append(SheetRow([Cell(account.name, url), *self._figures(figures, url)]))
        rows.append(SheetRow([Cell(_("Total")), *self._figures(totals, "")], total=True))
        heads = [_("Opening"), _("Received"), _("Paid"), _("Closing")]
        return Sheet([SheetColumn(_("Account")), *(SheetColumn(head, amount=True) for head in heads)], rows)

    def _figures(self, figures: list[Decimal], url: str) -> list[Cell]:
        opening, received, paid, closing = figures
        return [
            amount(opening, balance=True),
            amount(received, url),
            amount(paid, url),
            amount(closing, url, balance=True),
        ]


class AccountLedgerPage(StatementPage):
    """Every line of an account, with the balance after it; opens to the entry and to its document."""

    compared = False
    account: Account

    def prepare(self) -> None:
        found = Account.objects.select_related("group", "branch").filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.account = found

    def get_title(self) -> str:
        return f"{self.account.name}"

    def crumbs(self) -> list[Link]:
        chart = self.link("finance:account_list", _("Chart of accounts"))
        return [chart] if chart else []

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return super().get(request, **kwargs)

    def sheet(self) -> Sheet:
        whole = self.request.GET.get("as", "") != ""
        after = None if whole else self._after()
        ledger = account_ledger(
            account_id=self.account.pk,
            first=self.first,
            last=self.last,
            branch_id=self.branch_id,
            after=after,
            most=200_000 if whole else 100,
        )
        brought = _("Brought forward") if after else _("Opening balance")
        blank = [amount(None), amount(None)]
        rows = [
            SheetRow(
                [
                    Cell(self.first if not after else after[0]),
                    Cell(""),
                    Cell(brought),
                    *blank,
                    amount(ledger.brought, balance=True),
                ]
            )
        ]
        rows += [self._row(line) for line in ledger.lines]
        if not ledger.more:
            totals = [amount(ledger.total.debit), amount(ledger.total.credit), amount(ledger.closing, balance=True)]
            rows.append(SheetRow([Cell(self.last), Cell(""), Cell(_("Closing balance")), *totals], total=True))
        more = ""
        if ledger.more:
            last = ledger.lines[-1]
            more = f"{self.at(LEDGER, pk=self.account.pk)}&after={last.on_date.isoformat()}.{last.id}"
        heads = [SheetColumn(_("Date")), SheetColumn(_("Number")), SheetColumn(_("Particulars"))]
        figures = [SheetColumn(label, amount=True) for label in (_("Debit"), _("Credit"), _("Balance"))]
        return Sheet([*heads, *figures], rows, more_url=more, facts=[(_("Account"), self.account.code)])

    def _row(self, line: LedgerLine) -> SheetRow:
        entry = self.url("finance:journalentry_detail", pk=line.entry_id)
        kind = document_type(line.source_kind)
        document = (
            self.url(kind.route, pk=line.source_id) if kind.route and may_open(self.request, kind.route) else entry
        )
        words = " · ".join(part for part in (line.party, ", ".join(line.against), line.narration) if part)
        return SheetRow(
            [
                Cell(line.on_date),
                Cell(line.number or f"#{line.entry_id}", document),
                Cell(words, entry),
                amount(line.debit, entry),
                amount(line.credit, entry),
                amount(line.balance, balance=True),
            ]
        )

    def _after(self) -> tuple[dt.date, int] | None:
        day, _dot, key = self.request.GET.get("after", "").partition(".")
        try:
            return (dt.date.fromisoformat(day), int(key)) if key.isdecimal() else None
        except ValueError:
            return None
