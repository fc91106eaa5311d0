"""Every page of the access matrix in a real browser, in light, dark and on a phone.

Pages join by their line in `tests/access/matrix.py`; nothing is to be done here.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Error, Page
from pytest_django.live_server_helper import LiveServer

from apps.accounts.models import User
from tests.access.matrix import ROUTES
from tests.access.route import PUBLIC, SIGNED_OUT, Route
from tests.access.walk import address_of, in_organization
from tests.access.world import World
from tests.e2e.browser import Watch, axe, shape
from tests.e2e.conftest import OpenPage

LOOKS = {
    "light": {"theme": "light"},
    "dark": {"theme": "dark"},
    "phone": {"theme": "light", "phone": True},
}
PAGES = [route for route in ROUTES if route.get == 200 and route.page]
_PART = 12


def _parts() -> list[list[Route]]:
    """Pages in handfuls, so that two processes share them."""
    return [PAGES[start : start + _PART] for start in range(0, len(PAGES), _PART)]


@pytest.fixture
def world(live_server: LiveServer) -> World:
    return World()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("routes", _parts(), ids=lambda routes: routes[0].name)
def test_pages(world: World, open_page: OpenPage, watch: Watch, look: str, routes: list[Route]) -> None:
    opened: dict[User | None, Page] = {}
    faults: list[str] = []
    for route in routes:
        user = _visitor(world, route)
        if user not in opened:
            opened[user] = open_page(user, **LOOKS[look])  # type: ignore[arg-type]
        faults += [f"{route.name}: {fault}" for fault in _faults(opened[user], world, route, watch)]
    assert "\n".join(faults) == ""


def _visitor(world: World, route: Route) -> User | None:
    if route.access in {PUBLIC, SIGNED_OUT}:
        return None
    return world.equipped if route.equipped else world.owner


def _faults(page: Page, world: World, route: Route, watch: Watch) -> Iterator[str]:
    seen = len(watch.problems)
    url = address_of(world, route)
    try:
        response = page.goto(url, wait_until="load")
    except Error as error:
        yield str(error)
        return
    status = response.status if response else 0
    if status != 200:
        yield f"answered {status} at {page.url}"
        return
    yield from shape(page)
    yield from axe(page)
    yield from watch.problems[seen:]
    watch.problems[seen:] = []


def test_there_are_pages_to_visit() -> None:
    assert [route for route in PAGES if in_organization(route)]
    assert [route for route in PAGES if not in_organization(route)]
