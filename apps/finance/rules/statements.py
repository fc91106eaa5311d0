"""Statements put together from sums: pure, so that they can be checked without a database.

Amounts are signed: positive is a debit. What is shown turns the sign where credits make a heading grow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from apps.finance.rules.chart import Kind

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Sum:
    """Debits and credits of an account."""

    debit: Decimal = ZERO
    credit: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        """Debits less credits."""
        return self.debit - self.credit

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.debit + other.debit, self.credit + other.credit)

    def __sub__(self, other: Sum) -> Sum:
        return Sum(self.debit - other.debit, self.credit - other.credit)


NOTHING = Sum()


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A heading of the chart."""

    id: int
    code: str
    name: str
    kind: Kind
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account of the chart."""

    id: int
    code: str
    name: str
    group_id: int


@dataclass
class Heading:
    """A heading of a statement with what lies below it. `figures` are totals by column, debits positive."""

    group: GroupFacts
    figures: list[Decimal]
    accounts: list[tuple[AccountFacts, list[Decimal]]] = field(default_factory=list)
    below: list[Heading] = field(default_factory=list)

    def shown(self) -> list[Decimal]:
        """The figures as the statement prints them: positive where the heading grows."""
        return self.figures if self.group.kind.debit_grows else [-figure for figure in self.figures]


def headings(
    groups: Sequence[GroupFacts], accounts: Sequence[AccountFacts], columns: Sequence[Mapping[int, Decimal]]
) -> dict[str, Heading]:
    """The tree of headings by code, each with the totals of all that lies below it.

    Args:
        columns: net amounts by account, one mapping for each column of the statement.
    """
    known = {group.id: Heading(group, [ZERO] * len(columns)) for group in groups}
    for account in sorted(accounts, key=lambda one: one.code):
        figures = [column.get(account.id, ZERO) for column in columns]
        if not any(figures):
            continue
        heading: Heading | None = known[account.group_id]
        known[account.group_id].accounts.append((account, figures))
        while heading is not None:
            heading.figures = [total + figure for total, figure in zip(heading.figures, figures, strict=True)]
            parent = heading.group.parent_id
            heading = known[parent] if parent is not None else None
    for heading in sorted(known.values(), key=lambda one: one.group.code):
        if heading.group.parent_id is not None:
            known[heading.group.parent_id].below.append(heading)
    return {heading.group.code: heading for heading in known.values()}


def standard_code(group_id: int, groups: Mapping[int, GroupFacts], standard: Iterable[str]) -> str:
    """The code of the nearest standard heading at or above the group; '' when there is none."""
    codes = frozenset(standard)
    current: GroupFacts | None = groups[group_id]
    while current is not None:
        if current.code in codes:
            return current.code
        current = groups[current.parent_id] if current.parent_id is not None else None
    return ""


@dataclass(frozen=True, slots=True)
class CashFlowLine:
    """A line of the cash flow. `group_codes` name the headings whose change it is."""

    label: str
    group_codes: tuple[str, ...]
    amount: Decimal


# Accounting Standard 3, indirect method: which part each heading's change belongs to.
OPERATING, INVESTING, FINANCING, CASH = "operating", "investing", "financing", "cash"
CASH_FLOW_PARTS: dict[str, str] = {
    "111": INVESTING,
    "112": INVESTING,
    "113": INVESTING,
    "114": INVESTING,
    "115": OPERATING,
    "116": INVESTING,
    "117": INVESTING,
    "121": INVESTING,
    "122": OPERATING,
    "123": OPERATING,
    "124": CASH,
    "125": OPERATING,
    "126": OPERATING,
    "211": FINANCING,
    "212": OPERATING,
    "213": FINANCING,
    "214": OPERATING,
    "221": FINANCING,
    "222": OPERATING,
    "223": OPERATING,
    "224": OPERATING,
    "31": FINANCING,
    "32": FINANCING,
    "54": FINANCING,
    "55": INVESTING,
}
"""Where a group is not named, the nearest one above it is; what is named nowhere is operating."""


def year_ahead(day: dt.date, years: int) -> dt.date:
    """The same day some years later, or earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
