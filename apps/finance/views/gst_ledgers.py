"""Goods-and-services tax in the books: every tax account, and what credit pays what."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui import formats
from apps.finance.models import Account
from apps.finance.queries.balances import sums_before
from apps.finance.rules.gst_set_off import HEADS, plan
from apps.finance.rules.statements import NOTHING
from apps.finance.views.sheets import Cell, Sheet, SheetColumn, SheetRow, StatementPage, amount

ZERO = Decimal("0.00")
LEDGER = "finance:account_ledger"
_DAY = dt.timedelta(days=1)
_PARTS = (
    ("output", gettext_lazy("Tax on supplies")),
    ("reverse_charge", gettext_lazy("Tax under reverse charge, paid in cash")),
    ("input", gettext_lazy("Input tax credit")),
)
_CASH = "gst_cash_ledger"
NAMES = {"igst": "IGST", "cgst": "CGST", "sgst": "SGST", "utgst": "UTGST", "cess": gettext_lazy("Cess")}


class GstLedgersPage(StatementPage):
    """Each tax account: what stood on it, what came and went, what stands. Below, the set-off in the law's order."""

    title = gettext_lazy("GST ledgers")

    def sheet(self) -> Sheet:
        compared = self.periods()[1:]
        ends = [self.first, self.last + _DAY, *(period.last + _DAY for period in compared)]
        before, after, *others = sums_before(ends, branch_id=self.branch_id)
        accounts = {account.role: account for account in Account.objects.exclude(role="")}
        closing: dict[str, Decimal] = {}
        rows: list[SheetRow] = []
        width = 5 + len(compared)
        for part, label in [*_PARTS, (_CASH, gettext_lazy("Electronic cash ledger"))]:
            part_rows = []
            for role in [part] if part == _CASH else [f"{part}_{head}" for head in HEADS]:
                account = accounts.get(role)
                if account is None:
                    continue
                opened, closed = before.get(account.pk, NOTHING), after.get(account.pk, NOTHING)
                other = [found.get(account.pk, NOTHING).net for found in others]
                closing[role] = closed.net
                if not any((opened.net, (closed - opened).debit, (closed - opened).credit, closed.net, *other)):
                    continue
                url = self.at(LEDGER, pk=account.pk)
                part_rows.append(
                    SheetRow(
                        [
                            Cell(account.name, url),
                            amount(opened.net, balance=True),
                            amount((closed - opened).debit, url),
                            amount((closed - opened).credit, url),
                            amount(closed.net, url, balance=True),
                            *(
                                amount(
                                    net,
                                    self.at(LEDGER, last=period.last, first=period.first, pk=account.pk),
                                    balance=True,
                                )
                                for net, period in zip(other, compared, strict=True)
                            ),
                        ],
                        level=1,
                    )
                )
            if part_rows:
                rows += [SheetRow([Cell(str(label)), *([amount(None)] * (width - 1))], heading=True), *part_rows]
        rows += self._set_off(closing, width)
        heads = [_("Opening"), _("Debit"), _("Credit"), _("Closing")]
        heads += [formats.day(period.last) for period in compared]
        return Sheet([SheetColumn(_("Account")), *(SheetColumn(head, amount=True) for head in heads)], rows)

    def _set_off(self, closing: dict[str, Decimal], width: int) -> list[SheetRow]:
        """What the credit at the end of the period pays, in the order of section 49A and rule 88A."""
        found = plan(
            {head: -closing.get(f"output_{head}", ZERO) for head in HEADS},
            {head: closing.get(f"input_{head}", ZERO) for head in HEADS},
        )
        reverse = {head: -closing.get(f"reverse_charge_{head}", ZERO) for head in HEADS}
        lines = [
            (
                _("%(credit)s credit pays %(liability)s")
                % {"credit": NAMES[use.credit], "liability": NAMES[use.liability]},
                use.amount,
            )
            for use in found.uses
        ]
        paid = {head: max(reverse[head], ZERO) + found.to_pay[head] for head in HEADS}
        lines += [(_("%(tax)s to be paid in cash") % {"tax": NAMES[head]}, paid[head]) for head in HEADS if paid[head]]
        lines += [
            (_("%(tax)s credit carried on") % {"tax": NAMES[head]}, found.carried[head])
            for head in HEADS
            if found.carried[head]
        ]
        if not lines:
            return []
        empty = [amount(None)] * (width - 2)
        title = _("Set-off at the end of the period (section 49A, rule 88A)")
        return [
            SheetRow([Cell(title), *([amount(None)] * (width - 1))], heading=True),
            *(SheetRow([Cell(label), *empty[:3], amount(figure), *empty[3:]], level=1) for label, figure in lines),
        ]
