"""How much cash may be taken from one person, or paid to one, in a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from apps.finance.rules.certainty import Certainty
from apps.finance.rules.withholding import NEW_ACT


class CashWay(StrEnum):
    """Which way the cash goes."""

    RECEIPT = "receipt"
    PAYMENT = "payment"


class OnBreach(StrEnum):
    """What happens when the limit is passed."""

    REFUSE = "refuse"
    WARN = "warn"


@dataclass(frozen=True)
class CashRule:
    """A limit of cash with one person in one day, in rupees. `when_reached`: the limit itself is too much already."""

    way: CashWay
    amount: Decimal
    when_reached: bool
    on_breach: OnBreach
    section: str
    consequence: str

    def broken_by(self, total: Decimal) -> bool:
        """Whether the day's cash is too much."""
        return total >= self.amount if self.when_reached else total > self.amount


@dataclass(frozen=True)
class SeedCashRule:
    """A row that a new organization begins with."""

    first: dt.date
    last: dt.date | None
    rule: CashRule
    source: str
    certainty: Certainty


def seed_cash_rules() -> Iterator[SeedCashRule]:
    """Receipts of two lakh or more are forbidden; payments over ten thousand are no expense to the tax officer."""
    rows = (
        (CashWay.RECEIPT, 2_00_000, True, OnBreach.REFUSE, "269ST", "186", "The penalty is the whole amount.",
         dt.date(2017, 4, 1)),
        (CashWay.PAYMENT, 10_000, False, OnBreach.WARN, "40A(3)", "36(4)", "The expense is not deductible.",
         dt.date(2017, 4, 1)),
    )  # fmt: skip
    for way, amount, reached, breach, old, new, words, began in rows:
        for first, last, section, act in (
            (began, NEW_ACT - dt.timedelta(days=1), old, "Income-tax Act 1961"),
            (NEW_ACT, None, new, "Income-tax Act 2025"),
        ):
            rule = CashRule(way, Decimal(amount), reached, breach, section, words)
            yield SeedCashRule(first, last, rule, f"{act}, section {section}", Certainty.PUBLISHED)


def cash_limit_values() -> list[dict[str, Any]]:
    """The rows that an organization begins with, as columns of the table."""
    return [
        {
            "valid_from": seed.first,
            "valid_to": seed.last,
            "source": seed.source,
            "certainty": seed.certainty.value,
            **{name: str(value) if isinstance(value, StrEnum) else value for name, value in vars(seed.rule).items()},
        }
        for seed in seed_cash_rules()
    ]
