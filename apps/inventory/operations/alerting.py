"""What members are told of the stock, each morning and when they ask."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection, transaction

from apps.core.outbox.facts import emit
from apps.core.tenancy.context import current_organization_id
from apps.inventory.models import AlertSubscription

DIGEST_DUE = "inventory.digest_due"
# Before the shop opens, after the night's expiry and verification.
DIGEST_HOUR = 7


# One statement, so that of two workers the second finds the day taken.
_CLAIM = """
INSERT INTO inventory_alertdigest (organization_id, member_id, on_date, moment)
SELECT s.organization_id, s.member_id, %(on)s, %(now)s
FROM inventory_alertsubscription s
JOIN organizations_membership m ON m.organization_id = s.organization_id AND m.id = s.member_id AND m.active
WHERE s.organization_id = %(organization)s AND s.digest
ON CONFLICT (organization_id, member_id, on_date) DO NOTHING
RETURNING member_id
"""


@transaction.atomic
def choose_alerts(*, member_id: int, origin: str, **chosen: Any) -> AlertSubscription:
    """Keep what a member wants to be told.

    Args:
        origin: where links in the e-mails lead, such as https://erp.example.
        chosen: fields of `AlertSubscription`.
    """
    subscription: AlertSubscription
    subscription, _made = AlertSubscription.objects.update_or_create(
        member_id=member_id,
        defaults={**chosen, "origin": origin},
        create_defaults={**chosen, "origin": origin, "organization_id": current_organization_id()},
    )
    return subscription


@transaction.atomic
def send_digests(*, now: dt.datetime) -> int:
    """Ask for the morning's summary of everybody who wants one and has none yet today; returns for how many.

    The row that says so is unique for a member and a day, so that neither a second worker nor a second run sends
    another. The e-mail itself is an outbox message of the same transaction.

    Args:
        now: in the organization's time zone.
    """
    if now.hour < DIGEST_HOUR:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"organization": current_organization_id(), "on": now.date(), "now": now})
        members = [key for (key,) in cursor.fetchall()]
    for member_id in members:
        emit(topic=DIGEST_DUE, payload={"member": member_id, "on": now.date().isoformat()})
    return len(members)
