"""Figures of the law that a new organization begins with; dated rows, so that a change is another row."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from apps.purchasing.models import StatutoryFigure

_Kind = StatutoryFigure.Kind
_MSME = "MSMED Act 2006, section 15 and section 2(b)"
_OLD, _NEW = "Income-tax Act 1961, section 194Q", "Income-tax Act 2025, section 393(1)"
_FIGURES = (
    (_Kind.MSME_AGREED_DAYS, dt.date(2006, 10, 2), None, "45", _MSME),
    (_Kind.MSME_DAYS, dt.date(2006, 10, 2), None, "15", _MSME),
    (_Kind.TDS_RATE, dt.date(2021, 7, 1), dt.date(2026, 3, 31), "0.1", _OLD),
    (_Kind.TDS_THRESHOLD, dt.date(2021, 7, 1), dt.date(2026, 3, 31), "5000000", _OLD),
    (_Kind.TDS_WITHOUT_PAN, dt.date(2021, 7, 1), dt.date(2026, 3, 31), "5", "Income-tax Act 1961, section 206AA"),
    (_Kind.TDS_RATE, dt.date(2026, 4, 1), None, "0.1", _NEW),
    (_Kind.TDS_THRESHOLD, dt.date(2026, 4, 1), None, "5000000", _NEW),
    (_Kind.TDS_WITHOUT_PAN, dt.date(2026, 4, 1), None, "5", "Income-tax Act 2025, section 397"),
)


def seed_figures() -> None:
    """Write the figures where the organization has none."""
    if StatutoryFigure.objects.exists():
        return
    StatutoryFigure.objects.bulk_create(
        StatutoryFigure(kind=kind, valid_from=first, valid_to=last, value=Decimal(value), source=source)
        for kind, first, last, value, source in _FIGURES
    )
