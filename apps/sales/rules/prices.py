"""Prices: which rate a customer gets, why, and how many are free.

Rates are rupees per base unit without tax, to 4 places.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_PLACES = Decimal("0.0001")


class Basis(StrEnum):
    """What a rate is reckoned from."""

    PTR = "ptr"
    PTS = "pts"
    MRP = "mrp"
    COST = "cost"
    FIXED = "fixed"


class Source(StrEnum):
    """What gave a line its rate, the strongest first."""

    TYPED = "typed"
    CUSTOMER = "customer"
    GROUP_PRODUCT = "group_product"
    GROUP = "group"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Worth:
    """The prices of one batch. `mrp` is with tax, the others without; 0 is unknown."""

    mrp: Decimal
    ptr: Decimal
    pts: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Why:
    """How a rate is reckoned. Kept with the line as data, so that every batch of it gets its own rate by it.

    Attributes:
        percent: put on the basis; less than zero takes off.
        amount: the rate itself where it is fixed or typed.
        name: of the price group, for people.
        since: the day from which the price holds.
    """

    source: Source = Source.LIST
    basis: Basis = Basis.PTR
    percent: Decimal = ZERO
    amount: Decimal = ZERO
    name: str = ""
    since: dt.date | None = None
    scheme_paid: int = 0
    scheme_free: int = 0

    def as_data(self) -> dict[str, str | int]:
        """For a JSON column; what is unknown is left out."""
        found: dict[str, str | int] = {"source": self.source.value, "basis": self.basis.value}
        if self.percent:
            found["percent"] = f"{self.percent.normalize():f}"
        if self.amount:
            found["amount"] = f"{self.amount:f}"
        if self.name:
            found["name"] = self.name
        if self.since:
            found["since"] = self.since.isoformat()
        if self.scheme_paid:
            found |= {"scheme_paid": self.scheme_paid, "scheme_free": self.scheme_free}
        return found

    @classmethod
    def of_data(cls, data: Mapping[str, str | int]) -> Why:
        """What `as_data` made."""
        since = data.get("since")
        return cls(
            source=Source(str(data.get("source", Source.LIST))),
            basis=Basis(str(data.get("basis", Basis.PTR))),
            percent=Decimal(data.get("percent", 0)),
            amount=Decimal(data.get("amount", 0)),
            name=str(data.get("name", "")),
            since=dt.date.fromisoformat(str(since)) if since else None,
            scheme_paid=int(data.get("scheme_paid", 0)),
            scheme_free=int(data.get("scheme_free", 0)),
        )


def rate_of(why: Why, worth: Worth, tax_rate: Decimal) -> Decimal:
    """The rate of a batch; 0 where its basis is not known."""
    if why.basis is Basis.FIXED:
        return why.amount
    base = {
        Basis.PTR: worth.ptr,
        Basis.PTS: worth.pts,
        # Without the tax inside it (rule 35, CGST Rules).
        Basis.MRP: worth.mrp / (1 + tax_rate / _HUNDRED),
        Basis.COST: worth.cost,
    }[why.basis]
    return (base * (1 + why.percent / _HUNDRED)).quantize(_PLACES, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Offer:
    """A row of a price list that may hold for a line.

    Attributes:
        product: None for every product.
        customer, group: whom it is for; both None is everybody.
    """

    basis: Basis
    percent: Decimal
    amount: Decimal
    first: dt.date
    last: dt.date | None
    product: int | None = None
    customer: int | None = None
    group: int | None = None
    name: str = ""

    @property
    def source(self) -> Source:
        """How strong it is."""
        if self.customer is not None:
            return Source.CUSTOMER
        if self.product is not None:
            return Source.GROUP_PRODUCT
        return Source.GROUP if self.group is not None else Source.LIST


_STRENGTH = {source: place for place, source in enumerate(Source)}


def best_offer(offers: Iterable[Offer], *, product: int, on: dt.date) -> Why:
    """What holds for a product on the day: the customer's own rate, then the group's for the product, then the group's
    for everything, then PTR. Of two that are equally near, the one that began later.
    """
    holding = [
        offer
        for offer in offers
        if offer.product in (None, product) and offer.first <= on and (offer.last is None or on <= offer.last)
    ]
    if not holding:
        return Why()
    offer = min(holding, key=lambda one: (_STRENGTH[one.source], one.product is None, -one.first.toordinal()))
    return Why(offer.source, offer.basis, offer.percent, offer.amount, offer.name, offer.first)


@dataclass(frozen=True, slots=True)
class FreeGoods:
    """A scheme: so many free for so many paid, such as 10+1."""

    paid: int
    free: int

    def __str__(self) -> str:
        return f"{self.paid}+{self.free}"


def free_of(scheme: FreeGoods | None, quantity: int) -> int:
    """How many are free: whole multiples only, 10+1 gives 2 for 29 (DOMAIN.md, "Scheme, free goods")."""
    return quantity // scheme.paid * scheme.free if scheme else 0


def best_scheme(schemes: Iterable[FreeGoods], quantity: int) -> FreeGoods | None:
    """The scheme that gives most for the quantity; of equals the one with the smaller step."""
    found = [scheme for scheme in schemes if quantity >= scheme.paid]
    return max(found, key=lambda one: (free_of(one, quantity), -one.paid)) if found else None


def net_rate(rate: Decimal, discount: Decimal, bill_discount: Decimal) -> Decimal:
    """What a paid unit really brings, without tax."""
    return rate * (1 - discount / _HUNDRED) * (1 - bill_discount / _HUNDRED)


def margin(taxable: Decimal, cost: Decimal) -> Decimal | None:
    """Margin on the price, in per cent to 2 places; None where nothing is charged. Free goods are in the cost."""
    if not taxable:
        return None
    return ((taxable - cost) * _HUNDRED / taxable).quantize(Decimal("0.01"), ROUND_HALF_UP)
