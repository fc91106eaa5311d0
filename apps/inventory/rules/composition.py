"""What is in a medicine: `Amoxycillin  (500mg) , Clavulanic Acid (125mg)` as salts with strengths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from apps.inventory.rules.salts import proper_name
from apps.inventory.rules.strengths import PER_UNITS, STRENGTH, Strength, from_match, parse_strength, strength_key

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Ingredient:
    """A salt by name, with its strength where that is told."""

    name: str
    strength: Strength | None = None

    def __str__(self) -> str:
        return f"{self.name} {self.strength}" if self.strength else self.name


@dataclass(frozen=True, slots=True)
class Composition:
    """The salts that were understood, in the order of the text, and the parts of it that were not."""

    ingredients: tuple[Ingredient, ...]
    unread: tuple[str, ...] = ()

    def __str__(self) -> str:
        return compose(self.ingredients)


# A strength that is left open on purpose.
_OPEN = {"na", "n.a.", "n/a", "-", "q.s.", "qs", "nil", ""}
_IN_BRACKETS = re.compile(r"^(?P<name>.*?)\s*[(\[](?P<inner>[^()\[\]]*)[)\]]\s*$", re.DOTALL)
_LETTER = re.compile(r"[^\W\d_]")
# `Telmisartan 40` lacks its unit; `Omega 3` and `Macrogol 4000` are names.
_BARE_NUMBER = re.compile(r"(?P<name>.*[^\W\d_].*?)\s+[\d.,/]+")
_NUMBERED = re.compile(
    r"vitamin|vit|omega|factor|coenzyme|macrogol|peg|polyethylene|polysorbate|poloxamer", re.IGNORECASE
)
_AND = re.compile(r"\s+(?:and|with|plus)\s+", re.IGNORECASE)
# `400mg/80mg` or `Amlodipine/Atenolol`: a stroke stands between substances unless a unit follows it.
_STROKE = re.compile(r"/\s*(?P<word>[^\W\d_][\w.-]*)", re.UNICODE)


def parse_composition(text: str) -> Composition:
    """Read salts and strengths from free text.

    Substances are parted by comma, plus, semicolon, `&`, a line's end, a stroke or "and"; a strength stands behind the
    name, in brackets or not, or before it. One that comes in two strengths counts once; the later is reported.
    """
    found: dict[str, Ingredient] = {}
    unread: list[str] = []
    for part in _parts(text):
        ingredient, left = _ingredient(part)
        if left:
            unread.append(left)
        if ingredient is None:
            continue
        key = ingredient.name.lower()
        before = found.get(key)
        if before is None or before.strength is None:
            # `Paracetamol/Acetaminophen (325mg)`: two names of one substance.
            found[key] = ingredient
        elif ingredient.strength not in (None, before.strength):
            unread.append(part)
    return Composition(tuple(found.values()), tuple(unread))


def compose(ingredients: Iterable[Ingredient]) -> str:
    """The composition in one line: `Amoxicillin 500 mg + Clavulanic Acid 125 mg`. `parse_composition` reads it back."""
    return " + ".join(map(str, ingredients))


def composition_key(salts: Iterable[tuple[int, Decimal | None, str]]) -> str:
    """Text that is the same for products with the same salts in the same strengths, in whatever order.

    `12|40#500000 mcg|125000 mcg`: what stands before the hash is the same for the same salts in any strength.

    Args:
        salts: key, amount and unit of each.
    """
    ordered = sorted(salts, key=lambda salt: salt[0])
    if not ordered:
        return ""
    keys = "|".join(str(key) for key, _amount, _unit in ordered)
    strengths = "|".join(strength_key(amount, unit) for _key, amount, unit in ordered)
    return f"{keys}#{strengths}"


def _parts(text: str) -> Iterator[str]:
    """The substances of a text. Separators within brackets, and commas within numbers, separate nothing."""
    for piece in _AND.split(text):
        depth, start = 0, 0
        for place, letter in enumerate(piece):
            if letter in "([":
                depth += 1
            elif letter in ")]":
                depth = max(depth - 1, 0)
            elif depth == 0 and _separates(piece, place, letter):
                yield from _named(piece[start:place])
                start = place + 1
        yield from _named(piece[start:])


def _named(part: str) -> Iterator[str]:
    part = " ".join(part.split()).strip(" .")
    if part:
        yield part


def _separates(text: str, place: int, letter: str) -> bool:
    if letter in "+;&\n":
        return True
    if letter == ",":
        return not (text[place - 1 : place].isdigit() and text[place + 1 : place + 2].isdigit())
    if letter != "/":
        return False
    match = _STROKE.match(text, place)
    if match is None:
        return False
    word = match["word"].lower().strip(".")
    return len(word) >= 4 and word not in PER_UNITS and parse_strength(f"1 mg/{word}") is None


def _ingredient(part: str) -> tuple[Ingredient | None, str]:
    """The substance of a part, and what was not understood of it."""
    if (match := _BARE_NUMBER.fullmatch(part)) and not _NUMBERED.match(part):
        ingredient, _left = _of(match["name"], None, part)
        return ingredient, part
    if match := _IN_BRACKETS.match(part):
        inner = " ".join(match["inner"].split())
        strength = parse_strength(inner)
        if strength is not None or inner.lower() in _OPEN:
            return _of(match["name"], strength, part)
        if not any(letter.isdigit() for letter in inner):
            # `Vitamin C (Ascorbic Acid) 500 mg` and the like: another name, not a strength.
            return _of(part, None, part)
        ingredient, left = _of(match["name"], None, part)
        return ingredient, left or inner
    last = next(reversed(list(STRENGTH.finditer(part))), None)
    strength = from_match(last) if last is not None else None
    if last is None or strength is None:
        return _without_strength(part, last)
    before, after = part[: last.start()], part[last.end() :]
    if not after.strip():
        return _of(before, strength, part)
    if not before.strip():
        return _of(after, strength, part)
    return _of(f"{before.strip()} {after.strip()}", strength, part)


def _without_strength(part: str, odd: re.Match[str] | None) -> tuple[Ingredient | None, str]:
    """A part without a strength, or with one that means nothing (`50 blobs`, `0 mg`) at its end."""
    if odd is None or odd.end() < len(part) or _NUMBERED.match(part) or not _LETTER.search(part[: odd.start()]):
        return _of(part, None, part)
    if odd["amount"] + odd["unit"] == odd[0] and not parse_strength(f"1{odd['unit']}"):
        # `Interferon alfa 2b` is a name.
        return _of(part, None, part)
    ingredient, left = _of(part[: odd.start()], None, part)
    return ingredient, left or odd[0]


def _of(name: str, strength: Strength | None, part: str) -> tuple[Ingredient | None, str]:
    name = " ".join(name.split()).strip(" .,:;-–+&/")
    if not _LETTER.search(name) or len(name) > LONGEST_NAME:
        return None, part
    return Ingredient(proper_name(name), strength), ""
