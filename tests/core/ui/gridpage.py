"""What the tests of the document grid share: the scratch page served, products to pick from."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings

from apps.core.tenancy.context import tenant
from apps.inventory.models import Place, Product, ReorderLevel
from apps.organizations.models import Organization
from tests.inventory.factories import place, product


def serve_grid(settings: Any) -> None:
    """Serve the scratch page beside the product's own."""
    settings.ROOT_URLCONF = "tests.core.ui.gridscratch"
    templates: list[dict[str, Any]] = copy.deepcopy(django_settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "templates")
    settings.TEMPLATES = templates


def shelf(organization: Organization, names: list[str]) -> tuple[Place, list[Product]]:
    """A place, and products by these names."""
    with tenant(organization.pk):
        return place("A-04-2"), [product(name) for name in names]


def levels(organization: Organization) -> list[tuple[str, int, int | None]]:
    """The lines as they are kept: product, level, quantity."""
    with tenant(organization.pk):
        rows = ReorderLevel.objects.select_related("product").order_by("id")
        return [(row.product.name, row.level, row.quantity) for row in rows]
