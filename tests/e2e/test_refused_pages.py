"""What refuses is a page too: forms with errors, 403 and 404, in light, dark and on a phone.

Forms join by their line in `tests/access/matrix.py`, where an empty POST is answered with 422.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Error, Page
from pytest_django.live_server_helper import LiveServer

from tests.access.matrix import ROUTES
from tests.access.route import Route
from tests.access.walk import address_of, in_organization
from tests.access.world import World
from tests.e2e.browser import axe, shape
from tests.e2e.conftest import OpenPage
from tests.e2e.test_every_page import LOOKS

# Forms of another kind.
NO_FIELDS = {
    "exchange:import_check": "its buttons act on rows",
    "inventory:scan": "its form comes with a code that nobody knows",
}
FORMS = [
    route
    for route in ROUTES
    if in_organization(route) and route.post == 422 and route.get == 200 and route.page and route.name not in NO_FIELDS
]

# Empties every field and sends the form past the browser's own checks, as a browser without them would.
_SEND_EMPTY = """
() => {
  const form = document.querySelector("main form[method=post]:not([hidden])");
  for (const field of form.elements) {
    if (field.matches("input:not([type=hidden], [type=checkbox], [type=radio], [type=submit]), select, textarea")) {
      field.value = "";
    }
  }
  form.noValidate = true;
  form.requestSubmit();
}
"""


@pytest.fixture
def world(live_server: LiveServer) -> World:
    return World()


@pytest.mark.parametrize("look", LOOKS)
def test_forms_with_errors(world: World, open_page: OpenPage, look: str) -> None:
    page = open_page(world.owner, **LOOKS[look])  # type: ignore[arg-type]
    faults = [f"{route.name}: {fault}" for route in FORMS for fault in _refused(page, world, route)]
    assert "\n".join(faults) == ""


def _refused(page: Page, world: World, route: Route) -> Iterator[str]:
    page.goto(address_of(world, route))
    try:
        page.evaluate(_SEND_EMPTY)
        page.wait_for_selector("main [aria-invalid=true], main [role=alert], #modal [role=dialog]", timeout=5_000)
    except Error as error:
        yield f"says nothing of an empty form: {error.message.splitlines()[0]}"
        return
    yield from shape(page)
    yield from axe(page)


@pytest.mark.parametrize("look", LOOKS)
def test_pages_that_are_not_there_or_not_allowed(world: World, open_page: OpenPage, look: str) -> None:
    ours, theirs = f"/o/{world.ours.slug}/", f"/o/{world.theirs.slug}/"
    visits = [
        (None, "/nothing-here/", 404),
        (world.owner, "/nothing-here/", 404),
        (world.owner, f"{ours}nothing-here/", 404),
        (world.owner, theirs, 404),
        (world.auditor(), f"{ours}branches/new/", 403),
        (world.deactivated(), ours, 403),
    ]
    faults: list[str] = []
    for user, url, status in visits:
        page = open_page(user, **LOOKS[look])  # type: ignore[arg-type]
        answer = page.goto(url)
        if answer is None or answer.status != status:
            faults.append(f"{url}: {status} expected, got {answer.status if answer else 'nothing'}")
        faults += [f"{url} {status}: {fault}" for fault in [*shape(page), *axe(page)]]
    assert "\n".join(faults) == ""


def test_there_are_forms_to_send() -> None:
    assert len(FORMS) > 5
