"""Trial balance, profit and loss, balance sheet and cash flow, from the summaries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.core.tenancy.context import current_organization_id
from apps.finance.queries.balances import sums_before
from apps.finance.queries.chart import Chart, chart, year_of
from apps.finance.rules.chart import Kind
from apps.finance.rules.statements import (
    CASH,
    CASH_FLOW_PARTS,
    FINANCING,
    INVESTING,
    NOTHING,
    OPERATING,
    AccountFacts,
    GroupFacts,
    Heading,
    Sum,
    headings,
    standard_code,
)
from apps.organizations.models import Organization
from apps.organizations.rules.numbering import financial_year, year_bounds

ZERO = Decimal("0.00")
_DAY = dt.timedelta(days=1)


def year_start(day: dt.date) -> dt.date:
    """First day of the financial year of the day, whether the books have it or not."""
    known = year_of(day)
    if known is not None:
        return known.starts_on
    start = Organization.objects.values_list("financial_year_start", flat=True).get(pk=current_organization_id())
    return year_bounds(financial_year(day, start), start)[0]


@dataclass(frozen=True, slots=True)
class TrialRow:
    """An account in the trial balance; all signed, debits positive, but for the two movements."""

    account: AccountFacts
    kind: Kind
    opening: Decimal
    debit: Decimal
    credit: Decimal
    closing: Decimal
    compared: Decimal | None = None


@dataclass(frozen=True)
class TrialBalance:
    """Every account with a balance or a movement, in the order of its code.

    `unclosed` is the result of earlier years that were not closed: it lies in no account yet, but balances the sheet.
    """

    first: dt.date
    last: dt.date
    rows: list[TrialRow]
    unclosed: Decimal

    @property
    def opening(self) -> Decimal:
        """Nothing, when the books balance."""
        return sum((row.opening for row in self.rows), ZERO) + self.unclosed

    @property
    def debit(self) -> Decimal:
        return sum((row.debit for row in self.rows), ZERO)

    @property
    def credit(self) -> Decimal:
        return sum((row.credit for row in self.rows), ZERO)

    @property
    def closing_debit(self) -> Decimal:
        """Total of the debit balances."""
        return sum((row.closing for row in self.rows if row.closing > 0), ZERO) + max(self.unclosed, ZERO)

    @property
    def closing_credit(self) -> Decimal:
        """Total of the credit balances."""
        return -sum((row.closing for row in self.rows if row.closing < 0), ZERO) + max(-self.unclosed, ZERO)


def trial_balance(
    *, on: dt.date, branch_id: int | None = None, since: dt.date | None = None, compare_on: dt.date | None = None
) -> TrialBalance:
    """Opening balance, movement and closing balance of every account.

    Income and expenses begin each financial year at nothing; entries that close the year itself are left out.

    Args:
        on: last day.
        since: first day of the movement, within the financial year of `on`; its first day unless told otherwise.
        compare_on: a second closing balance, of another day.
    """
    start = year_start(on)
    first = max(since or start, start)
    ends = [start, first, on + _DAY]
    closings: list[tuple[dt.date, dt.date] | None] = [None, (start, first), (start, on + _DAY)]
    if compare_on is not None:
        earlier = year_start(compare_on)
        ends += [earlier, compare_on + _DAY]
        closings += [None, (earlier, compare_on + _DAY)]
    at_start, before, after, *compared = sums_before(ends, branch_id=branch_id, without_closings=closings)
    books = chart()
    rows: list[TrialRow] = []
    unclosed = ZERO
    kinds = {key: (group.kind, group.kind.of_result) for key, group in books.groups.items()}
    moved_keys = set().union(at_start, before, after, *compared)
    for key, account in books.accounts.items():
        if key not in moved_keys:
            continue
        kind, of_result = kinds[account.group_id]
        carried = at_start.get(key, NOTHING).net if of_result else ZERO
        unclosed += carried
        opened, closed = before.get(key, NOTHING), after.get(key, NOTHING)
        other = None
        if compared:
            other = compared[1].get(key, NOTHING).net
            other -= compared[0].get(key, NOTHING).net if of_result else ZERO
        moved = closed - opened
        row = TrialRow(account, kind, opened.net - carried, moved.debit, moved.credit, closed.net - carried, other)
        if any((row.opening, row.debit, row.credit, row.closing, other)):
            rows.append(row)
    return TrialBalance(first, on, rows, unclosed)


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both included."""

    first: dt.date
    last: dt.date


@dataclass
class Line:
    """A line of a statement. `figures` are as printed, one for each period."""

    label: str
    figures: list[Decimal]
    group: GroupFacts | None = None
    account: AccountFacts | None = None
    level: int = 0
    total: bool = False


@dataclass(frozen=True)
class Report:
    """A statement: its lines, in order, and the periods of their figures, the first one being the one asked for."""

    periods: list[Period]
    lines: list[Line]
    result: list[Decimal] = field(default_factory=list)


def _movements(periods: Sequence[Period], branch_id: int | None) -> list[dict[int, Decimal]]:
    """Net movement by account in each period, without closing entries."""
    ends = [end for period in periods for end in (period.first, period.last + _DAY)]
    closings = [left for period in periods for left in (None, (period.first, period.last + _DAY))]
    found = sums_before(ends, branch_id=branch_id, without_closings=closings)
    return [_nets(found[2 * place + 1], found[2 * place]) for place in range(len(periods))]


def _nets(after: Mapping[int, Sum], before: Mapping[int, Sum]) -> dict[int, Decimal]:
    return {
        key: net
        for key in after.keys() | before.keys()
        if (net := after.get(key, NOTHING).net - before.get(key, NOTHING).net)
    }


def _outline(heading: Heading, level: int = 0) -> list[Line]:
    """A heading with all that lies below it; headings without figures are left out."""
    if not any(heading.figures) and not heading.accounts and not any(any(one.figures) for one in heading.below):
        return []
    grows = heading.group.kind.debit_grows
    lines = [Line(heading.group.name, heading.shown(), group=heading.group, level=level)]
    for below in heading.below:
        lines += _outline(below, level + 1)
    for account, figures in heading.accounts:
        shown = figures if grows else [-figure for figure in figures]
        lines.append(Line(account.name, shown, account=account, level=level + 1))
    return lines


def _tree(books: Chart, columns: Sequence[Mapping[int, Decimal]]) -> dict[str, Heading]:
    return headings(list(books.groups.values()), list(books.accounts.values()), columns)


def _totals(rows: Sequence[Heading]) -> list[Decimal]:
    return [sum(column, ZERO) for column in zip(*(row.shown() for row in rows), strict=True)]


def _less(one: Sequence[Decimal], other: Sequence[Decimal]) -> list[Decimal]:
    return [left - right for left, right in zip(one, other, strict=True)]


def profit_and_loss(*, periods: Sequence[Period], branch_id: int | None = None) -> Report:
    """The statement of profit and loss: Schedule III, Division I, Part II."""
    books = chart()
    tree = _tree(books, _movements(periods, branch_id))
    tops = sorted((one for one in tree.values() if one.group.parent_id is None), key=lambda one: one.group.code)
    income = [below for top in tops if top.group.kind is Kind.INCOME for below in (top.below or [top])]
    expenses = [below for top in tops if top.group.kind is Kind.EXPENSE for below in (top.below or [top])]
    taxes = [one for one in expenses if one.group.code == "57"]
    expenses = [one for one in expenses if one not in taxes]
    nothing = [ZERO] * len(periods)
    earned, spent = _totals(income) or nothing, _totals(expenses) or nothing
    taxed = _totals(taxes) or nothing
    before_tax = _less(earned, spent)
    result = _less(before_tax, taxed)
    lines = [
        *(line for one in income for line in _outline(one)),
        Line(_("Total income"), earned, total=True),
        *(line for one in expenses for line in _outline(one)),
        Line(_("Total expenses"), spent, total=True),
        Line(_("Profit before tax"), before_tax, total=True),
        *(line for one in taxes for line in _outline(one)),
        Line(_("Profit for the period"), result, total=True),
    ]
    return Report(list(periods), lines, result)


def balance_sheet(*, days: Sequence[dt.date], branch_id: int | None = None) -> Report:
    """The balance sheet at the end of each day: Schedule III, Division I, Part I.

    The result that no closing entry has carried to reserves yet is a line of its own, so the sheet always balances.
    """
    books = chart()
    found = sums_before([day + _DAY for day in days], branch_id=branch_id)
    tree = _tree(books, [{key: one.net for key, one in column.items()} for column in found])
    tops = sorted((one for one in tree.values() if one.group.parent_id is None), key=lambda one: one.group.code)
    of_kind: Callable[[Kind], list[Heading]] = lambda kind: [one for one in tops if one.group.kind is kind]  # noqa: E731
    unclosed = [
        -sum((one.figures[place] for one in tops if one.group.kind.of_result), ZERO) for place in range(len(days))
    ]
    lines: list[Line] = []
    equity = of_kind(Kind.EQUITY)
    own = [total + result for total, result in zip(_totals(equity), unclosed, strict=True)]
    for heading in equity:
        lines += _outline(heading) or [Line(heading.group.name, heading.shown(), group=heading.group)]
    lines.append(Line(_("Profit not yet carried to reserves"), unclosed, level=1))
    for heading in of_kind(Kind.LIABILITY):
        lines += [line for below in heading.below for line in _outline(below)]
    owed = _totals(of_kind(Kind.LIABILITY))
    lines.append(Line(_("Total equity and liabilities"), [a + b for a, b in zip(own, owed, strict=True)], total=True))
    assets = of_kind(Kind.ASSET)
    for heading in assets:
        lines += [line for below in heading.below for line in _outline(below)]
    lines.append(Line(_("Total assets"), _totals(assets), total=True))
    return Report([Period(day, day) for day in days], lines, unclosed)


def cash_flow(*, periods: Sequence[Period], branch_id: int | None = None) -> Report:
    """The cash flow by the indirect method of Accounting Standard 3: result, then what changed beside cash.

    It is made of the changes of all accounts, so it always ends in the change of cash and cash equivalents.
    """
    books = chart()
    columns = _movements(periods, branch_id)
    wanted: dict[str, dict[str, list[Decimal]]] = {OPERATING: {}, INVESTING: {}, FINANCING: {}, CASH: {}}
    width = len(periods)
    profit = [ZERO] * width
    by_code = {group.code: group for group in books.groups.values()}
    for key, account in books.accounts.items():
        figures = [-column.get(key, ZERO) for column in columns]
        if not any(figures):
            continue
        code = standard_code(account.group_id, books.groups, CASH_FLOW_PARTS)
        kind = books.kind(key)
        if kind.of_result:
            profit = [total + figure for total, figure in zip(profit, figures, strict=True)]
            if code not in CASH_FLOW_PARTS:
                continue
            # Interest and depreciation are part of the result, but not of operations: added back here, taken off there.
            add_back = wanted[OPERATING].setdefault(code, [ZERO] * width)
            wanted[OPERATING][code] = [total - figure for total, figure in zip(add_back, figures, strict=True)]
        bucket = wanted[CASH_FLOW_PARTS.get(code, OPERATING)]
        so_far = bucket.get(code, [ZERO] * width)
        bucket[code] = [total + figure for total, figure in zip(so_far, figures, strict=True)]
    lines = [Line(_("Profit for the period"), profit)]
    change = list(profit)
    titles = {
        OPERATING: _("Cash from operating activities"),
        INVESTING: _("Cash from investing activities"),
        FINANCING: _("Cash from financing activities"),
    }
    for part, title in titles.items():
        total = list(profit) if part == OPERATING else [ZERO] * width
        for code, figures in sorted(wanted[part].items()):
            group = by_code.get(code)
            label = _("Change in %(name)s") % {"name": group.name.lower()} if group else _("Other changes")
            lines.append(Line(label, figures, group=group, level=1))
            total = [one + other for one, other in zip(total, figures, strict=True)]
            change = [one + other for one, other in zip(change, figures, strict=True)]
        lines.append(Line(title, total, total=True))
    lines.append(Line(_("Change in cash and cash equivalents"), change, total=True))
    cash = sums_before([end for period in periods for end in (period.first, period.last + _DAY)], branch_id=branch_id)
    held = [
        sum(
            (
                one.net
                for key, one in column.items()
                if standard_code(books.accounts[key].group_id, books.groups, CASH_FLOW_PARTS) == "124"
            ),
            ZERO,
        )
        for column in cash
    ]
    lines.append(Line(_("Cash and cash equivalents at the beginning"), held[0::2], group=by_code.get("124")))
    lines.append(Line(_("Cash and cash equivalents at the end"), held[1::2], group=by_code.get("124"), total=True))
    return Report(list(periods), lines, change)
