"""What the books are made of."""

from apps.finance.models.account import Account, AccountGroup
from apps.finance.models.balance import BalanceDelta, PeriodBalance
from apps.finance.models.check import BooksCheck
from apps.finance.models.journal import JournalEntry, JournalLine
from apps.finance.models.period import FinancialYear, PeriodLock
from apps.finance.models.voucher import BookSettings, Voucher, VoucherLine

__all__ = [
    "Account",
    "AccountGroup",
    "BalanceDelta",
    "BookSettings",
    "BooksCheck",
    "FinancialYear",
    "JournalEntry",
    "JournalLine",
    "PeriodBalance",
    "PeriodLock",
    "Voucher",
    "VoucherLine",
]
