"""What the books do by the clock."""

from __future__ import annotations

from apps.core.background.tasks import every_minute, for_each_organization
from apps.finance.operations import fold_balances


@every_minute
def fold_all_balances() -> None:
    """Fold every organization's balances, so that statements read summaries and few deltas."""
    for_each_organization(lambda _organization_id: fold_balances(), source="fold balances")
