"""Products for tests."""

from __future__ import annotations

from typing import Any

from apps.inventory.models import Manufacturer, Product


def product(name: str = "Tin Roof 500", **fields: Any) -> Product:
    """A product of the current organization."""
    made: Product = Product.objects.create(**({"name": name, "pack": "strip of 10 tablets"} | fields))
    return made


def manufacturer(name: str = "Lantern Remedies", **fields: Any) -> Manufacturer:
    """A manufacturer of the current organization."""
    made: Manufacturer = Manufacturer.objects.create(**({"name": name} | fields))
    return made
