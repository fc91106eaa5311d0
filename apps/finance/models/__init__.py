"""What the books are made of."""

from apps.finance.models.account import Account, AccountGroup
from apps.finance.models.balance import BalanceDelta, PeriodBalance
from apps.finance.models.check import BooksCheck
from apps.finance.models.items import Allocation, ItemKind, OpenItem, Side, WriteOff
from apps.finance.models.journal import JournalEntry, JournalLine
from apps.finance.models.payments import (
    Cheque,
    ChequeState,
    CollectionTerms,
    Mode,
    Payment,
    PaymentKind,
    PaymentState,
    Reminder,
)
from apps.finance.models.period import FinancialYear, PeriodLock
from apps.finance.models.taxes import Direction, TaxDocument, TaxLine, TaxRate
from apps.finance.models.voucher import BookSettings, Voucher, VoucherLine
from apps.finance.models.withholding import CashLimit, CashWay, Certainty, OnBreach, TdsLine, TdsRate

__all__ = [
    "Account",
    "AccountGroup",
    "Allocation",
    "BalanceDelta",
    "BookSettings",
    "BooksCheck",
    "CashLimit",
    "CashWay",
    "Certainty",
    "Cheque",
    "ChequeState",
    "CollectionTerms",
    "Direction",
    "FinancialYear",
    "ItemKind",
    "JournalEntry",
    "JournalLine",
    "Mode",
    "OnBreach",
    "OpenItem",
    "Payment",
    "PaymentKind",
    "PaymentState",
    "PeriodBalance",
    "PeriodLock",
    "Reminder",
    "Side",
    "TaxDocument",
    "TaxLine",
    "TaxRate",
    "TdsLine",
    "TdsRate",
    "Voucher",
    "VoucherLine",
    "WriteOff",
]
