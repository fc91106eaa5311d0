"""Records of the catalogue for the addresses of the access matrix."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

from apps.core.tenancy.context import tenant
from apps.inventory.models import ProductPhoto, ProductPrice, Salt
from apps.organizations.models import Organization
from tests.inventory import factories

DAY = dt.date(2026, 11, 1)
_numbers = itertools.count(1)


def _product(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": factories.product(f"Tin Roof {next(_numbers)}").pk}


def _discontinued(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": factories.product(f"Tin Roof {next(_numbers)}", active=False).pk}


def _with_photo(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        made = factories.product(f"Tin Roof {next(_numbers)}")
        ProductPhoto.objects.create(product=made, content=b"\xff\xd8", digest="0", width=1, height=1)
        return {"pk": made.pk}


def _priced(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"product": factories.product(f"Tin Roof {next(_numbers)}").pk}


def _price(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        made = ProductPrice.objects.create(
            product=factories.product(f"Tin Roof {next(_numbers)}"), effective_from=DAY, mrp=100
        )
        return {"pk": made.pk}


def _manufacturer(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": factories.manufacturer(f"Lantern {next(_numbers)}").pk}


def _archived_manufacturer(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": factories.manufacturer(f"Lantern {next(_numbers)}", active=False).pk}


def _salt(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": Salt.objects.create(name=f"Salt {next(_numbers)}").pk}


CATALOGUE: dict[str, Callable[[Organization], dict[str, Any]]] = {
    "product": _product,
    "discontinued_product": _discontinued,
    "product_with_photo": _with_photo,
    "priced_product": _priced,
    "price": _price,
    "manufacturer": _manufacturer,
    "archived_manufacturer": _archived_manufacturer,
    "salt": _salt,
}
