"""Addresses of the books."""

from django.urls import URLPattern

from apps.core.ui.links import model_paths, org_path
from apps.finance.models import (
    Account,
    AccountGroup,
    Cheque,
    FinancialYear,
    JournalEntry,
    OpenItem,
    Payment,
    PeriodLock,
    TaxLine,
    TaxRate,
    Voucher,
)
from apps.finance.views import (
    accounts,
    ageing,
    checks,
    cheques,
    items,
    journal,
    party_ledger,
    party_statement,
    payment_entry,
    payments,
    periods,
    reports,
    taxes,
    voucher_entry,
    vouchers,
)

app_name = "finance"

_money: list[URLPattern] = [
    org_path("receipts/new/", payment_entry.ReceiptEntry, name="receipt_create"),
    org_path("payments/new/", payment_entry.PaymentEntry, name="payment_create"),
    *model_paths(
        "payments", Payment, list=payments.PaymentList, detail=payments.PaymentDetail, undo=payments.PaymentUndo
    ),
    *model_paths(
        "cheques",
        Cheque,
        list=cheques.ChequeList,
        detail=cheques.ChequeDetail,
        deposit=cheques.ChequeDeposit,
        clear=cheques.ChequeClear,
        bounce=cheques.ChequeBounce,
    ),
    *model_paths(
        "open-items",
        OpenItem,
        list=items.OpenItemList,
        detail=items.OpenItemDetail,
        settle=items.OpenItemSettle,
        settle_oldest=items.OpenItemSettleOldest,
        unsettle=items.OpenItemUnsettle,
        write_off=items.OpenItemWriteOff,
    ),
    org_path("ageing/", ageing.AgeingPage, name="ageing"),
    org_path("reminders/", ageing.ReminderList, name="reminders"),
    org_path("interest/", ageing.InterestList, name="interest"),
    org_path("collection-terms/", payments.TermsEdit, name="collection_terms"),
    org_path("parties/<int:pk>/ledger/", party_ledger.PartyLedgerPage, name="party_ledger"),
    org_path("parties/<int:pk>/statement/", party_statement.PartyStatement, name="party_statement"),
    org_path("parties/<int:pk>/statement/send/", party_statement.StatementSend, name="statement_send"),
    org_path("parties/<int:pk>/remind/", party_statement.ReminderSend, name="reminder_send"),
    *model_paths(
        "tax-rates",
        TaxRate,
        list=taxes.TaxRateList,
        create=taxes.TaxRateCreate,
        detail=taxes.TaxRateDetail,
        edit=taxes.TaxRateEdit,
        remove=taxes.TaxRateRemove,
    ),
    *model_paths("tax-lines", TaxLine, list=taxes.TaxLineList),
]

_books: list[URLPattern] = [
    *model_paths(
        "accounts",
        Account,
        list=accounts.ChartPage,
        create=accounts.AccountCreate,
        detail=accounts.AccountDetail,
        edit=accounts.AccountEdit,
        archive=accounts.AccountArchive,
        restore=accounts.AccountRestore,
        delete=accounts.AccountDelete,
        ledger=reports.AccountLedgerPage,
    ),
    *model_paths(
        "account-groups",
        AccountGroup,
        list=accounts.AccountGroupList,
        create=accounts.AccountGroupCreate,
        detail=accounts.AccountGroupDetail,
        edit=accounts.AccountGroupEdit,
        delete=accounts.AccountGroupDelete,
    ),
    *model_paths("journal", JournalEntry, list=journal.JournalEntryList, detail=journal.JournalEntryDetail),
    org_path("vouchers/pick/", voucher_entry.VoucherPick, name="voucher_pick"),
    *model_paths(
        "vouchers",
        Voucher,
        list=vouchers.VoucherList,
        create=voucher_entry.VoucherEntry,
        detail=vouchers.VoucherDetail,
        edit=voucher_entry.VoucherEdit,
        approve=vouchers.VoucherApprove,
        send_back=vouchers.VoucherSendBack,
        reverse=vouchers.VoucherReverse,
        delete=vouchers.VoucherDelete,
        print=vouchers.VoucherPrint,
    ),
    org_path("financial-years/settings/", periods.BookSettingsEdit, name="book_settings"),
    *model_paths(
        "financial-years",
        FinancialYear,
        list=periods.FinancialYearList,
        create=periods.FinancialYearOpen,
        detail=periods.FinancialYearDetail,
        close=periods.FinancialYearClose,
        reopen=periods.FinancialYearReopen,
    ),
    *model_paths(
        "period-locks",
        PeriodLock,
        list=periods.PeriodLockList,
        create=periods.PeriodLockCreate,
        detail=periods.PeriodLockDetail,
        edit=periods.PeriodLockMove,
        delete=periods.PeriodLockDelete,
    ),
    org_path("trial-balance/", reports.TrialBalancePage, name="trial_balance"),
    org_path("profit-and-loss/", reports.ProfitAndLossPage, name="profit_and_loss"),
    org_path("balance-sheet/", reports.BalanceSheetPage, name="balance_sheet"),
    org_path("cash-flow/", reports.CashFlowPage, name="cash_flow"),
    org_path("cash-and-bank/", reports.CashBookPage, name="cash_book"),
    org_path("books-check/", checks.BooksCheckPage, name="books_check"),
]

urlpatterns: list[URLPattern] = [*_books, *_money]
