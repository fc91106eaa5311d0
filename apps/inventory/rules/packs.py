"""Packs: what a label says of them, how larger ones convert to base units, and how a quantity falls into packs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.organizations.rules.broken import RuleBroken, gettext_noop

MOST = 2_147_483_647


class InvalidPack(RuleBroken):
    """A pack that cannot be; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack by name, and how many base units it holds."""

    name: str
    quantity: int


_HOLDS = re.compile(r"(?P<count>[0-9][0-9,]*)\s*(?:[x×]\s*)?(?P<unit>[^\W\d_][^\d]*)?", re.IGNORECASE)


def singular(unit: str) -> str:
    """The name of one of them: `boxes` is of the unit `box`, `Strips` of `strip`."""
    word = " ".join(unit.lower().split()).strip(" .")
    for ending, kept in (("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss")):
        if word.endswith(ending):
            return word[: -len(ending)] + kept
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 2 else word


def read_packs(rows: Iterable[tuple[str, str]], base_unit: str) -> tuple[Pack, ...]:
    """Packs from what people type, smallest first: `box` of `10`, then `case` of `20 boxes`, which is 200.

    Args:
        rows: name and content of each pack; the content is a number of base units, or of a pack named before.
        base_unit: what one piece in stock is, such as `strip`.

    Raises:
        InvalidPack: a name is missing or taken, a content is no number above 1, or its unit is unknown.
    """
    base = singular(base_unit)
    known: dict[str, int] = {base: 1}
    packs: list[Pack] = []
    for name, holds in rows:
        key = singular(name)
        if not key:
            raise InvalidPack(gettext_noop("Name the pack that holds %(content)s"), content=holds.strip())
        if key in known:
            raise InvalidPack(gettext_noop("There are two packs called %(name)s"), name=name.strip())
        quantity = _content(name, holds, known)
        known[key] = quantity
        packs.append(Pack(" ".join(name.split()), quantity))
    return tuple(sorted(packs, key=lambda pack: (pack.quantity, pack.name)))


def _content(name: str, holds: str, known: Mapping[str, int]) -> int:
    match = _HOLDS.fullmatch(holds.strip())
    if match is None:
        raise InvalidPack(gettext_noop("Say how many base units a %(name)s holds, such as 10"), name=name.strip())
    each = known.get(singular(match["unit"])) if match["unit"] else 1
    if each is None:
        raise InvalidPack(gettext_noop("No pack is called %(unit)s. Put it above"), unit=match["unit"].strip())
    quantity = int(match["count"].replace(",", "")) * each
    if not 1 < quantity <= MOST:
        raise InvalidPack(gettext_noop("A %(name)s holds 2 base units or more"), name=name.strip())
    return quantity


def in_base_units(count: int, unit: str, packs: Sequence[Pack], base_unit: str) -> int:
    """How many base units so many packs are.

    Raises:
        InvalidPack: there is no such unit.
    """
    sizes = {singular(base_unit): 1} | {singular(pack.name): pack.quantity for pack in packs}
    try:
        return count * sizes[singular(unit)]
    except KeyError:
        raise InvalidPack(gettext_noop("No pack is called %(unit)s"), unit=unit) from None


def broken_down(quantity: int, packs: Sequence[Pack], base_unit: str) -> tuple[tuple[int, str], ...]:
    """A quantity in packs, the largest first: 437 strips are 2 cases, 3 boxes and 7 strips. Nothing gives nothing."""
    parts: list[tuple[int, str]] = []
    rest = abs(quantity)
    for pack in sorted(packs, key=lambda pack: (-pack.quantity, pack.name)):
        count, rest = divmod(rest, pack.quantity)
        if count:
            parts.append((count, pack.name))
    if rest:
        parts.append((rest, base_unit))
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class PackLabel:
    """What the words on a pack tell: `strip of 10 tablets`, `bottle of 100 ml Syrup`."""

    base_unit: str
    content: Decimal
    content_unit: str
    form: str


_LABEL = re.compile(
    r"(?P<container>[^\W\d_][\w -]*?)\s+of\s+(?P<content>\d+(?:\.\d+)?)\s*"
    r"(?P<unit>ml|gm|g|kg|l|mdi)?\b\s*(?P<words>.*)",
    re.IGNORECASE,
)
# The first that is found decides; words that name a form more closely stand before those that are part of them.
_FORMS = (
    ("inhal", "inhaler"),
    ("rotacap", "inhaler"),
    ("respule", "inhaler"),
    ("transcap", "inhaler"),
    ("vaccine", "vaccine"),
    ("powder for injection", "injection"),
    ("infusion", "infusion"),
    ("injection", "injection"),
    ("suppositor", "suppository"),
    ("pessar", "suppository"),
    ("eye drop", "drops"),
    ("ear drop", "drops"),
    ("drop", "drops"),
    ("ophthalmic solution", "drops"),
    ("spray", "spray"),
    ("suspension", "suspension"),
    ("dry syrup", "suspension"),
    ("syrup", "syrup"),
    ("expectorant", "syrup"),
    ("linctus", "syrup"),
    ("elixir", "syrup"),
    ("ointment", "ointment"),
    ("cream", "cream"),
    ("gel(?!atin)", "gel"),
    ("lotion", "lotion"),
    ("shampoo", "lotion"),
    ("lacquer", "solution"),
    ("solution", "solution"),
    ("mouth wash", "solution"),
    ("sachet", "sachet"),
    ("patch", "patch"),
    ("capsule", "capsule"),
    ("lozenge", "tablet"),
    ("tablet", "tablet"),
    ("powder", "powder"),
    ("granule", "powder"),
    ("syringe", "device"),
    ("needle", "device"),
    ("cannula", "device"),
    ("catheter", "device"),
    ("bandage", "dressing"),
    ("gauze", "dressing"),
    ("plaster", "dressing"),
)


def form_of(text: str) -> str:
    """The dosage form that words such as `oral suspension` or `Tablet SR` name; `other` when they name none."""
    words = text.lower()
    return next((form for sign, form in _FORMS if re.search(rf"\b{sign}", words)), "other")


def read_label(text: str) -> PackLabel | None:
    """What a pack's label tells; None when it is not of the form "strip of 10 tablets"."""
    match = _LABEL.fullmatch(" ".join(text.split()))
    if match is None:
        return None
    unit = (match["unit"] or "").lower()
    unit = {"gm": "g", "mdi": "dose"}.get(unit, unit)
    words = match["words"].lower()
    form = form_of(f"{words} {match['container'].lower()}")
    return PackLabel(match["container"].lower(), Decimal(match["content"]), unit or words.split(" ")[0], form)
