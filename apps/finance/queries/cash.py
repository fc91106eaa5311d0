"""Cash with one person on one day, and the limit that holds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import connection
from django.db.models import Q

from apps.core.tenancy.context import current_organization_id
from apps.finance.models import CashLimit
from apps.finance.rules.cash_limits import CashRule, CashWay, OnBreach

# Entries of the day that name the party on a control account and touch cash; what was taken back does not count.
_CASH = """
SELECT coalesce(sum(l.{side}), 0) FROM finance_journalline l
JOIN finance_account a ON a.organization_id = l.organization_id AND a.id = l.account_id AND a.nature = 'cash'
WHERE l.organization_id = %(organization)s AND l.entry_id IN (
    SELECT p.entry_id FROM finance_journalline p
    JOIN finance_journalentry e ON e.organization_id = p.organization_id AND e.id = p.entry_id
    WHERE p.organization_id = %(organization)s AND p.party_id = %(party)s AND p.on_date = %(day)s
      AND e.reverses_id IS NULL AND NOT EXISTS (
        SELECT FROM finance_journalentry r WHERE r.organization_id = %(organization)s AND r.reverses_id = e.id))
"""
_SIDES = {CashWay.RECEIPT: "debit", CashWay.PAYMENT: "credit"}


def cash_of_day(party_id: int, day: dt.date, way: CashWay) -> Decimal:
    """Rupees in cash that the party brought, or was paid, on the day, by the journal."""
    with connection.cursor() as cursor:
        cursor.execute(
            _CASH.format(side=_SIDES[way]),
            {"organization": current_organization_id(), "party": party_id, "day": day},
        )
        found: Decimal = cursor.fetchone()[0]
        return found


def cash_rule(day: dt.date, way: CashWay) -> CashRule | None:
    """The limit that holds on the day."""
    row = (
        CashLimit.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day, way=way.value)
        .order_by("-valid_from")
        .values_list("amount", "when_reached", "on_breach", "section", "consequence")
        .first()
    )
    if row is None:
        return None
    amount, when_reached, on_breach, section, consequence = row
    return CashRule(way, amount, when_reached, OnBreach(on_breach), section, consequence)
