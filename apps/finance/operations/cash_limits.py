"""Keeping to the limits of cash."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.core.amounts import inr
from apps.core.refusals import Refusal
from apps.finance.models import CashLimit
from apps.finance.queries.cash import cash_of_day, cash_rule
from apps.finance.rules.cash_limits import CashWay, OnBreach, cash_limit_values
from apps.parties.models import Party

CONFIRM = "over_cash_limit"
"""Name of the field by which somebody says that a warning was read."""


class CashRefused(Refusal):
    """More cash with one person in a day than the law allows, or than it accepts as an expense."""


def seed_cash_limits() -> int:
    """Give the current organization the limits of the Income-tax Acts; nothing where it has any. Returns how many."""
    if CashLimit.objects.exists():
        return 0
    made = CashLimit.objects.bulk_create((CashLimit(**values) for values in cash_limit_values()), ignore_conflicts=True)
    return len(made)


def check_cash(*, party_id: int, day: dt.date, way: CashWay, amount: Decimal, confirmed: bool = False) -> None:
    """See that this amount of cash may be taken or paid. Called inside the posting's transaction, before it posts:
    whoever else deals in cash with the party waits until it ends.

    Raises:
        CashRefused: with the day's sum, the limit and the section; a warning only while it is not confirmed.
    """
    rule = cash_rule(day, way)
    if rule is None:
        return
    Party.objects.select_for_update(no_key=True).only("pk").get(pk=party_id)
    total = cash_of_day(party_id, day, way) + amount
    if not rule.broken_by(total) or (rule.on_breach is OnBreach.WARN and confirmed):
        return
    words = (
        _("%(total)s in cash from one person in a day: section %(section)s allows less than %(limit)s.")
        if rule.when_reached
        else _("%(total)s in cash to one person in a day: section %(section)s allows up to %(limit)s.")
    )
    message = words % {"total": inr(total), "section": rule.section, "limit": inr(rule.amount)}
    if rule.consequence:
        message = f"{message} {rule.consequence}"
    raise CashRefused(message, field=CONFIRM if rule.on_breach is OnBreach.WARN else "amount")
