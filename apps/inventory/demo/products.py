"""The demo's products: true generic names and law, invented brands and makers.

A brand is the beginning of the substance and the ending of its maker (Amoxi-kite), which nobody sells. Barcodes begin
with 290, a range that GS1 keeps for use within a house.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from apps.inventory.demo.substances import GOODS, Generic, generics
from apps.inventory.models import (
    Barcode,
    Manufacturer,
    PackUnit,
    PriceConvention,
    Product,
    ProductPrice,
    ProductSalt,
    Salt,
)
from apps.inventory.operations.composition import known_salts, written
from apps.inventory.rules.composition import Ingredient
from apps.inventory.rules.gtin import check_digit
from apps.inventory.rules.strengths import parse_strength
from apps.inventory.rules.units import uqc_of
from apps.organizations.demo import Demo

COUNT = 1000
# Makers with the ending of their brands.
MAKERS = (
    ("Banyan Remedies", "kite"),
    ("Lantern Laboratories", "lamp"),
    ("Peepal Biologics", "peel"),
    ("Clocktower Pharma", "tock"),
    ("Blue Heron Healthcare", "heron"),
    ("Mango Grove Drugs", "grove"),
    ("Tin Roof Formulations", "tin"),
    ("Silver Oak Lifecare", "oak"),
    ("Monsoon Laboratories", "soon"),
    ("Sparrow Hill Pharma", "row"),
    ("Copper Kettle Drugs", "kett"),
    ("Marigold Remedies", "gold"),
    ("Old Harbour Biotech", "bour"),
    ("Rain Tree Medicare", "rain"),
    ("Stone Steps Therapeutics", "step"),
    ("Paper Boat Pharma", "boat"),
    ("Brass Bell Laboratories", "bell"),
    ("Lotus Pond Healthcare", "pond"),
    ("Red Bridge Formulations", "bridge"),
    ("Wishing Well Surgicals", "well"),
)


@dataclass(frozen=True)
class _Pack:
    """How a form is packed: words, base unit, what a box holds, and the range of its MRP in rupees."""

    words: str
    unit: str
    box: int
    lowest: int
    highest: int


_PACKS: dict[str, Sequence[_Pack]] = {
    "tablet": (_Pack("strip of 10 tablets", "strip", 10, 12, 240), _Pack("strip of 15 tablets", "strip", 10, 18, 320)),
    "capsule": (_Pack("strip of 10 capsules", "strip", 10, 30, 280),),
    "syrup": (
        _Pack("bottle of 100 ml Syrup", "bottle", 20, 45, 160),
        _Pack("bottle of 60 ml Syrup", "bottle", 25, 32, 110),
    ),
    "suspension": (_Pack("bottle of 60 ml Oral Suspension", "bottle", 25, 38, 180),),
    "drops": (
        _Pack("bottle of 5 ml Drops", "bottle", 20, 28, 260),
        _Pack("bottle of 10 ml Drops", "bottle", 20, 40, 320),
    ),
    "injection": (_Pack("vial of 1 Injection", "vial", 10, 22, 980),),
    "infusion": (_Pack("bottle of 100 ml Infusion", "bottle", 24, 25, 420),),
    "cream": (_Pack("tube of 15 gm Cream", "tube", 20, 40, 210),),
    "ointment": (_Pack("tube of 10 gm Ointment", "tube", 20, 45, 190),),
    "gel": (_Pack("tube of 30 gm Gel", "tube", 20, 60, 180),),
    "lotion": (_Pack("bottle of 50 ml Lotion", "bottle", 20, 70, 220),),
    "solution": (_Pack("bottle of 200 ml Solution", "bottle", 12, 90, 280),),
    "inhaler": (_Pack("packet of 200 MDI Inhaler", "packet", 10, 120, 620),),
    "spray": (_Pack("bottle of 120 MDI Nasal Spray", "bottle", 10, 160, 420),),
    "sachet": (_Pack("packet of 10 sachets", "packet", 20, 30, 120),),
    "powder": (_Pack("packet of 100 gm Powder", "packet", 20, 40, 160),),
    "vaccine": (_Pack("vial of 1 Vaccine", "vial", 10, 180, 1900),),
}
# Schedules C and C1: biologicals, antibiotics, vitamins, hormones, and whatever is injected or put into the eye.
_C_MARKS = frozenset("abvo")
_C_FORMS = frozenset({"injection", "infusion", "drops", "vaccine"})
_WORDS = {"tablet": "", "capsule": "", "injection": " Inj", "infusion": " IV"}


def make_products(demo: Demo) -> str:
    """Step: manufacturers, salts, and products with packs, barcodes and prices."""
    if Product.objects.exists():
        return ""
    random = demo.random("products")
    makers = _manufacturers(random)
    known = list(generics())
    salts = known_salts(name for generic in known for name in generic.names)
    rows = [
        *_goods(random, makers[-1]),
        *_medicines(random, known, makers, salts, demo.scale * COUNT - len(GOODS)),
    ]
    Product.objects.bulk_create([row.product for row in rows], batch_size=500)
    _belongings(rows, salts, demo.today)
    return f"{len(rows)} products"


@dataclass(frozen=True)
class _Row:
    product: Product
    ingredients: Sequence[Ingredient]
    box: int
    mrp: Decimal
    number: int


def _manufacturers(random: Random) -> list[Manufacturer]:
    made = [
        Manufacturer(
            name=name,
            convention=random.choice((PriceConvention.MARKDOWN, PriceConvention.MARKDOWN, PriceConvention.MARKUP)),
            retailer_margin=random.choice((16, 20, 20, 25)),
            stockist_margin=random.choice((8, 10, 10)),
            return_window_before_days=random.choice((60, 90, 90, 120)),
            return_window_after_days=random.choice((90, 180, 180)),
            claim_address=f"Expiry Claims, {name}, {random.randint(1, 99)} Imaginary Industrial Estate",
        )
        for name, _ending in MAKERS
    ]
    return list(Manufacturer.objects.bulk_create(made))


def _goods(random: Random, maker: Manufacturer) -> Iterator[_Row]:
    for number, (name, pack, unit, hsn, highest) in enumerate(GOODS, 1):
        product = Product(
            name=f"{name} Wellplus",
            pack=pack,
            code=f"G{number:04d}",
            manufacturer=maker,
            form="dressing" if hsn.startswith("3005") else "device",
            hsn=hsn,
            base_unit=unit,
            uqc=uqc_of(unit),
            reorder_level=random.choice((5, 10, 20)),
            reorder_quantity=random.choice((20, 50)),
        )
        yield _Row(product, (), 10, _mrp(random, highest // 2, highest), number)


def _medicines(
    random: Random, known: Sequence[Generic], makers: Sequence[Manufacturer], salts: dict[str, Salt], count: int
) -> Iterator[_Row]:
    """Every generic from one maker after another, until there are enough; a name with its pack comes once."""
    taken: set[tuple[str, str]] = set()
    made, turn = 0, 0
    while made < count:
        for place, generic in enumerate(known):
            if made == count:
                return
            serial = turn // len(MAKERS)
            which = (place * 7 + turn) % len(MAKERS)
            pack = random.choice(_PACKS[generic.form])
            name = _brand(generic, MAKERS[which][1]) + (f" {serial + 1}" if serial else "")
            if (name.lower(), pack.words) in taken:
                continue
            taken.add((name.lower(), pack.words))
            made += 1
            yield _medicine(random, generic, makers[which], pack, name=name, salts=salts, number=made + len(GOODS))
        turn += 1


def _brand(generic: Generic, ending: str) -> str:
    """Amoxi + kite, then what tells one strength and form from another."""
    stems = [name.split()[0][:5] if place == 0 else name[:2] for place, name in enumerate(generic.names)]
    stem = "".join(stems).rstrip("aeiou").capitalize()
    strength = " ".join(_short(text) for text in generic.strengths)
    words = _WORDS.get(generic.form, f" {generic.form.capitalize()}")
    return f"{stem}{'' if stem[-1] in 'aeiou' else 'i'}{ending} {strength}{words}"


def _short(strength: str) -> str:
    """As brands carry it: 500 for 500 mg, 125 for 125 mg/5 ml, 0.1% for 0.1% w/w."""
    return strength.split(" " if "%" in strength else "/", maxsplit=1)[0].replace(" mg", "").replace(" ", "")


def _medicine(
    random: Random,
    generic: Generic,
    maker: Manufacturer,
    pack: _Pack,
    *,
    name: str,
    salts: dict[str, Salt],
    number: int,
) -> _Row:
    ingredients = [
        Ingredient(substance, parse_strength(text))
        for substance, text in zip(generic.names, generic.strengths, strict=True)
    ]
    special = bool(_C_MARKS & set(generic.marks)) or generic.form in _C_FORMS
    product = Product(
        name=name,
        pack=pack.words,
        code=f"M{number:05d}",
        manufacturer=maker,
        form=generic.form,
        strength=" + ".join(generic.strengths),
        hsn=generic.hsn,
        schedule=generic.schedule,
        ndps="n" in generic.marks,
        licence_class="c_c1" if special else "other",
        price_controlled="p" in generic.marks,
        storage="cold" if "c" in generic.marks else "cool" if "u" in generic.marks else "room",
        base_unit=pack.unit,
        uqc=uqc_of(pack.unit),
        reorder_level=random.choice((None, 10, 20, 30, 50)),
        reorder_quantity=random.choice((50, 100, 200)),
        active=random.random() > 0.03,
        **written(ingredients, salts),
    )
    return _Row(product, ingredients, pack.box, _mrp(random, pack.lowest, pack.highest), number)


def _mrp(random: Random, lowest: int, highest: int) -> Decimal:
    """Between the two, most often nearer to the lower, with paise as printed prices have them."""
    rupees = lowest + (highest - lowest) * random.random() ** 2
    return Decimal(int(rupees)) + random.choice((Decimal("0"), Decimal("0.5"), Decimal("0.9"), Decimal("0.75")))


def _belongings(rows: Sequence[_Row], salts: dict[str, Salt], today: dt.date) -> None:
    """Salts, boxes, barcodes and two prices, an old one and the one that holds."""
    ProductSalt.objects.bulk_create(
        (
            ProductSalt(
                product=row.product,
                salt=salts[part.name.lower()],
                strength_amount=part.strength.amount if part.strength else None,
                strength_unit=part.strength.unit if part.strength else "",
                position=position,
            )
            for row in rows
            for position, part in enumerate(row.ingredients, 1)
        ),
        batch_size=1000,
    )
    boxes = PackUnit.objects.bulk_create(
        (PackUnit(product=row.product, name="box", quantity=row.box) for row in rows), batch_size=1000
    )
    PackUnit.objects.bulk_create(
        (PackUnit(product=row.product, name="case", quantity=row.box * 20) for row in rows), batch_size=1000
    )
    Barcode.objects.bulk_create(
        (
            Barcode(product=row.product, code=f"0{_gtin(row.number, digit)}", pack_unit=box)
            for row, full in zip(rows, boxes, strict=True)
            for digit, box in ((0, None), (1, full))
        ),
        batch_size=1000,
    )
    old, now = today - dt.timedelta(days=400), today - dt.timedelta(days=90)
    ProductPrice.objects.bulk_create(
        (
            ProductPrice(product=row.product, effective_from=day, mrp=mrp)
            for row in rows
            for day, mrp in ((old, (row.mrp * Decimal("0.94")).quantize(Decimal("0.01"))), (now, row.mrp))
        ),
        batch_size=1000,
    )


def _gtin(number: int, level: int) -> str:
    body = f"290{level}{number:08d}"
    return body + check_digit(body)
