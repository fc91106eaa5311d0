"""Records of the catalogue for the addresses of the access matrix."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.inventory.models import ProductPhoto, ProductPrice, RateRevision, RateRevisionLine, ReorderLevel, Salt
from apps.organizations.models import Organization
from tests.inventory import factories

DAY = dt.date(2026, 11, 1)
_numbers = itertools.count(1)


def _product(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": factories.product(f"Azilamp {next(_numbers)}").pk}


def _discontinued(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": factories.product(f"Azilamp {next(_numbers)}", active=False).pk}


def _with_photo(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        made = factories.product(f"Azilamp {next(_numbers)}")
        ProductPhoto.objects.create(product=made, content=b"\xff\xd8", digest="0", width=1, height=1)
        return {"pk": made.pk}


def _priced(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"product": factories.product(f"Azilamp {next(_numbers)}").pk}


def _price(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        made = ProductPrice.objects.create(
            product=factories.product(f"Azilamp {next(_numbers)}"), effective_from=DAY, mrp=100
        )
        return {"pk": made.pk}


def _reorder_level(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        made = ReorderLevel.objects.create(
            product=factories.product(f"Azilamp {next(_numbers)}"), place=factories.place(), level=40
        )
        return {"pk": made.pk}


def _manufacturer(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": factories.manufacturer(f"Lantern Labs {next(_numbers)}").pk}


def _archived_manufacturer(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": factories.manufacturer(f"Lantern Labs {next(_numbers)}", active=False).pk}


def _salt(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": Salt.objects.create(name=f"Salt {next(_numbers)}").pk}


def _revision(organization: Organization, **fields: Any) -> dict[str, Any]:
    with tenant(organization.pk):
        made = RateRevision.objects.create(name="December", effective_from=DAY, lines_count=1, **fields)
        product = factories.product(f"Azilamp {next(_numbers)}")
        RateRevisionLine.objects.create(revision=made, product=product, old_mrp=100, new_mrp=110)
        if made.state == "applied":
            ProductPrice.objects.create(product=product, effective_from=DAY, mrp=110)
        return {"pk": made.pk}


def _applied_revision(organization: Organization) -> dict[str, Any]:
    return _revision(organization, state="applied", applied_at=timezone.now())


CATALOGUE: dict[str, Callable[[Organization], dict[str, Any]]] = {
    "product": _product,
    "discontinued_product": _discontinued,
    "product_with_photo": _with_photo,
    "priced_product": _priced,
    "price": _price,
    "reorder_level": _reorder_level,
    "manufacturer": _manufacturer,
    "archived_manufacturer": _archived_manufacturer,
    "salt": _salt,
    "revision": _revision,
    "applied_revision": _applied_revision,
}
