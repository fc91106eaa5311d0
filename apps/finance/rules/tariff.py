"""The rates of medicines and medical devices that a new organization begins with, and where each is notified.

The percentages are the whole tax: the central half of the notification and the equal State half. Until 21 September
2025 medicines and devices bore 12%, since then 5% (56th meeting of the GST Council). Only the headings are here; the
named medicines and goods that are exempt, or were taxed otherwise, are a rate of the product, or a row with a longer
HSN, that the owner adds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from apps.finance.rules.certainty import Certainty

GST_BEGAN = dt.date(2017, 7, 1)
SLABS_CHANGED = dt.date(2025, 9, 22)

_OLD = "Notification 1/2017-Central Tax (Rate), 28 Jun 2017, Schedule {schedule}, as amended"
_NEW = "Notification 9/2025-Central Tax (Rate), 17 Sep 2025, Schedule I"
_EXEMPT_OLD = "Notification 2/2017-Central Tax (Rate), 28 Jun 2017"
_EXEMPT_NEW = "Notification 10/2025-Central Tax (Rate), 17 Sep 2025"


@dataclass(frozen=True)
class SeedRate:
    """One row of the tariff. `last` is None while it holds."""

    prefix: str
    first: dt.date
    last: dt.date | None
    rate: Decimal
    description: str
    source: str
    certainty: Certainty


# HSN, goods, rate until 21-Sep-2025, its schedule, rate since.
_GOODS: tuple[tuple[str, str, int, str, int], ...] = (
    ("3001", "Glands, organs and their extracts; heparin", 12, "II", 5),
    ("3002", "Blood products, antisera, vaccines, toxins and cultures", 12, "II", 5),
    ("300241", "Vaccines for human medicine", 5, "I", 5),
    ("3003", "Medicaments of mixed constituents, not in doses or packs", 12, "II", 5),
    ("3004", "Medicaments in doses or packs for retail sale", 12, "II", 5),
    ("3005", "Wadding, gauze, bandages and dressings", 12, "II", 5),
    ("3006", "Pharmaceutical goods of heading 3006", 12, "II", 5),
    ("3822", "Diagnostic kits and reagents", 12, "II", 5),
    ("401512", "Surgical and examination rubber gloves", 12, "II", 5),
    ("9018", "Instruments of medical, surgical, dental or veterinary science", 12, "II", 5),
    ("9019", "Mechano-therapy, massage, oxygen and artificial respiration apparatus", 12, "II", 5),
    ("9020", "Other breathing appliances and gas masks", 12, "II", 5),
    ("9021", "Orthopaedic appliances, splints, artificial parts of the body", 12, "II", 5),
    ("9022", "X-ray and radiation apparatus for medical use", 12, "II", 5),
    ("9025", "Thermometers for medical use", 18, "III", 5),
    ("9027", "Analysis instruments for medical use", 18, "III", 5),
)
_EXEMPT = (("300660", "Contraceptives"),)
# Medicines of chapter 30 and devices of chapter 90 were announced as whole headings. These were not, or bore another
# rate before: taken from what the trade charges.
_TRADE = frozenset({"300241", "3822", "401512", "9025", "9027", "300660"})


def certainty_of(prefix: str) -> Certainty:
    """How sure the seeded rate of the HSN is; none was compared with the Gazette."""
    return Certainty.TRADE if prefix in _TRADE else Certainty.PUBLISHED


def seed_rates() -> Iterator[SeedRate]:
    """Every row, oldest first within a heading."""
    day_before = SLABS_CHANGED - dt.timedelta(days=1)
    for prefix, goods, before, schedule, since in _GOODS:
        known = certainty_of(prefix)
        yield SeedRate(prefix, GST_BEGAN, day_before, Decimal(before), goods, _OLD.format(schedule=schedule), known)
        yield SeedRate(prefix, SLABS_CHANGED, None, Decimal(since), goods, _NEW, known)
    for prefix, goods in _EXEMPT:
        yield SeedRate(prefix, GST_BEGAN, day_before, Decimal(0), goods, _EXEMPT_OLD, certainty_of(prefix))
        yield SeedRate(prefix, SLABS_CHANGED, None, Decimal(0), goods, _EXEMPT_NEW, certainty_of(prefix))
