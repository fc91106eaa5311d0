"""Finding products by what people type."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from apps.core.tenancy.context import tenant
from apps.inventory.models import Product
from tests import factories
from tests.inventory.factories import product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def inside() -> Iterator[None]:
    with tenant(factories.organization().pk):
        yield


def names(text: str) -> set[str]:
    return set(Product.objects.all().matching(text).values_list("name", flat=True))


def test_search_by_any_part_of_name_salt_code() -> None:
    product("Azilamp 500", composition="Azithromycin 500 mg", code="AZ-77")
    product("Clocktower Gel")
    assert names("lamp") == {"Azilamp 500"}
    assert names("THROMYCIN") == {"Azilamp 500"}
    assert names("az-77") == {"Azilamp 500"}
    assert names("nothing") == set()


def test_one_or_two_letters_begin_the_name() -> None:
    product("Azilamp 500")
    product("Lazy Eye Drops")
    assert names("az") == {"Azilamp 500"}


def test_search_sees_one_organization_only() -> None:
    product("Azilamp 500")
    with tenant(factories.organization().pk):
        assert names("azilamp") == set()
