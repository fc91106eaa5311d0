"""Where the books appear in the menu, the palette and on the home page."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.http import TenantRequest
from apps.core.ui import registry
from apps.core.ui.formats import inr, inr_short
from apps.core.ui.links import may_open, org_url
from apps.core.ui.registry import Command, NavEntry, NavGroup, Panel, Tile, TileValue, Work, WorkItem
from apps.finance.models import Voucher
from apps.finance.panels import BalancePanel
from apps.finance.queries.ageing import open_totals
from apps.finance.queries.balances import money_held
from apps.finance.queries.cheques import cheques_to_deposit
from apps.finance.rules.drafts import Side

LEDGERS, PAYMENTS = "finance.party_ledger.view", "finance.payment.view"


def _tile(side: Side) -> Tile:
    label = gettext_lazy("To receive") if side is Side.RECEIVABLE else gettext_lazy("To pay")

    def value(request: TenantRequest) -> TileValue | None:
        totals = open_totals(side, timezone.localdate())
        if not totals.due and not totals.on_account:
            return None
        text = _("%(amount)s overdue") % {"amount": inr(totals.overdue, 0)} if totals.overdue else _("nothing overdue")
        return TileValue(inr_short(totals.due), text, f"{org_url(request, 'finance:ageing')}?side={side.value}")

    return Tile(label, value=value, right=LEDGERS, order=20 if side is Side.RECEIVABLE else 21)


def find_cheques(request: TenantRequest) -> list[WorkItem]:
    """Cheques in hand whose day has come."""
    found = cheques_to_deposit(timezone.localdate())
    if not found.count or not may_open(request, "finance:cheque_list"):
        return []
    url = f"{org_url(request, 'finance:cheque_list')}?due=true&kind=receipt"
    text = _("%(count)d cheques to deposit") % {"count": found.count}
    return [WorkItem("building-bank", text, inr(found.amount), url=url, label=_("Deposit"), tone="warn", cost=60)]


def cash_and_bank(request: TenantRequest) -> TileValue | None:
    """What all cash and bank accounts hold today."""
    held = money_held(timezone.localdate())
    if held is None:
        return None
    return TileValue(inr_short(held), _("cash and bank today"), org_url(request, "finance:cash_book"))


def find_vouchers(request: TenantRequest) -> list[WorkItem]:
    """Vouchers that wait for approval."""
    count = Voucher.objects.filter(state=Voucher.State.WAITING).count()
    if not count:
        return []
    url = f"{org_url(request, 'finance:voucher_list')}?state=waiting"
    text = _("%(count)d vouchers wait for approval") % {"count": count}
    return [WorkItem("receipt", text, "", url=url, label=_("Approve"), tone="warn", cost=60)]


def register() -> None:
    """Add the entries to the frame."""
    registry.add(
        NavGroup("books", gettext_lazy("Books"), order=50),
        NavEntry("books", gettext_lazy("Day book"), icon="file-text", route="finance:journalentry_list", order=10),
        NavEntry("books", gettext_lazy("Vouchers"), icon="receipt", route="finance:voucher_list", order=20),
        NavEntry(
            "books", gettext_lazy("Trial balance"), icon="scale", route="finance:trial_balance", keys="g t", order=30
        ),
        NavEntry("books", gettext_lazy("Profit and loss"), icon="chart-bar", route="finance:profit_and_loss", order=40),
        NavEntry("books", gettext_lazy("Balance sheet"), icon="report-money", route="finance:balance_sheet", order=50),
        NavEntry("books", gettext_lazy("Cash and bank"), icon="building-bank", route="finance:cash_book", order=60),
        NavEntry("books", gettext_lazy("Chart of accounts"), icon="file-text", route="finance:account_list", order=70),
        NavEntry("books", gettext_lazy("Years"), icon="calendar", route="finance:financialyear_list", order=80),
        NavEntry("books", gettext_lazy("Period locks"), icon="lock", route="finance:periodlock_list", order=90),
        Command(gettext_lazy("Cash flow"), icon="cash", route="finance:cash_flow"),
        Command(gettext_lazy("Check of the books"), icon="shield-check", route="finance:books_check"),
        Command(gettext_lazy("New voucher"), icon="plus", route="finance:voucher_create", keys="n v"),
        Command(gettext_lazy("New account"), icon="plus", route="finance:account_create"),
        Command(gettext_lazy("Account groups"), icon="file-text", route="finance:accountgroup_list"),
        Tile(gettext_lazy("Cash and bank"), value=cash_and_bank, right="finance.statement.view", order=22),
        Work(find_vouchers, right="finance.voucher.approve"),
        NavGroup("money", gettext_lazy("Money"), order=40),
        NavEntry(
            "money",
            gettext_lazy("Receivables and payables"),
            icon="scale",
            route="finance:ageing",
            keys="g r",
            order=10,
        ),
        NavEntry("money", gettext_lazy("Receipts and payments"), icon="cash", route="finance:payment_list", order=20),
        NavEntry("money", gettext_lazy("Cheques"), icon="building-bank", route="finance:cheque_list", order=30),
        NavEntry("money", gettext_lazy("Tax rates"), icon="percentage", route="finance:taxrate_list", order=60),
        Command(gettext_lazy("New receipt"), icon="plus", route="finance:receipt_create", keys="n r"),
        Command(gettext_lazy("New payment"), icon="plus", route="finance:payment_create", keys="n y"),
        Command(gettext_lazy("Open items"), icon="file-invoice", route="finance:openitem_list"),
        Command(gettext_lazy("Reminders"), icon="send", route="finance:reminders"),
        Command(gettext_lazy("Interest on late bills"), icon="percentage", route="finance:interest"),
        Command(gettext_lazy("Tax lines"), icon="receipt-tax", route="finance:taxline_list"),
        Command(gettext_lazy("TDS rates"), icon="percentage", route="finance:tdsrate_list"),
        Command(gettext_lazy("TDS deducted"), icon="receipt-tax", route="finance:tdsline_list"),
        Command(gettext_lazy("Limits of cash"), icon="cash", route="finance:cashlimit_list"),
        Panel("parties.party", BalancePanel, order=5),
        _tile(Side.RECEIVABLE),
        _tile(Side.PAYABLE),
        Work(find_cheques, right=PAYMENTS),
    )
