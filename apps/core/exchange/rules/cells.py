"""Kinds of cells: what a column's text may mean, and how the value is written for PostgreSQL.

Values travel as text in one canonical form (ISO dates, plain decimals, `true`), so that checking and taking are
set-based casts. A kind's `parse` gets a cell that is not blank, stripped of blanks around it.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import Protocol

from apps.core.exchange.rules import dates, numbers
from apps.core.exchange.rules.faults import CellFault

ERROR_VALUES = frozenset({"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_BLANKS = re.compile(r"\s+")
_TEXT_FORMULA = re.compile(r'="([^"]*)"')
# Zero-width and direction marks ride along when text is pasted from chats and PDFs, and make two equal names differ.
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"), None)


@dataclass(frozen=True, slots=True)
class Reading:
    """How this file is to be read."""

    month_first: bool = False


DAY_FIRST = Reading()


class Kind(Protocol):
    """What a column holds."""

    @property
    def sql_type(self) -> str:
        """The column's type in the table that checks and operations see."""

    @property
    def numeric(self) -> bool:
        """Whether cells are aligned as numbers."""

    def parse(self, raw: str, reading: Reading) -> str:
        """The value in canonical form. Raises `CellFault`."""

    def show(self, value: str) -> str:
        """A canonical value as people read it."""


def clean_text(raw: str, *, lines: bool = False) -> str:
    """Text without invisible marks and doubled blanks, in Unicode's composed form; `lines` keeps line breaks."""
    if raw.isascii():
        if raw.isprintable() and "  " not in raw:
            return raw.strip()
    else:
        raw = unicodedata.normalize("NFC", raw.translate(_INVISIBLE))
    if lines and "\n" in raw:
        return "\n".join(filter(None, (_printable(line) for line in raw.splitlines())))
    return _printable(raw)


def _printable(raw: str) -> str:
    raw = _BLANKS.sub(" ", raw)
    return "".join(letter for letter in raw if letter.isprintable()).strip()


@dataclass(frozen=True, slots=True)
class Text:
    """Words. `code` refuses numbers that Excel has shortened (a GTIN shown as 8.9E+12) and is written in capitals."""

    max_length: int = 255
    lines: bool = False
    code: bool = False
    pattern: re.Pattern[str] | None = None
    sql_type: str = "text"
    numeric: bool = False

    def parse(self, raw: str, reading: Reading) -> str:  # noqa: ARG002
        """Raises `CellFault` formula, shortened, long or pattern."""
        first = raw[0]
        if first == "=":
            # `="00123"` is how other programs keep leading zeros; anything else is a formula.
            match = _TEXT_FORMULA.fullmatch(raw)
            if match is None:
                raise CellFault("formula")
            raw = match[1]
        elif first == "'" and raw[1:2] in _FORMULA_STARTS:
            # The mark that exports put before such text (see `apps.core.exchange.rules.formulas`).
            raw = raw[1:]
        text = clean_text(raw, lines=self.lines)
        if self.code:
            if numbers.is_shortened(text):
                raise CellFault("shortened")
            text = text.upper()
        if len(text) > self.max_length:
            raise CellFault("long", limit=self.max_length, length=len(text))
        if self.pattern is not None and text and not self.pattern.fullmatch(text):
            raise CellFault("pattern")
        return text

    def show(self, value: str) -> str:
        return value


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number."""

    minimum: int | None = 0
    maximum: int | None = 2_147_483_647
    sql_type: str = "bigint"
    numeric: bool = True

    def parse(self, raw: str, reading: Reading) -> str:  # noqa: ARG002
        """Raises `CellFault` whole, low, high, or what `parse_number` raises."""
        value = numbers.parse_number(raw)
        if value != value.to_integral_value():
            raise CellFault("whole", numbers.plain(numbers.round_whole(value)))
        _within(value, self.minimum, self.maximum)
        return str(int(value))

    def show(self, value: str) -> str:
        return value


@dataclass(frozen=True, slots=True)
class Number:
    """A decimal number, such as money: digits before and after the point, limits, `percent` for rates."""

    places: int = 2
    digits: int = 12
    minimum: Decimal | None = Decimal(0)
    maximum: Decimal | None = None
    percent: bool = False
    numeric: bool = True

    @property
    def sql_type(self) -> str:
        return f"numeric({self.digits},{self.places})"

    def parse(self, raw: str, reading: Reading) -> str:  # noqa: ARG002
        """Raises `CellFault` places, low, high, or what `parse_number` raises."""
        value = numbers.fit_places(numbers.parse_number(raw, percent=self.percent), self.places)
        _within(value, self.minimum, self.maximum)
        if abs(value) >= Decimal(10) ** (self.digits - self.places):
            raise CellFault("high", limit=numbers.plain(Decimal(10) ** (self.digits - self.places) - 1))
        return numbers.plain(value)

    def show(self, value: str) -> str:
        return value


def _within(value: Decimal, minimum: Decimal | int | None, maximum: Decimal | int | None) -> None:
    if minimum is not None and value < minimum:
        raise CellFault("low", limit=str(minimum))
    if maximum is not None and value > maximum:
        raise CellFault("high", limit=str(maximum))


@dataclass(frozen=True, slots=True)
class Day:
    """A date."""

    sql_type: str = "date"
    numeric: bool = False

    def parse(self, raw: str, reading: Reading) -> str:
        """Raises `CellFault` date, date_order or formula."""
        return dates.parse_date(raw, month_first=reading.month_first).isoformat()

    def show(self, value: str) -> str:
        return f"{dt.date.fromisoformat(value):%d %b %Y}"


@dataclass(frozen=True, slots=True)
class Month:
    """An expiry or manufacturing month; its value is the last day."""

    sql_type: str = "date"
    numeric: bool = False

    def parse(self, raw: str, reading: Reading) -> str:  # noqa: ARG002
        """Raises `CellFault` month or formula."""
        return dates.parse_month(raw).isoformat()

    def show(self, value: str) -> str:
        return f"{dt.date.fromisoformat(value):%m/%Y}"


_YES = frozenset({"yes", "y", "true", "t", "1", "on", "active", "x", "✓", "✔", "हाँ", "हां", "होय"})
_NO = frozenset({"no", "n", "false", "f", "0", "off", "inactive", "-", "✗", "नहीं", "नाही"})


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no."""

    sql_type: str = "boolean"
    numeric: bool = False

    def parse(self, raw: str, reading: Reading) -> str:  # noqa: ARG002
        """Raises `CellFault` yes_no."""
        word = raw.casefold()
        if word in _YES:
            return "true"
        if word in _NO:
            return "false"
        raise CellFault("yes_no")

    def show(self, value: str) -> str:
        return "Yes" if value == "true" else "No"


def _key(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


@dataclass(frozen=True)
class Choice:
    """One of a few values, found by value, by label or by another name of it, whatever the case and punctuation."""

    labels: Mapping[str, str]
    synonyms: Mapping[str, str] = field(default_factory=dict)
    sql_type: str = "text"
    numeric: bool = False

    def __post_init__(self) -> None:
        index = {_key(other): value for other, value in self.synonyms.items()}
        index |= {_key(label): value for value, label in self.labels.items()}
        index |= {_key(value): value for value in self.labels}
        object.__setattr__(self, "_index", index)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]], **synonyms: str) -> Choice:
        """From a field's choices; keyword arguments are further names: `KA="29"`."""
        return cls({value: str(label) for value, label in pairs}, synonyms)

    def parse(self, raw: str, reading: Reading) -> str:  # noqa: ARG002
        """Raises `CellFault` choice, with the most similar label as its fix."""
        index: dict[str, str] = self.__dict__["_index"]
        key = _key(raw)
        try:
            return index[key]
        except KeyError:
            # Excel drops the zero of codes such as 07.
            if key.isdigit() and (value := index.get(key.zfill(2))):
                return value
            close = get_close_matches(key, index, n=1, cutoff=0.75)
            raise CellFault("choice", self.labels[index[close[0]]] if close else None) from None

    def show(self, value: str) -> str:
        return self.labels.get(value, value)
