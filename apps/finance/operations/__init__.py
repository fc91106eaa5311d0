"""Every write of the books."""

from apps.finance.operations.balances import fold_balances
from apps.finance.operations.chart import ensure_chart, ensure_year, found_books
from apps.finance.operations.posting import Posted, post_entry, reverse_entry

__all__ = [
    "Posted",
    "ensure_chart",
    "ensure_year",
    "fold_balances",
    "found_books",
    "post_entry",
    "reverse_entry",
]
