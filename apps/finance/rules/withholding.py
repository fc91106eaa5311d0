"""Tax deducted at source: rates by nature of payment and date, and what is deducted.

Until 31 March 2026 the Income-tax Act 1961, chapter XVII-B; since then the Income-tax Act 2025, section 393, whose
table names each nature of payment by its serial number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.core.amounts import round_half_up
from apps.finance.rules.certainty import Certainty

ZERO = Decimal("0.00")
NEW_ACT = dt.date(2026, 4, 1)
_OLD_FROM = dt.date(2025, 4, 1)
_INDIVIDUALS = frozenset("PH")


@dataclass(frozen=True)
class TdsRate:
    """What is deducted from one nature of payment while the row holds. Rates in per cent, limits in rupees."""

    code: str
    section: str
    description: str
    rate: Decimal
    rate_individual: Decimal
    rate_without_pan: Decimal
    single_limit: Decimal | None
    """A single payment over it is taxed, whatever the year's sum."""
    year_limit: Decimal | None
    """Once the year's sum is over it, everything of the year is taxed; None: from the first rupee."""
    excess_only: bool
    """Only what is over the year's limit is taxed, as with purchases of goods."""


@dataclass(frozen=True)
class Deduction:
    """What is deducted. `base` is what the tax is on: nothing while the limits are not passed."""

    code: str
    section: str
    rate: Decimal
    base: Decimal
    tax: Decimal


def payee_rate(rate: TdsRate, pan: str) -> Decimal:
    """Per cent for a payee with this PAN, whose fourth letter says what the payee is; higher without a PAN."""
    if len(pan) != len("AAAPA0000A"):
        return rate.rate_without_pan
    return rate.rate_individual if pan[3].upper() in _INDIVIDUALS else rate.rate


def deduct(
    rate: TdsRate, amount: Decimal, *, pan: str, before: Decimal = ZERO, taxed_before: Decimal = ZERO
) -> Deduction:
    """Tax on a payment or credit, in whole rupees (section 288B of 1961).

    Args:
        amount: without GST, where the bill shows it apart.
        before: paid or credited to the payee under this nature earlier in the financial year.
        taxed_before: how much of that was taxed.
    """
    per_cent = payee_rate(rate, pan)
    total = before + amount
    if rate.excess_only:
        base = min(max(total - (rate.year_limit or ZERO), ZERO), amount)
    elif rate.year_limit is None or total > rate.year_limit:
        base = total - taxed_before
    elif rate.single_limit is not None and amount > rate.single_limit:
        base = amount
    else:
        base = ZERO
    return Deduction(rate.code, rate.section, per_cent, base, round_half_up(base * per_cent / 100, 0).quantize(ZERO))


@dataclass(frozen=True)
class SeedTdsRate:
    """A row that a new organization begins with."""

    first: dt.date
    last: dt.date | None
    rate: TdsRate
    source: str
    certainty: Certainty


# Code, goods or services, section of 1961, place in the table of section 393(1), per cent: others, individuals, without
# a PAN; limits: single, year; only the excess is taxed.
_NATURES: tuple[tuple[str, str, str, str, str, str, str, int | None, int | None, bool, Certainty], ...] = (
    ("contract", "Work under contract, transport, packing", "194C", "6(i)", "2", "1", "20", 30_000, 1_00_000, False,
     Certainty.PUBLISHED),
    ("professional", "Professional fees", "194J", "6(iii)", "10", "10", "20", None, 50_000, False, Certainty.TRADE),
    ("technical", "Technical services", "194J", "6(iii)", "2", "2", "20", None, 50_000, False, Certainty.TRADE),
    ("commission", "Commission or brokerage", "194H", "1(ii)", "2", "2", "20", None, 20_000, False, Certainty.TRADE),
    ("rent_land", "Rent of land, building", "194-I", "2(ii)", "10", "10", "20", None, 6_00_000, False, Certainty.TRADE),
    ("rent_plant", "Rent of machinery", "194-I", "2(ii)", "2", "2", "20", None, 6_00_000, False, Certainty.TRADE),
    ("goods", "Purchase of goods", "194Q", "8(ii)", "0.1", "0.1", "5", None, 50_00_000, True, Certainty.TRADE),
)  # fmt: skip


def seed_tds_rates() -> Iterator[SeedTdsRate]:
    """Every row: of the last year of the Act of 1961, and since that of 2025."""
    for code, words, old, new, others, individuals, no_pan, single, year, excess, certainty in _NATURES:
        for first, last, section, source in (
            (_OLD_FROM, NEW_ACT - dt.timedelta(days=1), old, f"Income-tax Act 1961, section {old}"),
            (NEW_ACT, None, f"393(1) {new}", f"Income-tax Act 2025, section 393(1), table, serial number {new}"),
        ):
            rate = TdsRate(
                code,
                section,
                words,
                Decimal(others),
                Decimal(individuals),
                Decimal(no_pan),
                None if single is None else Decimal(single),
                None if year is None else Decimal(year),
                excess,
            )
            yield SeedTdsRate(first, last, rate, source, certainty)


def tds_rate_values() -> list[dict[str, Any]]:
    """The rows that an organization begins with, as columns of the table."""
    return [
        {
            "valid_from": seed.first,
            "valid_to": seed.last,
            "source": seed.source,
            "certainty": seed.certainty.value,
            **vars(seed.rate),
        }
        for seed in seed_tds_rates()
    ]
