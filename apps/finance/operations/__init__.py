"""Every write of the books."""

from apps.finance.operations.balances import fold_balances
from apps.finance.operations.cash_limits import seed_cash_limits
from apps.finance.operations.chart import ensure_chart, ensure_year, found_books
from apps.finance.operations.checking import verify_books
from apps.finance.operations.cheques import bounce_cheque, clear_cheque, deposit_cheque
from apps.finance.operations.items import settle, settle_oldest_first, settle_shares, undo_allocation, undo_allocations
from apps.finance.operations.locks import lock_period, unlock_period
from apps.finance.operations.payments import ChequeDraft, record_payment, undo_payment
from apps.finance.operations.posting import Posted, post_entry, reverse_entry
from apps.finance.operations.tax_rates import remove_tax_rate, seed_tax_rates, set_tax_rate
from apps.finance.operations.vouchers import (
    delete_draft,
    limit_vouchers,
    post_voucher,
    reverse_voucher,
    save_voucher,
    send_back_voucher,
)
from apps.finance.operations.withholding import seed_tds_rates
from apps.finance.operations.write_offs import write_off
from apps.finance.operations.years import close_year, open_year, reopen_year

__all__ = [
    "ChequeDraft",
    "Posted",
    "bounce_cheque",
    "clear_cheque",
    "close_year",
    "delete_draft",
    "deposit_cheque",
    "ensure_chart",
    "ensure_year",
    "fold_balances",
    "found_books",
    "limit_vouchers",
    "lock_period",
    "open_year",
    "post_entry",
    "post_voucher",
    "record_payment",
    "remove_tax_rate",
    "reopen_year",
    "reverse_entry",
    "reverse_voucher",
    "save_voucher",
    "seed_cash_limits",
    "seed_tax_rates",
    "seed_tds_rates",
    "send_back_voucher",
    "set_tax_rate",
    "settle",
    "settle_oldest_first",
    "settle_shares",
    "undo_allocation",
    "undo_allocations",
    "undo_payment",
    "unlock_period",
    "verify_books",
    "write_off",
]
