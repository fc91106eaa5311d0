"""Who may open which page of selling, and records for their addresses. The access matrix takes both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.organizations.models import Organization
from tests.access.route import Route
from tests.sales.bill_objects import BILL_OBJECTS, BILL_ROUTES
from tests.sales.return_objects import RETURN_OBJECTS, RETURN_ROUTES

ROUTES: list[Route] = [*BILL_ROUTES, *RETURN_ROUTES]

OBJECTS: dict[str, Callable[[Organization], dict[str, Any]]] = {**BILL_OBJECTS, **RETURN_OBJECTS}
