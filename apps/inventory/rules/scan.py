"""What a scanner read: a plain code, or a GS1 code that names product, batch and expiry at once.

GS1 General Specifications, section 3: (01) GTIN, (10) batch, (11) made on, (17) expiry, (21) serial number. A code of
another kind is no fault: Schedule H2 codes need not be GS1, and such a code is learned once for its product.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from biip import ParseConfig, ParseError, parse
from biip.gs1_element_strings import GS1ElementStrings
from biip.gs1_messages import GS1Message

from apps.inventory.rules.gtin import check_digit, is_gtin
from apps.organizations.rules.broken import RuleBroken, gettext_noop

MAX_LENGTH = 200
# Group separator. Scanners that act as keyboards cannot type it; set up for that, they send one of the others.
_SEPARATORS = ("\x1d", "␝", "^", "|")
# AIM symbology identifiers (ISO/IEC 15424) that some scanners put first.
_AIM = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
_GS1_AIM = ("]C1", "]d2", "]Q3", "]e0", "]J1")
_BRACKETED = re.compile(r"^\(\d{2,4}\)")
_GS1_START = re.compile(r"^01\d{14}")
# Ours, on labels of what has no code of its own. Digits and capitals alone keep the QR code small.
_OWN_KINDS = {"place": "IN:P", "batch": "IN:B"}
_OWN = re.compile(r"^(IN:[PB])(\d{1,18})$", re.IGNORECASE)


class UnreadableScan(RuleBroken):
    """The text says that it is a GS1 code and then breaks its rules; the message is the reason."""


@dataclass(frozen=True)
class Scan:
    """What one scan says. What it does not say is empty."""

    code: str
    """As found under `Barcode.code`: a GTIN with 14 digits, otherwise the text itself."""
    gtin: bool = False
    batch: str = ""
    expiry: dt.date | None = None
    """The last day of its month: an expiry is a month (DOMAIN, stock rule 2)."""
    made: dt.date | None = None
    serial: str = ""


def read_scan(text: str) -> Scan:
    """Take apart what a scanner typed or a camera read.

    Understood are EAN-8, UPC-A, EAN-13 and ITF-14, GS1 element strings with or without FNC1 or printed brackets, and
    GS1 Digital Link addresses. Anything else is a code of its own.

    Raises:
        UnreadableScan: nothing was read, too much was read, or a GS1 code is broken: wrong check digit, no such day.
    """
    cleaned = text.strip().strip("".join(_SEPARATORS)).strip()
    if not cleaned:
        raise UnreadableScan(gettext_noop("Nothing was read"))
    if len(cleaned) > MAX_LENGTH:
        raise UnreadableScan(gettext_noop("A code has at most %(length)d signs"), length=MAX_LENGTH)
    says_gs1 = cleaned.startswith(_GS1_AIM) or bool(_BRACKETED.match(cleaned))
    plain = _AIM.sub("", cleaned).lstrip("".join(_SEPARATORS))
    if is_gtin(plain):
        return Scan(plain.zfill(14), gtin=True)
    elements = _elements(plain)
    if elements is None:
        if says_gs1 or _GS1_START.match(plain):
            raise UnreadableScan(gettext_noop("This GS1 code is cut off, or a part of it cannot be"))
        return Scan(plain)
    return _from_elements(plain, elements)


def own_code(kind: str, key: int) -> str:
    """The code that we print for a `place` or a `batch` that carries none."""
    return f"{_OWN_KINDS[kind]}{key}"


def read_own_code(code: str) -> tuple[str, int] | None:
    """Kind and key of a code that we printed; None for any other."""
    found = _OWN.match(code)
    if not found:
        return None
    kinds = {mark: kind for kind, mark in _OWN_KINDS.items()}
    return kinds[found[1].upper()], int(found[2])


def _elements(text: str) -> GS1ElementStrings | None:
    config = ParseConfig(separator_chars=_SEPARATORS, gs1_element_strings_verify_date=False)
    try:
        if _BRACKETED.match(text):
            return GS1Message.parse_hri(text, config=config).element_strings
        if not (_GS1_START.match(text) or text.startswith(("https://", "http://"))):
            return None
        read = parse(text, config=config)
    except ParseError:
        return None
    if read.gs1_message:
        return read.gs1_message.element_strings
    if read.gs1_digital_link_uri:
        return read.gs1_digital_link_uri.element_strings
    return None


def _from_elements(text: str, elements: GS1ElementStrings) -> Scan:
    values = {element.ai.ai: element.value for element in elements}
    number = values.get("01", "")
    if not number:
        return Scan(text, batch=values.get("10", ""), expiry=_month_end(values.get("17")), serial=values.get("21", ""))
    if not is_gtin(number):
        raise UnreadableScan(
            gettext_noop("The last digit of GTIN %(gtin)s should be %(expected)s: scan again or type the code"),
            gtin=number,
            expected=check_digit(number[:-1]),
        )
    return Scan(
        number,
        gtin=True,
        batch=values.get("10", ""),
        expiry=_month_end(values.get("17")),
        made=_day(values.get("11")),
        serial=values.get("21", ""),
    )


def _day(digits: str | None) -> dt.date | None:
    """YYMMDD. Day 00 is the last of the month (GS1 General Specifications, section 3.4.7); this century throughout,
    for no medicine made before 2000 is still for sale."""
    if not digits:
        return None
    year, month, day = 2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    try:
        return dt.date(year, month, day) if day else _last_of_month(dt.date(year, month, 1))
    except ValueError:
        raise UnreadableScan(gettext_noop("%(digits)s in the code is no day of the calendar"), digits=digits) from None


def _month_end(digits: str | None) -> dt.date | None:
    day = _day(digits)
    return _last_of_month(day) if day else None


def _last_of_month(day: dt.date) -> dt.date:
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
