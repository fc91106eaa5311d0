"""Numbers as people and Excel write them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from apps.core.exchange.rules.faults import CellFault

_PLAIN = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
# 1,22,000.50 as India groups, 122,000.50 as the rest of the world does.
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})*,\d{3}(?:\.\d*)?", re.ASCII)
_WESTERN = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?", re.ASCII)
# Excel always writes the sign: 1E12 without it is somebody's batch number.
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+\d{1,3}", re.ASCII | re.IGNORECASE)
_CURRENCY = re.compile(r"^(?:₹|rs\.?|inr)\s*|\s*(?:/-|₹|inr)$", re.IGNORECASE)
_LETTERS_FOR_DIGITS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})


def is_shortened(raw: str) -> bool:
    """Whether Excel wrote a long number as 8.9E+12, which has lost its last digits."""
    return _SCIENTIFIC.fullmatch(raw) is not None


def parse_number(raw: str, *, percent: bool = False) -> Decimal:
    """The number in a cell.

    Grouping by lakhs or thousands, a currency sign, `/-`, brackets or a minus on either side are understood. Grouping
    that fits neither way is refused, because `1,22.00` may be 122 or a mistyped 1,220.

    Raises:
        CellFault: `number`, `formula` or `shortened`.
    """
    if _PLAIN.fullmatch(raw):
        return Decimal(raw)
    if raw.startswith("="):
        raise CellFault("formula")
    text, negative = _sign(raw)
    text = _CURRENCY.sub("", text).strip()
    if not negative:
        text, negative = _sign(text)
    if percent:
        text = text.removesuffix("%").rstrip()
    if _PLAIN.fullmatch(text) or _INDIAN.fullmatch(text) or _WESTERN.fullmatch(text):
        value = Decimal(text.replace(",", ""))
        return -value if negative and value else value
    if is_shortened(text):
        raise CellFault("shortened")
    raise CellFault("number", _nearest(text, negative=negative))


def _sign(text: str) -> tuple[str, bool]:
    text = text.strip().replace("−", "-")
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    if text.startswith("-"):
        return text[1:].strip(), True
    if text.endswith("-") and not text.endswith("/-"):
        return text[:-1].strip(), True
    return text.removeprefix("+"), False


def _nearest(text: str, *, negative: bool) -> str | None:
    """What was probably meant: a decimal comma, misplaced grouping, or letters that look like digits."""
    if re.fullmatch(r"\d+,\d{1,2}", text, re.ASCII):
        guess = text.replace(",", ".")
    else:
        guess = text.replace(",", "").replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
        if any(letter.isdigit() for letter in guess):
            guess = guess.translate(_LETTERS_FOR_DIGITS)
    if not _PLAIN.fullmatch(guess):
        return None
    return f"-{guess}" if negative else guess


def grouped(number: int) -> str:
    """A whole number as sentences write it, in lakhs and crores: 12,34,567."""
    head, tail = str(abs(number))[:-3], str(abs(number))[-3:]
    pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)]
    return ("-" if number < 0 else "") + ",".join([*reversed(pairs), tail])


def plain(value: Decimal) -> str:
    """The number without exponent, as PostgreSQL and the next import read it."""
    return f"{value:f}"


def fit_places(value: Decimal, places: int) -> Decimal:
    """The number with at most so many decimals.

    Raises:
        CellFault: `places`, with the value rounded half up as its fix.
    """
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -places:
        rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if rounded != value:
            raise CellFault("places", plain(rounded), places=places)
        return rounded
    return value


def round_whole(value: Decimal) -> Decimal:
    """The nearest whole number, half up."""
    return value.quantize(Decimal(1), ROUND_HALF_UP)
