"""The demo's products."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from apps.core.tenancy.context import tenant
from apps.inventory.demo.products import MAKERS, make_products
from apps.inventory.demo.substances import generics
from apps.inventory.models import Barcode, Manufacturer, Product, ProductPrice, ProductSalt
from apps.inventory.rules.gtin import is_gtin
from apps.inventory.rules.hsn import parse_hsn
from apps.inventory.rules.salts import proper_name
from apps.inventory.rules.strengths import parse_strength
from apps.organizations.demo import Demo
from tests import factories


def test_every_line_of_the_table_is_understood() -> None:
    known = list(generics())
    assert len({generic.names for generic in known}) > 200
    for generic in known:
        assert [str(parse_strength(text)) for text in generic.strengths] == list(generic.strengths)
        assert [proper_name(name) for name in generic.names] == list(generic.names)
        assert parse_hsn(generic.hsn) == generic.hsn
        assert generic.schedule in {"", "G", "H", "H1", "X"}


# Of the H1 list of 2013 and of Schedule X, what the table has.
@pytest.mark.parametrize(("name", "schedule"), [("Tramadol", "H1"), ("Ketamine", "X"), ("Metformin", "G")])
def test_schedules_are_those_of_the_law(name: str, schedule: str) -> None:
    assert {generic.schedule for generic in generics() if generic.names == (name,)} == {schedule}


@pytest.mark.django_db
def test_the_same_thousand_products_each_time() -> None:
    first, second = _made(), _made()
    assert first == second
    assert len(first) == 1000
    assert len({name for name, _pack, _composition, _mrp in first}) > 900


def _made() -> list[Any]:
    organization = factories.organization()
    with tenant(organization.pk):
        demo = Demo(organization, factories.owner_of(organization), seed=1, scale=1, today=dt.date(2026, 11, 20))
        assert make_products(demo) == "1000 products"
        assert make_products(demo) == ""
        assert Manufacturer.objects.count() == len(MAKERS)
        assert ProductSalt.objects.filter(product__schedule="H1").exists()
        assert not Product.objects.filter(composition="").exclude(form__in=["device", "dressing"]).exists()
        assert all(is_gtin(code) for code in Barcode.objects.values_list("code", flat=True)[:200])
        prices = dict(ProductPrice.objects.order_by("effective_from").values_list("product_id", "mrp"))
        rows = Product.objects.order_by("code").values_list("id", "name", "pack", "composition")
        return [(name, pack, composition, prices[key]) for key, name, pack, composition in rows]
