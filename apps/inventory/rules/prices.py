"""Prices that follow from the MRP, and figures revised in bulk."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from apps.organizations.rules.broken import RuleBroken, gettext_noop

_PLACES = Decimal("0.0001")
_HUNDRED = Decimal(100)
MARKDOWN, MARKUP = "markdown", "markup"


class InvalidPrice(RuleBroken):
    """A price or margin that cannot be; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Price to retailer and price to stockist in rupees without tax, to 4 places."""

    ptr: Decimal
    pts: Decimal


def ptr_pts(
    mrp: Decimal, rate: Decimal, retailer_margin: Decimal, stockist_margin: Decimal, convention: str = MARKDOWN
) -> Rates:
    """PTR and PTS from the MRP.

    Mark-down takes each margin off the price above it, mark-up puts it on the price below: with MRP 100, tax 5% and
    margins of 20 and 10 that is 76.19 and 68.57, or 79.37 and 72.15.

    Args:
        mrp: rupees, tax included.
        rate: tax in percent.
        retailer_margin: percent.
        stockist_margin: percent.
        convention: `markdown` or `markup`.

    Raises:
        InvalidPrice: a negative figure, or a mark-down of more than everything.
    """
    if min(mrp, rate, retailer_margin, stockist_margin) < 0:
        raise InvalidPrice(gettext_noop("Prices, tax and margins are not below 0"))
    without_tax = mrp / (1 + rate / _HUNDRED)
    if convention == MARKUP:
        ptr = without_tax / (1 + retailer_margin / _HUNDRED)
        pts = ptr / (1 + stockist_margin / _HUNDRED)
    else:
        if max(retailer_margin, stockist_margin) > _HUNDRED:
            raise InvalidPrice(gettext_noop("A margin taken off a price is at most 100%%"))
        ptr = without_tax * (1 - retailer_margin / _HUNDRED)
        pts = ptr * (1 - stockist_margin / _HUNDRED)
    return Rates(_to(ptr, _PLACES), _to(pts, _PLACES))


def highest_rate(mrp: Decimal, rate: Decimal) -> Decimal:
    """The highest price without tax at which nothing costs more than its MRP (Legal Metrology Rules 2011, rule 18)."""
    return (mrp / (1 + rate / _HUNDRED)).quantize(_PLACES)


def revised(price: Decimal, percent: Decimal, places: int = 2) -> Decimal:
    """A price changed by so many percent, rounded half up.

    Raises:
        InvalidPrice: nothing would be left of it.
    """
    result = _to(price * (1 + percent / _HUNDRED), Decimal(1).scaleb(-places))
    if result <= 0:
        raise InvalidPrice(gettext_noop("A price stays above 0"))
    return result


def _to(value: Decimal, step: Decimal) -> Decimal:
    return value.quantize(step, ROUND_HALF_UP)
