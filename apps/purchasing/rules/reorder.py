"""How much of a product to order: from what is free, what is coming, how fast it sells and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum


class Trigger(StrEnum):
    """Why a product is proposed."""

    LEVEL = "level"
    PACE = "pace"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """A place with a reorder level of its own, at or under it."""

    name: str
    free: int
    level: int
    quantity: int | None = None

    @property
    def wanted(self) -> int:
        """What brings the place above its level, or the quantity that is set for it where that is more."""
        return max(self.quantity or 0, self.level - self.free + 1)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a product.

    Attributes:
        free: for sale and not held, in base units.
        coming: on order, and not yet received.
        drafted: on orders that are not approved yet.
        level: reorder level (DOMAIN.md, stock rule 9); None is never low.
        least: what is ordered at least, the reorder quantity.
        sold: sold in `days` days, less what came back.
        lead_days: from the order to the goods.
        cover_days: how long the goods should last beyond that.
        multiple: the smallest pack that the supplier sells.
    """

    free: int
    coming: int = 0
    drafted: int = 0
    level: int | None = None
    least: int | None = None
    sold: int = 0
    days: int = 30
    lead_days: int = 7
    cover_days: int = 15
    multiple: int = 1
    places: tuple[PlaceFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to order, and the sums that lead to it: `wanted - available = short`, then up to least and pack.

    Attributes:
        until_it_comes: what sells within the lead time.
        wanted: what should be there when the goods come: sales of lead time and cover, or the level if that is more.
        available: free, coming and drafted.
        for_places: what places with an own level want.
        quantity: what to order, in base units.
        elsewhere: units free outside the low places; a transfer may do.
    """

    triggers: tuple[Trigger, ...]
    per_day: Decimal
    until_it_comes: int
    wanted: int
    available: int
    short: int
    for_places: int
    quantity: int
    elsewhere: int


def propose(facts: Facts) -> Proposal | None:
    """What to order of a product; None when what there is and what is coming suffices."""
    per_day = Decimal(max(facts.sold, 0)) / facts.days
    until_it_comes = _up(per_day * facts.lead_days)
    available = facts.free + facts.coming + facts.drafted
    for_places = max(sum(place.wanted for place in facts.places) - facts.coming - facts.drafted, 0)
    triggers = tuple(
        trigger
        for trigger, holds in (
            (Trigger.LEVEL, facts.level is not None and available <= facts.level),
            (Trigger.PACE, per_day > 0 and available <= until_it_comes),
            (Trigger.PLACE, for_places > 0),
        )
        if holds
    )
    if not triggers:
        return None
    above = 0 if facts.level is None else facts.level + 1
    wanted = max(_up(per_day * (facts.lead_days + facts.cover_days)), above)
    short = max(wanted - available, 0)
    quantity = max(short, for_places, facts.least or 0, 1)
    return Proposal(
        triggers=triggers,
        per_day=per_day,
        until_it_comes=until_it_comes,
        wanted=wanted,
        available=available,
        short=short,
        for_places=for_places,
        quantity=-(-quantity // facts.multiple) * facts.multiple,
        elsewhere=max(facts.free - sum(place.free for place in facts.places), 0) if facts.places else 0,
    )


def free_goods(quantity: int, paid: int, free: int) -> int:
    """Units that come free with a quantity under a scheme such as 10+1: whole multiples only."""
    return quantity // paid * free if paid else 0


def net_rate(rate: Decimal, discount: Decimal, paid: int, free: int) -> Decimal:
    """What a unit costs before tax, the free ones counted: how the rates of suppliers compare."""
    net = rate * (100 - discount) / 100
    return (net * paid / (paid + free) if paid else net).quantize(Decimal("0.0001"))


def _up(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_CEILING))
