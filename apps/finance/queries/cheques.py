"""Cheques that wait for somebody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from apps.finance.models import Cheque, ChequeState


@dataclass(frozen=True)
class Waiting:
    """How many, and what they are worth in rupees."""

    count: int
    amount: Decimal


def cheques_to_deposit(on: dt.date) -> Waiting:
    """Cheques received that are in hand and whose date has come."""
    found = Cheque.objects.filter(
        kind="receipt", state__in=[ChequeState.WAITING, ChequeState.HELD], cheque_on__lte=on
    ).aggregate(count=Count("pk"), amount=Sum("amount"))
    return Waiting(found["count"], found["amount"] or Decimal(0))
