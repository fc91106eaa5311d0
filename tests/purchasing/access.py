"""Who may open which page of buying, and records for their addresses. The access matrix takes both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.organizations.models import Organization
from tests.access.route import Route
from tests.purchasing.order_objects import ORDER_OBJECTS, ORDER_ROUTES
from tests.purchasing.receipt_objects import RECEIPT_OBJECTS, RECEIPT_ROUTES

ROUTES: list[Route] = [*ORDER_ROUTES, *RECEIPT_ROUTES]

OBJECTS: dict[str, Callable[[Organization], dict[str, Any]]] = {**ORDER_OBJECTS, **RECEIPT_OBJECTS}
