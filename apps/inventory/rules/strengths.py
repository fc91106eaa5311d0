"""Strengths of medicines: `500mg`, `30 mg/5ml`, `0.05% w/w`, `1,00,000 I.U.`, and when two of them are equal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_SPELLINGS = {
    "mg": ("mg", "mgs", "mg.", "milligram", "milligrams", "milligramme"),
    "mcg": ("mcg", "mcgs", "ug", "µg", "μg", "microgram", "micrograms", "mcg."),
    "ng": ("ng", "nanogram"),
    "g": ("g", "gm", "gms", "gram", "grams", "g.", "gm.", "gms."),
    "kg": ("kg", "kgs"),
    "ml": ("ml", "mls", "ml.", "millilitre", "milliliter", "cc"),
    "l": ("l", "ltr", "litre", "liter"),
    "IU": ("iu", "i.u.", "i.u", "ius"),
    "MIU": ("miu", "million iu", "m.i.u."),
    "units": ("u", "unit", "units"),
    "mEq": ("meq",),
    "mmol": ("mmol",),
    "ppm": ("ppm",),
    "kcal": ("kcal",),
    "million spores": ("million spores", "million"),
    "billion spores": ("billion spores", "billion"),
    "billion CFU": ("billion cfu",),
    "% w/w": ("% w/w", "%w/w"),
    "% w/v": ("% w/v", "%w/v"),
    "% v/v": ("% v/v", "%v/v"),
    "%": ("%", "percent"),
    "dose": ("dose", "md", "actuation", "puff", "spray", "metered dose"),
    "h": ("h", "hr", "hour"),
    "day": ("day", "24h"),
    "tablet": ("tablet", "tab"),
    "capsule": ("capsule", "cap"),
    "sachet": ("sachet",),
    "vial": ("vial",),
    "ampoule": ("ampoule", "amp"),
    "patch": ("patch",),
}
_CANONICAL = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings}
# What a strength may be given per.
PER_UNITS = frozenset(
    {"ml", "l", "g", "kg", "mg", "dose", "h", "day", "tablet", "capsule", "sachet", "vial", "ampoule", "patch"}
)
_AMOUNTS = frozenset(_SPELLINGS) - {"dose", "h", "day", "tablet", "capsule", "sachet", "vial", "ampoule", "patch"}

_NUMBER = r"(?:\d[\d,]*(?:\.\d+)?|\.\d+)"
_UNIT = (
    r"(?:million\s+spores|billion\s+spores|million\s+iu|billion\s+cfu|%\s*[wv]\s*/\s*[wv]|%|metered\s+dose"
    r"|m\.i\.u\.|i\.u\.?|[a-zµμ]+\.?)"
)
STRENGTH = re.compile(
    rf"(?P<amount>{_NUMBER})\s*(?P<unit>{_UNIT})"
    rf"(?:\s*(?:/|\bper\b)\s*(?P<count>{_NUMBER})?\s*(?P<per>[a-z]+\.?))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Strength:
    """How much of a substance: an amount and its unit, such as 30 of `mg/5 ml`."""

    amount: Decimal
    unit: str

    def __str__(self) -> str:
        return f"{plain(self.amount)}{'' if self.unit.startswith('%') else ' '}{self.unit}"


def plain(value: Decimal) -> str:
    """A number without needless zeros or exponent: 500, 0.05."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_strength(text: str) -> Strength | None:
    """A strength as written on packs and in price lists; None when the text is none, or one of 0.

    Units become one spelling of each (`mcg`, `g`, `IU`, `% w/v`), what it is given per comes behind a stroke.
    """
    match = STRENGTH.fullmatch(" ".join(text.split()))
    return None if match is None else from_match(match)


def from_match(match: re.Match[str]) -> Strength | None:
    """The strength that a match of `STRENGTH` holds; None when its unit is unknown or its amount 0."""
    unit = _canonical(match["unit"])
    amount = _decimal(match["amount"])
    if unit not in _AMOUNTS or not amount:
        return None
    if match["per"] is None:
        return Strength(amount, unit)
    per = _canonical(match["per"])
    if per not in PER_UNITS:
        return None
    count = _decimal(match["count"]) if match["count"] else Decimal(1)
    if not count:
        return None
    return Strength(amount, f"{unit}/{per}" if count == 1 else f"{unit}/{plain(count)} {per}")


def _canonical(text: str) -> str:
    compact = " ".join(text.lower().split())
    if compact.startswith("%"):
        compact = compact.replace(" ", "").replace("%w", "% w").replace("%v", "% v")
    return _CANONICAL.get(compact, "")


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


_IN_MCG = {"ng": Decimal("0.001"), "mcg": Decimal(1), "mg": Decimal(1000), "g": Decimal(1_000_000)}
_PER = {
    "ml": ("ml", Decimal(1)),
    "l": ("ml", Decimal(1000)),
    "mg": ("g", Decimal("0.001")),
    "g": ("g", Decimal(1)),
    "kg": ("g", Decimal(1000)),
}
# A percentage by weight is grams in 100 grams, by volume grams in 100 ml (general notices of the pharmacopoeias).
_PERCENT = {"% w/w": "g", "% w/v": "ml"}
_UNIT_PER = re.compile(r"(?P<unit>[^/]+)(?:/(?:(?P<count>[\d.]+) )?(?P<per>\w+))?")


def strength_key(amount: Decimal | None, unit: str) -> str:
    """Text that is the same for equal strengths: of `0.5 g` and `500 mg`, of `1% w/v` and `10 mg/ml`; "" for none."""
    if amount is None:
        return ""
    if unit in _PERCENT:
        return f"{plain(amount * 10_000)} mcg/{_PERCENT[unit]}"
    match = _UNIT_PER.fullmatch(unit)
    if match is None or unit.startswith("%"):
        return f"{plain(amount)} {unit}"
    base = match["unit"]
    if base in _IN_MCG:
        amount, base = amount * _IN_MCG[base], "mcg"
    elif base == "MIU":
        amount, base = amount * 1_000_000, "IU"
    if match["per"] is None:
        return f"{plain(amount)} {base}"
    per, factor = _PER.get(match["per"], (match["per"], Decimal(1)))
    count = Decimal(match["count"] or 1) * factor
    return f"{plain((amount / count).quantize(Decimal('0.000001')))} {base}/{per}"
