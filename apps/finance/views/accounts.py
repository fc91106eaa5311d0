"""The chart of accounts: the tree with balances, accounts and groups."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui.links import Link, page_url
from apps.core.ui.pages import (
    ArchivePage,
    Card,
    CreatePage,
    DeletePage,
    DetailPage,
    EditPage,
    Empty,
    Fact,
    ListPage,
    RestorePage,
)
from apps.finance.forms.books import AccountForm, AccountGroupForm
from apps.finance.models import Account, AccountGroup
from apps.finance.queries.balances import balance, sums_before
from apps.finance.rules.chart import GROUPS
from apps.finance.tables.books import AccountGroupTable
from apps.finance.views.sheets import Cell, Sheet, SheetColumn, SheetRow, StatementPage, amount

SEE, EDIT = "finance.account.view", "finance.account.edit"
_STANDARD = frozenset(seed.code for seed in GROUPS)


@dataclass
class _Tree:
    """What the chart is drawn from: balances by account, accounts by group, groups by the one above."""

    nets: dict[int, Decimal]
    accounts: dict[int, list[Account]]
    children: dict[int | None, list[AccountGroup]]


class ChartPage(StatementPage):
    """Groups with their accounts below them, and the balance of each at a day."""

    right = SEE
    title = gettext_lazy("Chart of accounts")
    ranged = False
    compared = False

    def sheet(self) -> Sheet:
        (sums,) = sums_before([self.last + dt.timedelta(days=1)], branch_id=self.branch_id)
        tree = _Tree({}, defaultdict(list), defaultdict(list))
        tree.nets.update((key, one.net) for key, one in sums.items())
        for account in Account.objects.select_related("branch").order_by("code"):
            tree.accounts[account.group_id].append(account)
        for group in AccountGroup.objects.order_by("code"):
            tree.children[group.parent_id].append(group)
        rows: list[SheetRow] = []
        for top in tree.children[None]:
            self._walk(top, 0, rows, tree)
        columns = [
            SheetColumn(_("Account")),
            SheetColumn(_("Code")),
            SheetColumn(_("Used for")),
            SheetColumn(_("Balance"), amount=True),
        ]
        return Sheet(columns, rows)

    def _walk(self, group: AccountGroup, level: int, rows: list[SheetRow], tree: _Tree) -> Decimal:
        """Add the group with all below it; returns its balance."""
        place = len(rows)
        total = Decimal("0.00")
        for below in tree.children[group.pk]:
            total += self._walk(below, level + 1, rows, tree)
        for account in tree.accounts[group.pk]:
            net = tree.nets.get(account.pk, Decimal("0.00"))
            total += net
            uses = [str(account.get_nature_display())] if account.nature != "general" else []
            uses += [str(account.branch)] if account.branch else []
            uses += [] if account.active else [_("Archived")]
            url = self.url("finance:account_detail", pk=account.pk)
            ledger = self.at("finance:account_ledger", first=self.first, pk=account.pk)
            rows.append(
                SheetRow(
                    [
                        Cell(account.name, url),
                        Cell(account.code),
                        Cell(" · ".join(uses)),
                        amount(net, ledger, balance=True),
                    ],
                    level=min(level + 1, 5),
                )
            )
        head = [Cell(group.name, page_url(self.request, group, "edit") or ""), Cell(group.code), Cell("")]
        rows.insert(place, SheetRow([*head, amount(total, balance=True)], level=level, heading=True))
        return total

    def get_context(self, **extra: Any) -> dict[str, Any]:
        context = super().get_context(**extra)
        new = page_url(self.request, Account, "create")
        group = page_url(self.request, AccountGroup, "create")
        context["actions"] += [
            *([Link(_("New group"), group, "plus")] if group else []),
            *([Link(_("New account"), new, "plus", primary=True, keys="n a")] if new else []),
        ]
        return context


def _balance(account: Account) -> str:
    return amount(balance(account.pk, timezone.localdate()).net, balance=True).text or "0.00"


class AccountDetail(DetailPage[Account]):
    model = Account
    right = SEE
    cards = (
        Card(gettext_lazy("Account"), ("code", "group", "nature", "branch")),
        Card(gettext_lazy("Today"), (Fact(gettext_lazy("Balance"), _balance, "num"),)),
    )

    def get_queryset(self) -> models.QuerySet[Account]:
        return super().get_queryset().select_related("group", "branch")

    def actions(self) -> list[Link | None]:
        return [self.link("finance:account_ledger", _("Ledger"), "file-text", pk=self.instance.pk)]


class AccountCreate(CreatePage[Account]):
    model = Account
    right = EDIT
    form_class = AccountForm


class AccountEdit(EditPage[Account]):
    model = Account
    right = EDIT
    form_class = AccountForm


class AccountArchive(ArchivePage[Account]):
    model = Account
    right = EDIT

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        """The product posts into accounts with a role, so those stay."""
        return super().offers(instance) and not getattr(instance, "role", "")


class AccountRestore(RestorePage[Account]):
    model = Account
    right = EDIT


class AccountDelete(DeletePage[Account]):
    model = Account
    right = EDIT

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        """One with a role would only come back with the next posting."""
        return super().offers(instance) and not getattr(instance, "role", "")


class AccountGroupList(ListPage[AccountGroup]):
    model = AccountGroup
    right = SEE
    table_class = AccountGroupTable
    search_fields = ("code", "name")
    empty = Empty(gettext_lazy("No groups"), gettext_lazy("Groups are the headings of the statements."))


class AccountGroupDetail(DetailPage[AccountGroup]):
    model = AccountGroup
    right = SEE
    cards = (Card(gettext_lazy("Group"), ("code", "kind", "parent")),)


class AccountGroupCreate(CreatePage[AccountGroup]):
    model = AccountGroup
    right = EDIT
    form_class = AccountGroupForm


class AccountGroupEdit(EditPage[AccountGroup]):
    model = AccountGroup
    right = EDIT
    form_class = AccountGroupForm


class AccountGroupDelete(DeletePage[AccountGroup]):
    model = AccountGroup
    right = EDIT

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        """The statements need the standard headings."""
        return super().offers(instance) and getattr(instance, "code", "") not in _STANDARD
