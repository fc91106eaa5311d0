"""Products for tests."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

from django.utils import timezone

from apps.inventory.models import Batch, Manufacturer, Move, Place, Product
from apps.organizations.models import Branch

_numbers = itertools.count(1)


def product(name: str = "Tin Roof 500", **fields: Any) -> Product:
    """A product of the current organization."""
    made: Product = Product.objects.create(**({"name": name, "pack": "strip of 10 tablets"} | fields))
    return made


def manufacturer(name: str = "Lantern Remedies", **fields: Any) -> Manufacturer:
    """A manufacturer of the current organization."""
    made: Manufacturer = Manufacturer.objects.create(**({"name": name} | fields))
    return made


def place(name: str = "", *, branch: Branch | None = None, **fields: Any) -> Place:
    """A godown of the organization's first branch, or another kind of place."""
    made: Place = Place.objects.create(
        branch=branch or Branch.objects.earliest("id"), name=name or f"Godown {next(_numbers)}", **fields
    )
    return made


def batch(product: Product, number: str = "", *, expiry: dt.date = dt.date(2028, 4, 30), **fields: Any) -> Batch:
    """A batch without stock, costing 4 and sold at 10."""
    given = {"mrp": Decimal(10), "cost": Decimal(4), "received_on": dt.date(2026, 11, 1), **fields}
    made: Batch = Batch.objects.create(product=product, number=number or f"B{next(_numbers)}", expiry=expiry, **given)
    return made


def move(batch: Batch, place: Place, quantity: int, **fields: Any) -> Move:
    """A move not yet saved: goods of the batch received in the place, under a document of its own."""
    given = {
        "kind": "receipt",
        "document_kind": "test",
        "document_id": next(_numbers),
        "cost": batch.cost,
        "moment": timezone.now(),
        "on_date": timezone.localdate(),
        **fields,
    }
    return Move(batch=batch, place=place, product=batch.product, quantity=quantity, **given)


def stocked(
    quantity: int,
    *,
    product: Product,
    place: Place,
    number: str = "",
    expiry: dt.date = dt.date(2028, 4, 30),
    moved: dict[str, Any] | None = None,
    **fields: Any,
) -> Batch:
    """A new batch of which so much lies in the place; `moved` says more of the move that brought it."""
    made = batch(product, number, expiry=expiry, **fields)
    Move.objects.bulk_create([move(made, place, quantity, **(moved or {}))])
    return made
