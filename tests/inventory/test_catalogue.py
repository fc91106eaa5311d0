"""What the database itself refuses of products and what belongs to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.core.tenancy.context import tenant
from apps.inventory.models import (
    Barcode,
    PackUnit,
    Product,
    ProductPhoto,
    ProductPrice,
    ProductSalt,
    RateRevision,
    RateRevisionLine,
    ReorderLevel,
    Salt,
)
from tests import factories
from tests.inventory.factories import manufacturer, place, product

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def inside() -> Iterator[None]:
    with tenant(factories.organization().pk):
        yield


def test_a_product_is_one_by_name_and_pack() -> None:
    product("Azilamp", pack="strip of 5 tablets", code="")
    product("Azilamp", pack="strip of 10 tablets", code="")
    with pytest.raises(IntegrityError, match="inventory_product_name_unique"):
        product("AZILAMP", pack="Strip of 5 tablets")


def _salt(**fields: Any) -> None:
    ProductSalt.objects.create(product=Product.objects.get(), salt=Salt.objects.create(name="Azithromycin"), **fields)


def _photo() -> ProductPhoto:
    made: ProductPhoto = ProductPhoto.objects.create(
        product=Product.objects.get(), content=b"x", digest="x", width=1, height=1
    )
    return made


def _revision_line(**fields: Any) -> None:
    revision = RateRevision.objects.create(name="December", effective_from=DAY)
    RateRevisionLine.objects.create(revision=revision, product=Product.objects.get(), **fields)


REFUSED: list[tuple[str, Callable[[], Any]]] = [
    ("inventory_product_hsn", lambda: product("Other", hsn="30A4")),
    ("inventory_product_hsn", lambda: product("Other", hsn="30049")),
    ("inventory_product_code_unique", lambda: product("Other", code="t-1")),
    ("inventory_product_reorder_quantity", lambda: product("Other", reorder_quantity=0)),
    ("inventory_manufacturer_margins", lambda: manufacturer(retailer_margin=101)),
    ("inventory_productsalt_strength", lambda: _salt(strength_amount=0, strength_unit="mg")),
    (
        "inventory_packunit_quantity",
        lambda: PackUnit.objects.create(product=Product.objects.get(), name="box", quantity=1),
    ),
    (
        "inventory_productprice_mrp",
        lambda: ProductPrice.objects.create(product=Product.objects.get(), effective_from=DAY, mrp=0),
    ),
    ("inventory_productphoto_unique", lambda: [_photo(), _photo()]),
    (
        "inventory_reorderlevel_quantity",
        lambda: ReorderLevel.objects.create(product=Product.objects.get(), place=place(), level=5, quantity=0),
    ),
    ("inventory_revisionline_mrp", lambda: _revision_line(new_mrp=0)),
    (
        "inventory_barcode_code_unique",
        lambda: Barcode.objects.bulk_create(
            Barcode(product=Product.objects.get(), code="08901234567894") for _time in range(2)
        ),
    ),
]


@pytest.mark.parametrize(("constraint", "act"), REFUSED)
def test_the_database_refuses(constraint: str, act: Callable[[], Any]) -> None:
    product(code="T-1")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act()
