"""What was typed into a line, read the way people type it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.core.refusals import Refusal

# More than any line can be: a slip on a scanner's keyboard types a barcode into the quantity.
MOST_WHOLE = 9_999_999
_AMOUNT = re.compile(r"\d{0,12}(\.\d*)?")


@dataclass(frozen=True)
class Typed:
    """A line as it was sent: what stands in its inputs, and what they held before somebody changed them."""

    pk: int | None
    values: Mapping[str, str] = field(default_factory=dict)
    """By column, blanks around it removed."""
    keys: Mapping[str, int] = field(default_factory=dict)
    """By `Pick` column, where something was picked."""
    changed: frozenset[str] = frozenset()
    """Columns that the person changed; the others hold what the record said."""
    value: str = ""
    """What stood behind the colon of a button's `do`."""
    place: int | None = None
    """The number that a removed line had, when it is put back."""

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    def whole(self, name: str, *, empty: int | None = None, least: int = 0) -> int:
        """A whole number.

        Args:
            empty: what an empty cell means; None refuses it.

        Raises:
            Refusal: it is none, or out of bounds; it names the column.
        """
        text = self._number(name)
        if not text:
            if empty is None:
                raise Refusal(_("Type a quantity."), field=name)
            return empty
        if not text.isdecimal():
            raise Refusal(_("Type a whole number."), field=name)
        if len(text) > len(str(MOST_WHOLE)) or int(text) > MOST_WHOLE:
            raise Refusal(_("That is more than a line can hold. Was a barcode scanned into the quantity?"), field=name)
        if int(text) < least:
            raise Refusal(_("Type %(least)d or more.") % {"least": least}, field=name)
        return int(text)

    def amount(self, name: str, *, places: int = 2, empty: Decimal | None = None) -> Decimal:
        """Rupees, or a rate, not less than nothing.

        Raises:
            Refusal: it is none, or has more places; it names the column.
        """
        text = self._number(name).removeprefix("₹")
        if not text:
            if empty is None:
                raise Refusal(_("Type an amount."), field=name)
            return empty
        if not _AMOUNT.fullmatch(text) or text == ".":
            raise Refusal(_("Type an amount, such as 1,234.50."), field=name)
        amount = Decimal(text)
        if -int(amount.normalize().as_tuple().exponent) > places:
            raise Refusal(_("Type at most %(places)d places after the point.") % {"places": places}, field=name)
        return amount

    def percent(self, name: str, *, empty: Decimal | None = Decimal(0)) -> Decimal:
        """A percentage from 0 to 100.

        Raises:
            Refusal: it is none; it names the column.
        """
        rate = self.amount(name, places=4, empty=empty) if self._number(name) != "%" else Decimal(-1)
        if not 0 <= rate <= 100:
            raise Refusal(_("Type a percentage from 0 to 100."), field=name)
        return rate

    def _number(self, name: str) -> str:
        return self.text(name).replace(",", "").replace(" ", "").removesuffix("%").strip()
