"""Rounding, grouping and words of amounts: pure, so that `rules` of every app may use what pages print.

Amounts are `Decimal` or `int`: a float is a `TypeError`, because it has lost paise already.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

Amount = Decimal | int

MINUS: Final = "\N{MINUS SIGN}"
RUPEE: Final = "\N{INDIAN RUPEE SIGN}"

THOUSAND, LAKH, CRORE = 1_000, 1_00_000, 1_00_00_000


def exact(value: Amount) -> Decimal:
    """The amount as a Decimal.

    Raises:
        TypeError: it is a float or a text.
        ValueError: it is infinite or no number.
    """
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"Not a number that can be written: {value}")
        return value
    if isinstance(value, int):
        return Decimal(value)
    raise TypeError(f"Amounts are Decimal or int, not {type(value).__name__}: a float has already lost paise.")


def round_half_up(value: Amount, places: int = 2) -> Decimal:
    """Round as GST does, half away from zero (the round-off rule of section 170, CGST Act), not half to even."""
    return exact(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def group(whole: int) -> str:
    """Group the digits of a non-negative integer in lakhs and crores: 1234567 becomes 12,34,567."""
    digits = str(whole)
    head, tail = digits[:-3], digits[-3:]
    pairs: list[str] = []
    while head:
        pairs.insert(0, head[-2:])
        head = head[:-2]
    return ",".join([*pairs, tail])


def num(value: Amount, places: int = 0) -> str:
    """A number with lakh grouping and a fixed number of decimals: 1,23,456 or −700.34, with a true minus."""
    if places == 0 and isinstance(value, int):
        return MINUS + group(-value) if value < 0 else group(value)
    rounded = round_half_up(value, places)
    whole, _, fraction = f"{abs(rounded):f}".partition(".")
    text = group(int(whole)) + (f".{fraction}" if places > 0 else "")
    return MINUS + text if rounded < 0 else text


def inr(value: Amount, places: int = 2) -> str:
    """Money standing alone: ₹1,23,456.00, −₹700.34."""
    text = num(value, places)
    return MINUS + RUPEE + text[1:] if text.startswith(MINUS) else RUPEE + text


# fmt: off
_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
# fmt: on
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def _below_hundred(number: int) -> str:
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")


def words(number: int) -> str:
    """A non-negative whole number in English words with lakh and crore. ValueError for a negative one."""
    if number < 0:
        raise ValueError("Only whole numbers from zero up are written in words.")
    parts: list[str] = []
    rest = number
    for unit, name in ((CRORE, "crore"), (LAKH, "lakh"), (THOUSAND, "thousand"), (100, "hundred")):
        count, rest = divmod(rest, unit)
        if count:
            parts.append(f"{words(count)} {name}")
    if rest or not parts:
        parts.append(("and " if parts else "") + _below_hundred(rest))
    return " ".join(parts)


def inr_words(value: Amount) -> str:
    """An amount as a bill must carry it in words: Rupees one lakh and five and fifty paise only."""
    rounded = round_half_up(value, 2)
    rupees, paise = divmod(int(abs(rounded) * 100), 100)
    if paise and not rupees:
        text = f"{_below_hundred(paise)} paise only"
    else:
        text = f"rupees {words(rupees)}" + (f" and {_below_hundred(paise)} paise" if paise else "") + " only"
    return f"Minus {text}" if rounded < 0 else text[0].upper() + text[1:]
