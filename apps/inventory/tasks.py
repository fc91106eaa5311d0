"""What happens to the stock by the clock."""

from __future__ import annotations

from django.utils import timezone
from huey import crontab

from apps.core.background.tasks import for_each_organization, periodic
from apps.inventory.operations import expire
from apps.inventory.operations.alerting import send_digests
from apps.inventory.operations.verifying import verify_stock


# Whatever comes first after midnight does it: a worker that was down then catches up.
@periodic(crontab(minute="*/15"))
def expire_all_stock() -> None:
    """Take what expired out of sale, from midnight on."""
    for_each_organization(lambda _organization_id: expire(on=timezone.localdate()), source="expire stock")


# Half past two in India.
@periodic(crontab(minute="0", hour="21"))
def verify_all_stock() -> None:
    """Rebuild every organization's balances from the moves; the stock page shows what was found."""
    for_each_organization(lambda _organization_id: verify_stock(), source="verify stock")


# A worker that was down at seven catches up; what went out is not sent again.
@periodic(crontab(minute="5,20,35,50"))
def send_all_digests() -> None:
    """Send the morning summaries that are due, in the organization's time."""
    for_each_organization(lambda _organization_id: send_digests(now=timezone.localtime()), source="send digests")
