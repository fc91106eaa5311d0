"""What is odd about a line of goods received, while there is time to act. Facts in, findings out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from apps.inventory.rules.expiry import LONGEST_YEARS, is_expired


class Finding(StrEnum):
    """What was found on a line. The page has a sentence and the ways out for each."""

    PRODUCT_INACTIVE = "product_inactive"
    NOT_COUNTED = "not_counted"
    BATCH_MISSING = "batch_missing"
    EXPIRY_MISSING = "expiry_missing"
    MRP_MISSING = "mrp_missing"
    RATE_MISSING = "rate_missing"
    TAX_MISSING = "tax_missing"
    EXPIRED = "expired"
    EXPIRY_FAR = "expiry_far"
    SHORT_DATED = "short_dated"
    EXPIRY_DIFFERS = "expiry_differs"
    MADE_AFTER_EXPIRY = "made_after_expiry"
    MRP_CHANGED = "mrp_changed"
    RATE_ABOVE_MRP = "rate_above_mrp"
    OVER_ORDER = "over_order"
    OVER_ORDER_SLIGHTLY = "over_order_slightly"
    SHORT_OF_ORDER = "short_of_order"
    SHORT_OF_BILL = "short_of_bill"
    RATE_NOT_ORDERED = "rate_not_ordered"
    RATE_NOT_LAST = "rate_not_last"


class Weight(StrEnum):
    """How much a finding weighs."""

    OPEN = "todo"
    """Something is still to be typed."""
    STOP = "stop"
    """Cannot be posted; mend it or reject the line."""
    ALLOW = "allow"
    """Cannot be posted unless somebody who may allows it, or the line is rejected."""
    CHOOSE = "choose"
    """Wants a decision."""
    LOOK = "look"
    """Worth a look; in nobody's way."""


WEIGHTS: dict[Finding, Weight] = {
    Finding.PRODUCT_INACTIVE: Weight.STOP,
    Finding.NOT_COUNTED: Weight.OPEN,
    Finding.BATCH_MISSING: Weight.OPEN,
    Finding.EXPIRY_MISSING: Weight.OPEN,
    Finding.MRP_MISSING: Weight.OPEN,
    Finding.RATE_MISSING: Weight.OPEN,
    Finding.TAX_MISSING: Weight.OPEN,
    Finding.EXPIRED: Weight.STOP,
    Finding.EXPIRY_FAR: Weight.STOP,
    Finding.SHORT_DATED: Weight.ALLOW,
    Finding.EXPIRY_DIFFERS: Weight.STOP,
    Finding.MADE_AFTER_EXPIRY: Weight.STOP,
    Finding.MRP_CHANGED: Weight.LOOK,
    Finding.RATE_ABOVE_MRP: Weight.STOP,
    Finding.OVER_ORDER: Weight.ALLOW,
    Finding.OVER_ORDER_SLIGHTLY: Weight.LOOK,
    Finding.SHORT_OF_ORDER: Weight.CHOOSE,
    Finding.SHORT_OF_BILL: Weight.LOOK,
    Finding.RATE_NOT_ORDERED: Weight.LOOK,
    Finding.RATE_NOT_LAST: Weight.LOOK,
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the line's product, supplier and order.

    Attributes:
        minimum_days: shelf life that goods of this supplier and product must still have; 0 for any.
        tolerance: per cent by which more than ordered may come.
        last_mrp: of the product's newest batch.
        last_rate: of the supplier's last bill for it.
        ordered: paid units still expected by the order line; None without an order.
        order_rate: what was agreed.
        batch_expiry: expiry of the batch of this number and MRP, where there is one.
    """

    active: bool = True
    minimum_days: int = 0
    tolerance: Decimal = Decimal(0)
    last_mrp: Decimal | None = None
    last_rate: Decimal | None = None
    ordered: int | None = None
    order_rate: Decimal | None = None
    batch_expiry: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """A line as it stands, whole or not."""

    number: str = ""
    expiry: dt.date | None = None
    made: dt.date | None = None
    mrp: Decimal | None = None
    quantity: int | None = None
    free: int = 0
    rate: Decimal | None = None
    discount: Decimal = Decimal(0)
    tax_rate: Decimal | None = None
    billed: int | None = None
    decided: bool = False
    allowed: bool = False
    rejected: bool = False


def months_between(on: dt.date, expiry: dt.date) -> int:
    """Whole months from a day to an expiry, as people count them: 20 November to 31 January is 2."""
    return (expiry.year - on.year) * 12 + expiry.month - on.month


def effective_rate(line: Typed) -> Decimal | None:
    """What a paid unit costs with tax: the figure that must not exceed the MRP."""
    if line.rate is None:
        return None
    net = line.rate * (100 - line.discount) / 100
    return (net * (100 + (line.tax_rate or 0)) / 100).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def findings_of(line: Typed, known: Known, *, on: dt.date) -> tuple[Finding, ...]:
    """Everything to be said about a line, what weighs most first. A rejected line is left alone."""
    if line.rejected:
        return ()
    found: list[Finding] = []
    if not known.active:
        found.append(Finding.PRODUCT_INACTIVE)
    found += _missing(line)
    found += _expiry(line, known, on)
    if line.mrp and (cost := effective_rate(line)) is not None and cost > line.mrp:
        found.append(Finding.RATE_ABOVE_MRP)
    if line.mrp and known.last_mrp and line.mrp != known.last_mrp:
        found.append(Finding.MRP_CHANGED)
    found += _quantities(line, known)
    found += _rates(line, known)
    order = list(Weight)
    weighed = sorted(found, key=lambda one: (_RANK[WEIGHTS[one]], order.index(WEIGHTS[one])))
    return tuple(weighed)


_RANK = {Weight.STOP: 0, Weight.ALLOW: 1, Weight.OPEN: 2, Weight.CHOOSE: 3, Weight.LOOK: 4}


def _missing(line: Typed) -> Iterable[Finding]:
    if line.quantity is None or (line.quantity == 0 and line.free == 0):
        yield Finding.NOT_COUNTED
    if not line.number.strip():
        yield Finding.BATCH_MISSING
    if line.expiry is None:
        yield Finding.EXPIRY_MISSING
    if not line.mrp:
        yield Finding.MRP_MISSING
    if line.rate is None:
        yield Finding.RATE_MISSING
    if line.tax_rate is None:
        yield Finding.TAX_MISSING


def _expiry(line: Typed, known: Known, on: dt.date) -> Iterable[Finding]:
    if line.expiry is None:
        return
    if is_expired(line.expiry, on):
        yield Finding.EXPIRED
    elif line.expiry.year > on.year + LONGEST_YEARS:
        yield Finding.EXPIRY_FAR
    elif (line.expiry - on).days < known.minimum_days and not line.allowed:
        yield Finding.SHORT_DATED
    if known.batch_expiry and known.batch_expiry != line.expiry:
        yield Finding.EXPIRY_DIFFERS
    if line.made and line.made > line.expiry:
        yield Finding.MADE_AFTER_EXPIRY


def _quantities(line: Typed, known: Known) -> Iterable[Finding]:
    if line.quantity is None:
        return
    if known.ordered is not None:
        if line.quantity > known.ordered:
            most = known.ordered * (100 + known.tolerance) / 100
            if line.quantity <= most or line.allowed:
                yield Finding.OVER_ORDER_SLIGHTLY
            else:
                yield Finding.OVER_ORDER
        elif line.quantity < known.ordered and not line.decided:
            yield Finding.SHORT_OF_ORDER
    if line.billed is not None and line.quantity < line.billed:
        yield Finding.SHORT_OF_BILL


def _rates(line: Typed, known: Known) -> Iterable[Finding]:
    if line.rate is None:
        return
    if known.order_rate is not None:
        if line.rate != known.order_rate:
            yield Finding.RATE_NOT_ORDERED
    elif known.last_rate is not None and line.rate != known.last_rate:
        yield Finding.RATE_NOT_LAST


def heaviest(findings: Iterable[Finding]) -> Weight | None:
    """What the line's check column shows; None when all is good."""
    weights = [WEIGHTS[one] for one in findings]
    return min(weights, key=_RANK.__getitem__) if weights else None


def in_the_way(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What keeps a line from being added to stock."""
    return tuple(one for one in findings if WEIGHTS[one] is not Weight.LOOK)
