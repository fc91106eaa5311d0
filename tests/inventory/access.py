"""Who may open which page of inventory, and records for their addresses. The access matrix takes both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.organizations.models import Organization
from tests.access.route import Route

ROUTES: list[Route] = []

OBJECTS: dict[str, Callable[[Organization], dict[str, Any]]] = {}
