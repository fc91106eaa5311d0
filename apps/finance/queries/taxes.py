"""Rates of tax on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q

from apps.finance.models import TaxRate
from apps.finance.rules.rates import DatedRate, rate_for


def rates_on(on: dt.date) -> list[DatedRate]:
    """The organization's rates that hold on the day, in one read; some dozens of rows."""
    rows = TaxRate.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)
    return [DatedRate(*row) for row in rows.values_list("hsn_prefix", "valid_from", "valid_to", "rate")]


def tax_rates(hsns: Iterable[str], on: dt.date) -> dict[str, Decimal | None]:
    """The whole rate in per cent for each HSN on the day; None where no prefix of it has a rate.

    A product's own rate comes before this one; whoever knows products asks for the rest.
    """
    rates = rates_on(on)
    return {hsn: rate_for(hsn, on, rates) for hsn in dict.fromkeys(hsns)}
