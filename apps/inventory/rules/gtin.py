"""GTINs: the numbers under barcodes of trade items (EAN-13, UPC, ITF-14), and their check digit."""

from __future__ import annotations

import re

from apps.organizations.rules.broken import RuleBroken, gettext_noop

_LENGTHS = (8, 12, 13, 14)


class InvalidGtin(RuleBroken):
    """The text is no GTIN; the message is the reason."""


def check_digit(body: str) -> str:
    """The last digit that belongs to the digits before it (GS1 General Specifications, section 7.9)."""
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def parse_gtin(text: str) -> str:
    """A GTIN of 8, 12, 13 or 14 digits as 14 digits; blanks and hyphens are forgiven.

    Raises:
        InvalidGtin: it has other signs, another length, or a wrong last digit.
    """
    compact = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"[0-9]+", compact):
        raise InvalidGtin(gettext_noop("A GTIN has digits only"))
    if len(compact) not in _LENGTHS:
        raise InvalidGtin(gettext_noop("A GTIN has 8, 12, 13 or 14 digits, this has %(length)d"), length=len(compact))
    expected = check_digit(compact[:-1])
    if compact[-1] != expected:
        raise InvalidGtin(
            gettext_noop("The last digit should be %(expected)s, not %(found)s"), expected=expected, found=compact[-1]
        )
    if not compact.strip("0"):
        raise InvalidGtin(gettext_noop("A GTIN is not all zeros"))
    return compact.zfill(14)


def is_gtin(text: str) -> bool:
    """Whether the text reads as a GTIN."""
    try:
        parse_gtin(text)
    except InvalidGtin:
        return False
    return True


def shown_gtin(code: str) -> str:
    """A kept GTIN as printed under the bars: without the zeros that fill it up to 14 digits."""
    for length in (8, 12, 13):
        if code.startswith("0" * (14 - length)):
            return code[14 - length :]
    return code
