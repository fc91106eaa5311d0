"""The chart of accounts as statements need it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from apps.core.tenancy.context import current_organization_id
from apps.finance.models import FinancialYear
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


# By hand: some hundred rows are read for every statement, and the query builder costs more than they do.
_GROUPS = (
    "SELECT id, code, name, kind, parent_id FROM finance_accountgroup WHERE organization_id = %s ORDER BY code, id"
)
_ACCOUNTS = "SELECT id, code, name, group_id FROM finance_account WHERE organization_id = %s ORDER BY code, id"


def chart() -> Chart:
    """The current organization's chart; archived accounts belong to it, for they have balances."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, [current_organization_id()])
        groups = {
            key: GroupFacts(key, code, name, Kind(kind), parent) for key, code, name, kind, parent in cursor.fetchall()
        }
        cursor.execute(_ACCOUNTS, [current_organization_id()])
        accounts = {row[0]: AccountFacts(*row) for row in cursor.fetchall()}
    return Chart(groups, accounts)


def year_of(day: dt.date) -> FinancialYear | None:
    """The financial year of the day, when the books have it."""
    found: FinancialYear | None = FinancialYear.objects.filter(starts_on__lte=day, ends_on__gte=day).first()
    return found
