"""The chart of accounts as statements need it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from apps.finance.models import Account, AccountGroup, FinancialYear
from apps.finance.rules.chart import Kind
from apps.finance.rules.statements import AccountFacts, GroupFacts


@dataclass(frozen=True)
class Chart:
    """All groups and accounts, by key."""

    groups: dict[int, GroupFacts]
    accounts: dict[int, AccountFacts]

    def kind(self, account_id: int) -> Kind:
        """What the account is about."""
        return self.groups[self.accounts[account_id].group_id].kind


def chart() -> Chart:
    """The current organization's chart; archived accounts belong to it, for they have balances."""
    return Chart(
        {
            key: GroupFacts(key, code, name, Kind(kind), parent)
            for key, code, name, kind, parent in AccountGroup.objects.order_by("code").values_list(
                "pk", "code", "name", "kind", "parent_id"
            )
        },
        {
            key: AccountFacts(key, code, name, group)
            for key, code, name, group in Account.objects.order_by("code").values_list("pk", "code", "name", "group_id")
        },
    )


def year_of(day: dt.date) -> FinancialYear | None:
    """The financial year of the day, when the books have it."""
    found: FinancialYear | None = FinancialYear.objects.filter(starts_on__lte=day, ends_on__gte=day).first()
    return found
