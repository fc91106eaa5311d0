"""What bills ask of the catalogue: products while typing, and others with the same salts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from apps.core.tenancy.context import tenant
from apps.inventory.models import Barcode, Product, ProductPrice
from apps.inventory.operations.products import Parts, add_product
from apps.inventory.queries.catalogue import products_for_picker, substitutes
from apps.inventory.rules.composition import parse_composition
from tests import factories
from tests.inventory.factories import product

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def inside() -> Iterator[None]:
    with tenant(factories.organization().pk):
        yield


def with_salts(name: str, composition: str, *, form: str = "tablet", active: bool = True) -> Product:
    made = Product(name=name, form=form, active=active)
    return add_product(product=made, parts=Parts(parse_composition(composition).ingredients))


def names(text: str) -> list[str]:
    return [found.name for found in products_for_picker(text)]


def test_the_beginning_of_the_name_comes_first() -> None:
    with_salts("Moxilamp", "Amoxicillin 500 mg")
    product("Lamp Amoxi")
    product("Amoxilamp 500", code="A-1")
    product("Amoxi Old", active=False)
    assert names("AMOXI") == ["Amoxilamp 500", "Lamp Amoxi", "Moxilamp"]
    assert names("a-1") == ["Amoxilamp 500"]
    assert names("mo") == ["Moxilamp"]
    assert names("") == names("%") == names("nothing") == []


def test_a_barcode_finds_its_product_alone() -> None:
    made = product("Azilamp")
    product("Lamp 4006381333931")
    Barcode.objects.create(product=made, code="04006381333931")
    assert names("4006381333931") == ["Azilamp"]
    with tenant(factories.organization().pk):
        assert names("4006381333931") == []


def test_substitutes_are_of_the_same_salts_equal_strength_first() -> None:
    own = with_salts("Own", "Amoxicillin 500 mg + Clavulanic acid 125 mg")
    with_salts("Alpha weaker", "Clavulanic acid 28.5 mg + Amoxicillin 200 mg")
    equal = with_salts("Equal", "Clavulanic acid 0.125 g, Amoxycillin 0.5 g")
    with_salts("Only one", "Amoxicillin 500 mg")
    with_salts("Gone", "Amoxicillin 500 mg + Clavulanic acid 125 mg", active=False)
    ProductPrice.objects.create(product=equal, effective_from=DAY, mrp=99)
    found = substitutes(own.pk, on=DAY)
    assert [(one.name, one.same_strength, one.mrp) for one in found] == [
        ("Equal", True, 99),
        ("Alpha weaker", False, None),
    ]
    assert substitutes(own.pk, on=DAY, in_stock=True) == []
    assert substitutes(product("No salts").pk, on=DAY) == []
