"""How the organization orders."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from apps.purchasing.models import OrderSettings


@transaction.atomic
def set_ordering(
    *, approval_limit: Decimal | None, over_receipt_percent: Decimal, lead_days: int, cover_days: int
) -> OrderSettings:
    """From now on orders follow these; what is approved stays so."""
    values = {
        "approval_limit": approval_limit,
        "over_receipt_percent": over_receipt_percent,
        "lead_days": lead_days,
        "cover_days": cover_days,
    }
    found: OrderSettings
    found, made = OrderSettings.objects.select_for_update().get_or_create(defaults=values)
    if not made:
        for name, value in values.items():
            setattr(found, name, value)
        found.version += 1
        found.save(update_fields=[*values, "version"])
    return found
