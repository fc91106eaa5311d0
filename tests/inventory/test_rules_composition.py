"""Reading compositions: what is understood, what is reported, and that nothing is lost on the way back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.inventory.rules.composition import Composition, Ingredient, compose, composition_key, parse_composition
from apps.inventory.rules.salts import proper_name
from apps.inventory.rules.strengths import Strength, parse_strength, strength_key


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Amoxycillin  (500mg) ,  Clavulanic Acid (125mg)", "Amoxicillin 500 mg + Clavulanic Acid 125 mg"),
        ("Paracetamol 500 mg + Caffeine 30mg", "Paracetamol 500 mg + Caffeine 30 mg"),
        ("Ambroxol (30mg/5ml) , Levosalbutamol (1mg/5ml) ", "Ambroxol 30 mg/5 ml + Levosalbutamol 1 mg/5 ml"),
        ("Clobetasol (0.05%w/w)", "Clobetasol 0.05% w/w"),
        ("Fluticasone 50 µg/spray", "Fluticasone 50 mcg/dose"),
        ("Vitamin D3 (60,000 I.U.)", "Vitamin D3 60000 IU"),
        ("Heparin 5000 IU/ml", "Heparin 5000 IU/ml"),
        ("500mg Metformin", "Metformin 500 mg"),
        ("Ceftriaxone (1gm)", "Ceftriaxone 1 g"),
        ("Sulfamethoxazole (400mg)/Trimethoprim (80mg)", "Sulfamethoxazole 400 mg + Trimethoprim 80 mg"),
        ("Aluminium Hydroxide and Magnesium Hydroxide", "Aluminium Hydroxide + Magnesium Hydroxide"),
        ("Paracetamol/Acetaminophen (325mg)", "Paracetamol 325 mg"),
        ("Bacillus clausii 2 billion spores/5ml", "Bacillus clausii 2 billion spores/5 ml"),
        ("Vitamin C (Ascorbic Acid) 500 mg", "Vitamin C (Ascorbic Acid) 500 mg"),
        ("Omega 3 + Vitamin B 12", "Omega 3 + Vitamin B 12"),
        ("Guaifenesin (NA), Bromhexine (NA)", "Guaifenesin + Bromhexine"),
        ("Interferon alfa 2b 3 MIU", "Interferon alfa 2b 3 MIU"),
        ("Peginterferon alfa 2b", "Peginterferon alfa 2b"),
        ("FUROSEMIDE 40MG", "Furosemide 40 mg"),
        ("Lignocaine 2% w/v & Adrenaline 5 mcg per ml", "Lidocaine 2% w/v + Epinephrine 5 mcg/ml"),
        ("", ""),
    ],
)
def test_price_lists_are_understood(text: str, read: str) -> None:
    found = parse_composition(text)
    assert (str(found), found.unread) == (read, ())


@pytest.mark.parametrize(
    ("text", "read", "unread"),
    [
        ("Xylomet (50 blobs)", "Xylomet", ("50 blobs",)),
        ("Telmisartan 40, Amlodipine 5mg", "Telmisartan + Amlodipine 5 mg", ("Telmisartan 40",)),
        ("(500mg)", "", ("(500mg)",)),
        ("Paracetamol (300mg), Paracetamol (700mg)", "Paracetamol 300 mg", ("Paracetamol (700mg)",)),
        ("Zinc 0 mg", "Zinc", ("0 mg",)),
        ("Xylomet 50 blobs", "Xylomet", ("50 blobs",)),
    ],
)
def test_what_is_not_understood_is_reported(text: str, read: str, unread: tuple[str, ...]) -> None:
    found = parse_composition(text)
    assert (str(found), found.unread) == (read, unread)


UNITS = ["mg", "mcg", "g", "ml", "IU", "units", "%", "% w/w", "% w/v", "mg/ml", "mg/5 ml", "mcg/dose", "IU/ml", "mEq"]
strengths = st.builds(
    Strength, st.decimals(Decimal("0.001"), Decimal(9_999_999), places=3).map(Decimal.normalize), st.sampled_from(UNITS)
)
names = (
    st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12), min_size=1, max_size=3)
    .map(" ".join)
    .filter(lambda name: not {"and", "with", "plus", "per"} & set(name.split()))
    .map(proper_name)
)
ingredients = st.lists(
    st.builds(Ingredient, names, strengths | st.none()), max_size=6, unique_by=lambda one: one.name.lower()
).map(tuple)


@given(ingredients)
def test_what_is_written_is_read_back(parts: tuple[Ingredient, ...]) -> None:
    assert parse_composition(compose(parts)) == Composition(parts)


@given(st.text(max_size=200))
def test_no_text_is_too_strange(text: str) -> None:
    found = parse_composition(text)
    assert parse_composition(str(found)).ingredients == found.ingredients or found.unread or not text.isascii()
    assert len({one.name.lower() for one in found.ingredients}) == len(found.ingredients)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0.5 g", "500 mg"),
        ("500 mcg", "0.5mg"),
        ("1% w/v", "10 mg/ml"),
        ("2% w/w", "20 mg/g"),
        ("30 mg/5 ml", "6 mg/ml"),
        ("60000 IU", "0.06 MIU"),
    ],
)
def test_equal_strengths_have_one_key(one: str, other: str) -> None:
    keys = {strength_key(found.amount, found.unit) for text in (one, other) if (found := parse_strength(text))}
    assert len(keys) == 1


@pytest.mark.parametrize(("one", "other"), [("500 mg", "500 mcg"), ("1%", "1% w/w"), ("5 mg", "5 mg/ml"), ("1 g", "1")])
def test_different_strengths_have_different_keys(one: str, other: str) -> None:
    first, second = parse_strength(one), parse_strength(other)
    assert first is not None
    assert second is None or strength_key(first.amount, first.unit) != strength_key(second.amount, second.unit)


salts = st.lists(
    st.tuples(st.integers(1, 9999), st.decimals(1, 999, places=2) | st.none(), st.sampled_from(["mg", "g", "% w/w"])),
    unique_by=lambda salt: salt[0],
    max_size=5,
)


@given(salts, st.randoms(use_true_random=False))
def test_the_order_of_salts_does_not_matter(rows: list[tuple[int, Decimal | None, str]], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert composition_key(shuffled) == composition_key(rows)


def test_the_key_begins_with_the_salts() -> None:
    assert composition_key([(40, Decimal(125), "mg"), (12, Decimal(500), "mg")]) == "12|40#500000 mcg|125000 mcg"
    assert composition_key([]) == ""
