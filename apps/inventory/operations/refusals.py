"""Why stock is not changed as was asked: each states the fact, then the way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.core.refusals import Refusal

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Short:
    """A line that cannot be filled, by the product's name."""

    line: int
    product_id: int
    product: str
    wanted: int
    free: int


class StockRefused(Refusal):
    """Base of every refusal of the stock ledger."""


class StockShortage(StockRefused):
    """Less is free than was asked for. `short` names each line with what is free for it."""

    def __init__(self, short: Sequence[Short]) -> None:
        self.short = tuple(short)
        super().__init__(_listed([self.sentence(one) for one in self.short]))

    @staticmethod
    def sentence(one: Short) -> str:
        """What is said beside one line."""
        if one.free <= 0:
            return _("%(product)s: nothing free.") % {"product": one.product}
        return _("%(product)s: only %(free)d free. Type %(free)d or less.") % {"product": one.product, "free": one.free}

    def by_line(self) -> dict[int, str]:
        """The sentence for each line."""
        return {one.line: self.sentence(one) for one in self.short}


class StockBusy(StockRefused):
    """Somebody else is changing the stock of the same products, and it takes longer than a person should wait."""

    def __init__(self, free: Sequence[Short]) -> None:
        self.free = tuple(free)
        names = _listed(
            [_("%(product)s (%(free)d free)") % {"product": one.product, "free": one.free} for one in free], ", "
        )
        super().__init__(
            _("Somebody is changing the stock of the same products: %(names)s. Try again in a moment.")
            % {"names": names}
        )


class BatchNotSaleable(StockRefused):
    """The batch is on hold, recalled or expired, or lies where nothing is sold from."""


class PlaceFrozen(StockRefused):
    """A count freezes the place: nothing moves in or out until it ends."""


class PlaceUnsuited(StockRefused):
    """The place cannot take part: it is archived, of another kind than needed, or the same as the other one."""


class TaxInvoiceNeeded(StockRefused):
    """The branches are registered apart: what goes between them is a supply, not a transfer."""


class NotHeld(StockRefused):
    """Nothing, or less than asked for, is held for the document."""


class GoodsUnknown(StockRefused):
    """A batch, product or place is not there (any more)."""


class BatchDiffers(StockRefused):
    """A batch of this number and MRP is known with another expiry."""


class ReasonMissing(StockRefused):
    """What was asked for needs a reason."""


class QuantityRefused(StockRefused):
    """Less than one unit, or nothing that changes."""


def _listed(parts: Sequence[str], mark: str = " ") -> str:
    named = mark.join(parts[:_NAMED])
    more = len(parts) - _NAMED
    return _("%(named)s And %(count)d more.") % {"named": named, "count": more} if more > 0 else named
