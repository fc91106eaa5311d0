"""A page of another site cannot act in somebody's name."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests import factories
from tests.access.matrix import ROUTES
from tests.access.route import PUBLIC, SIGNED_OUT
from tests.access.routes import addresses
from tests.access.walk import address_of
from tests.access.world import World, ask

pytestmark = pytest.mark.django_db

# Views for machines that bring another proof, with the proof.
EXEMPT: dict[str, str] = {}


def test_no_view_is_exempt() -> None:
    exempt = {address.name for address in addresses() if getattr(address.view, "csrf_exempt", False)}
    assert exempt == EXEMPT.keys()


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_every_route_refuses_what_has_no_token(world: World, method: str) -> None:
    """Those that only show, too: whatever they do one day is covered."""
    outside, owner, equipped = (
        world.client(user, enforce_csrf_checks=True) for user in (None, world.owner, world.equipped)
    )
    let_in: list[str] = []
    for route in ROUTES:
        client = outside if route.access in {PUBLIC, SIGNED_OUT} else equipped if route.equipped else owner
        answer = ask(client, method, address_of(world, route, person=world.equipped))
        if answer.status != 403 or answer.written:
            let_in.append(f"{method} {route.name}: {answer} {sorted(answer.written)}")
    assert let_in == []


def test_a_token_is_taken_from_our_own_pages_only() -> None:
    client = Client(enforce_csrf_checks=True)
    factories.person("Olga", email="olga@example.com", password="a counter in Pune, 1987")
    page = client.get("/accounts/login/").content.decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
    data = {"login": "olga@example.com", "password": "a counter in Pune, 1987", "csrfmiddlewaretoken": token}

    elsewhere = Client(enforce_csrf_checks=True)
    elsewhere.get("/accounts/login/")
    assert elsewhere.post("/accounts/login/", data).status_code == 403, "another browser's token"
    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        assert client.post("/accounts/login/", data, headers={"Origin": origin}).status_code == 403, origin
    secure = client.post("/accounts/login/", data, headers={"Referer": "https://evil.example/"}, secure=True)
    assert secure.status_code == 403, "over TLS the page it came from counts"
    assert client.post("/accounts/login/", data, headers={"Origin": "http://testserver"}).status_code == 302


def test_a_refusal_says_what_to_do(world: World) -> None:
    answer = world.client(world.owner, enforce_csrf_checks=True).post("/accounts/logout/")
    assert answer.status_code == 403
    assert "DEBUG" not in answer.content.decode()
