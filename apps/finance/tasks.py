"""What the books do by the clock."""

from __future__ import annotations

from huey import crontab

from apps.core.background.tasks import every_minute, for_each_organization, periodic
from apps.finance.operations import fold_balances, verify_books


@every_minute
def fold_all_balances() -> None:
    """Fold every organization's balances, so that statements read summaries and few deltas."""
    for_each_organization(lambda _organization_id: fold_balances(), source="fold balances")


@periodic(crontab(minute="20", hour="20"))
def verify_all_books() -> None:
    """Look at the whole of every organization's books each night, ten to two by Indian time."""
    for_each_organization(lambda _organization_id: verify_books(), source="verify books")
