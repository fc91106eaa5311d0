"""Where the books appear in the menu, the palette and on the home page."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.http import TenantRequest
from apps.core.ui import registry
from apps.core.ui.formats import day, inr, inr_short
from apps.core.ui.links import may_open, org_url, row_links
from apps.core.ui.registry import (
    Command,
    Hit,
    HomePanel,
    NavEntry,
    NavGroup,
    Panel,
    SearchProvider,
    Tile,
    TileValue,
    Work,
    WorkItem,
)
from apps.finance.models import ItemKind, OpenItem, Payment, Voucher
from apps.finance.panels import BalancePanel, ReceivablesPanel, receivables
from apps.finance.queries.ageing import OpenTotals, open_totals
from apps.finance.queries.balances import money_held
from apps.finance.queries.cheques import cheques_to_deposit
from apps.finance.rules.drafts import Side

MOST_FOUND = 5
LEDGERS, PAYMENTS = "finance.party_ledger.view", "finance.payment.view"


def _totals(request: TenantRequest, side: Side) -> OpenTotals:
    """What is open on the side. The card of receivables below the tile asks for the same, so they share the answer."""
    if side is Side.PAYABLE:
        return open_totals(side, timezone.localdate())
    all_of_them = receivables(request).total
    return OpenTotals(sum(all_of_them.buckets, Decimal(0)), all_of_them.overdue, all_of_them.on_account)


def _tile(side: Side) -> Tile:
    label = gettext_lazy("To receive") if side is Side.RECEIVABLE else gettext_lazy("To pay")

    def value(request: TenantRequest) -> TileValue | None:
        totals = _totals(request, side)
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


def _numbers(text: str) -> str:
    return text.strip().upper()[:20]


def find_payments(request: TenantRequest, text: str) -> list[Hit]:
    """Receipts and payments whose number begins so, newest first."""
    make = row_links(request, Payment)
    rows = Payment.objects.filter(number__prefix=_numbers(text)).order_by("-number")[:MOST_FOUND]
    return [
        Hit(
            label=number,
            detail=f"{day(on_date)} · {party}",
            url=make(key) if make else "",
            icon="cash",
            end=inr(amount),
        )
        for key, number, on_date, party, amount in rows.values_list("pk", "number", "on_date", "party__name", "amount")
    ]


def find_vouchers_by_number(request: TenantRequest, text: str) -> list[Hit]:
    """Vouchers by hand whose number begins so."""
    make = row_links(request, Voucher)
    rows = Voucher.objects.filter(number__prefix=_numbers(text)).order_by("-number")[:MOST_FOUND]
    return [
        Hit(
            label=number,
            detail=" · ".join(filter(None, (day(on_date), narration))),
            url=make(key) if make else "",
            icon="receipt",
            end=inr(amount),
        )
        for key, number, on_date, narration, amount in rows.values_list(
            "pk", "number", "on_date", "narration", "amount"
        )
    ]


def find_opening_bills(request: TenantRequest, text: str) -> list[Hit]:
    """Bills that came in from the books before, by their number."""
    make = row_links(request, OpenItem)
    rows = OpenItem.objects.filter(kind=ItemKind.OPENING.value, number__prefix=_numbers(text)).order_by("number", "id")
    return [
        Hit(
            label=number,
            detail=f"{day(document_on)} · {party}",
            url=make(key) if make else "",
            icon="file-invoice",
            end=inr(abs(amount)),
        )
        for key, number, document_on, party, amount in rows.values_list(
            "pk", "number", "document_on", "party__name", "amount"
        )[:MOST_FOUND]
    ]


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
        Command(gettext_lazy("GST ledgers"), icon="receipt-tax", route="finance:gst_ledgers"),
        SearchProvider(gettext_lazy("Receipts and payments"), search=find_payments, right=PAYMENTS, order=30),
        SearchProvider(gettext_lazy("Vouchers"), search=find_vouchers_by_number, right="finance.entry.view", order=31),
        SearchProvider(gettext_lazy("Bills brought in"), search=find_opening_bills, right=LEDGERS, order=32),
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
        HomePanel(ReceivablesPanel, order=40),
        _tile(Side.RECEIVABLE),
        _tile(Side.PAYABLE),
        Work(find_cheques, right=PAYMENTS),
    )
