"""How a line of the matrix becomes an address that can be asked for."""

from __future__ import annotations

from django.urls import reverse

from apps.accounts.models import User
from tests.access.route import MEMBER, Route
from tests.access.world import World


def in_organization(route: Route) -> bool:
    """Whether the route lies below `/o/<organization>/`."""
    return route.right is not None or route.access == MEMBER


def address_of(world: World, route: Route, *, foreign: bool = False, person: User | None = None) -> str:
    """The route's address, naming a record of ours, of the other organization (`foreign`), or of that person."""
    arguments = world.arguments(route, foreign=foreign, person=person)
    if in_organization(route):
        arguments = arguments | {"organization": world.ours.slug}
    return reverse(route.name, kwargs=arguments) if not route.name.endswith("/") else f"/{route.name}"
