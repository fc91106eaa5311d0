"""Every address of the resolver, walked by everybody, against the one declared matrix."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse

from apps.core.tenancy.context import current_organization_id, tenant
from apps.organizations import rights
from apps.organizations.models import Branch
from ineat import urls
from tests import factories
from tests.access.matrix import ROUTES
from tests.access.objects import OBJECTS, OWN_OBJECTS
from tests.access.route import MEMBER, PUBLIC, SIGNED_IN, SIGNED_OUT, Route
from tests.access.routes import TENANT_PREFIX, addresses
from tests.access.walk import address_of, in_organization
from tests.access.world import OWN_BUSINESS, Answer, World, ask, table_names
from tests.architecture.source import python_files, text

pytestmark = pytest.mark.django_db

BY_NAME = {route.name: route for route in ROUTES}
NO_SUCH_KEY = 9_007_199_254_740_991


@pytest.fixture
def world() -> World:
    return World()


# ---- the table and the resolver say the same ----


def _undeclared(names: set[str], urlconf: str | None = None) -> set[str]:
    return {address.name for address in addresses(urlconf)} - names


def test_every_address_is_declared() -> None:
    missing = _undeclared(set(BY_NAME))
    assert not missing, f"Add a line for each to tests/access/matrix.py: {sorted(missing)}"


def test_nothing_is_declared_that_is_gone() -> None:
    gone = set(BY_NAME) - {address.name for address in addresses()}
    assert not gone, f"No such addresses, remove their lines: {sorted(gone)}"
    assert not {route.name: count for route, count in Counter(ROUTES).items() if count > 1}
    assert not OWN_BUSINESS.keys() - table_names()
    used = {route.object for route in ROUTES}
    assert not (OBJECTS.keys() | OWN_OBJECTS.keys()) - used
    assert not used - OBJECTS.keys() - OWN_OBJECTS.keys() - {""}


def test_addresses_of_an_organization_are_for_members() -> None:
    """And no others are: outside there is no organization whose right could be asked for."""
    inside = {address.name for address in addresses() if address.in_organization}
    assert {name for name in inside if BY_NAME[name].access in {PUBLIC, SIGNED_OUT, SIGNED_IN}} == set()
    assert {route.name for route in ROUTES if route.right or route.access == MEMBER} <= inside


def test_every_key_in_an_address_is_tried_with_a_foreign_one() -> None:
    """An address with an argument names a record, so the matrix must say which kind."""
    bare = {
        address.name
        for address in addresses()
        if re.search(r"<|\(\?P", address.pattern.removeprefix(TENANT_PREFIX)) and not BY_NAME[address.name].object
    }
    assert not bare, f"Say object=… for: {sorted(bare)}"


def test_rights_of_the_matrix_are_declared_and_each_guards_something() -> None:
    declared = {right.name for right in rights.declared()}
    used = {route.right for route in ROUTES if route.right}
    assert used - declared == set()
    # Some guard a part of a page and no page of their own, so the code must ask for them.
    asked = "".join(text(path) for path in python_files("apps") if path.stem != "rights")
    idle = {name for name in declared - used if f'"{name}"' not in asked}
    assert idle == set(), "A right that opens nothing promises something in the role's form"


# ---- the walk ----

# Pages that write although they are only looked at.
WRITES_ON_GET = {
    "mfa_view_recovery_codes": "allauth notes that the codes have been seen",
    "mfa_download_recovery_codes": "allauth notes that the codes have been seen",
}

Expect = Callable[[Route, str], int | tuple[int, ...]]
METHODS = ("GET", "POST")


def _in_organization() -> list[Route]:
    return [route for route in ROUTES if in_organization(route)]


def _outside() -> list[Route]:
    return [route for route in ROUTES if not in_organization(route)]


def _allowed(route: Route, method: str) -> int:
    return route.get if method == "GET" else route.post


def _walk(world: World, client: Client, routes: list[Route], expect: Expect, **options: Any) -> Iterator[str]:
    """Asks for every route and yields what was not as the matrix says."""
    for route in routes:
        url = address_of(world, route, **options)
        for method in METHODS:
            yield from _deviations(ask(client, method, url), expect(route, method), f"{method} {route.name}")


def _deviations(answer: Answer, wanted: int | tuple[int, ...], what: str) -> Iterator[str]:
    method, _, name = what.partition(" ")
    if answer.status not in (wanted if isinstance(wanted, tuple) else (wanted,)):
        yield f"{what}: {wanted} expected, got {answer}"
    refused = answer.status >= 400 or _to_sign_in(answer)
    if answer.written and (refused or method == "GET") and name not in WRITES_ON_GET:
        yield f"{what}: answered {answer} and wrote {sorted(answer.written)}"


def _to_sign_in(answer: Answer) -> bool:
    return answer.status == 302 and answer.location.startswith(reverse("account_login"))


def test_signed_out(world: World) -> None:
    """Everything inside leads to the sign-in page and back to where one was going."""
    client = world.client(None)
    assert "\n".join(_walk(world, client, _in_organization(), lambda route, method: 302)) == ""
    astray = []
    for route in _in_organization():
        url = address_of(world, route)
        answer = ask(client, "GET", url)
        if not _to_sign_in(answer) or url not in answer.location:
            astray.append(f"{route.name}: {answer}")
        for method in METHODS:
            answer = ask(client, method, url, **{"HX-Request": "true", "HX-Current-URL": url})
            if answer.status != 401 or not answer.headers.get("HX-Redirect", "").startswith(reverse("account_login")):
                astray.append(f"htmx {method} {route.name}: {answer}")
    assert astray == []


def test_signed_out_outside_organizations(world: World) -> None:
    client = world.client(None)

    def expect(route: Route, method: str) -> int | tuple[int, ...]:
        if route.access == SIGNED_IN:
            # 405 tells nothing: that an address only shows is the same for everybody.
            return (302, 405) if method == "POST" and route.post == 405 else 302
        if route.signed_out:
            return route.signed_out[METHODS.index(method)]
        return _allowed(route, method)

    assert "\n".join(_walk(world, client, _outside(), expect)) == ""
    open_doors = [
        route.name
        for route in _outside()
        if route.access == SIGNED_IN and not _to_sign_in(ask(client, "GET", address_of(world, route)))
    ]
    assert open_doors == []


def test_signed_in_outside_organizations(world: World) -> None:

    def expect(route: Route, method: str) -> int | tuple[int, ...]:
        if route.access == SIGNED_OUT:
            return (302, 405)
        return _allowed(route, method)

    for equipped, user in ((False, world.owner), (True, world.equipped)):
        routes = [route for route in _outside() if route.equipped == equipped]
        assert "\n".join(_walk(world, world.client(user), routes, expect, person=user)) == ""


def test_things_of_another_person(world: World) -> None:
    """Sessions, passkeys and the like of somebody else are not there."""
    client = world.client(world.owner)
    factories.equip(world.stranger)
    routes = [route for route in _outside() if route.object in OWN_OBJECTS]
    assert routes
    assert "\n".join(_walk(world, client, routes, lambda route, method: (404, 405), person=world.stranger)) == ""


def test_stranger(world: World) -> None:
    """Owner of one organization, nobody in the other: as if there were none."""
    client = world.client(world.stranger)
    assert "\n".join(_walk(world, client, _in_organization(), lambda route, method: 404)) == ""


def test_no_such_organization(world: World) -> None:
    """A stranger cannot tell an organization that exists from one that does not."""
    client = world.client(world.stranger)
    astray = []
    for route in _in_organization():
        url = address_of(world, route)
        theirs, nobodys = (
            client.get(address)
            for address in (url, url.replace(f"/o/{world.ours.slug}/", "/o/no-such-organization/", 1))
        )
        if theirs.status_code != 404 or nobodys.status_code != 404 or _body(theirs) != _body(nobodys):
            astray.append(route.name)
    assert astray == []


def _body(response: Any) -> bytes:
    """The page without what differs between any two answers: tokens, nonces, its number and address."""
    text = re.sub(rb"[A-Za-z0-9]{64}", b"token", response.content)
    text = re.sub(rb'nonce="[^"]*"', b"nonce", text)
    text = text.replace(str(response.headers["X-Request-ID"]).encode(), b"number")
    return re.sub(rb"/o/[-\w]+/", b"/o/x/", text)


@pytest.mark.parametrize("gone", ["deactivated", "ended"])
def test_member_no_more(world: World, gone: str) -> None:
    """The page that a deactivated member still has open answers 403, whatever their role was."""
    client = world.client(getattr(world, gone)())
    assert "\n".join(_walk(world, client, _in_organization(), lambda route, method: 403)) == ""


def test_read_only_member(world: World) -> None:
    """The auditor sees what a right ending in `.view` opens, and nothing else."""
    client = world.client(world.auditor())

    def expect(route: Route, method: str) -> int | tuple[int, ...]:
        may = route.right is None or route.right.endswith(".view")
        return _allowed(route, method) if may else 403

    assert "\n".join(_walk(world, client, _in_organization(), expect)) == ""


def test_member_with_every_right_but_the_one(world: World) -> None:
    """Refused with 403, whatever else they may do."""
    found: list[str] = []
    for right in sorted({route.right for route in ROUTES if route.right}):
        routes = [route for route in ROUTES if route.right == right]
        found += _walk(world, world.client(world.member_without(right)), routes, lambda route, method: 403)
    assert "\n".join(found) == ""


def test_member_with_only_the_right(world: World) -> None:
    """The right alone is enough: no page asks for another one on the quiet."""
    found: list[str] = []
    for right in sorted({route.right for route in ROUTES if route.right}):
        routes = [route for route in ROUTES if route.right == right]
        found += _walk(world, world.client(world.member_with(frozenset({right}))), routes, _allowed)
    nobody = world.client(world.member_with(frozenset()))
    found += _walk(world, nobody, [route for route in ROUTES if route.access == MEMBER], _allowed)
    assert "\n".join(found) == ""


def test_owner(world: World) -> None:
    assert "\n".join(_walk(world, world.client(world.owner), _in_organization(), _allowed)) == ""


def test_owner_by_htmx(world: World) -> None:
    """Every page answers htmx as well: a part of itself, or the way on in a header instead of a redirect."""
    client = world.client(world.owner)
    found: list[str] = []
    for route in _in_organization():
        url = address_of(world, route)
        for method in METHODS:
            answer = ask(client, method, url, **{"HX-Request": "true", "HX-Current-URL": url})
            wanted: int | tuple[int, ...] = _allowed(route, method)
            if wanted == 302:
                led_on = answer.headers.get("HX-Redirect") or answer.headers.get("HX-Location")
                # What is no page by itself may be a part that only htmx gets.
                wanted = 200 if led_on or not route.page else (204, 302)
            found += _deviations(answer, wanted, f"{method} {route.name}")
    assert "\n".join(found) == ""


def test_other_methods_are_not_there(world: World) -> None:
    client = world.client(world.owner)
    answers = [
        (f"{method} {route.name}", ask(client, method, address_of(world, route)))
        for route in _in_organization()
        for method in ("PUT", "PATCH", "DELETE")
    ]
    assert [f"{what}: {answer}" for what, answer in answers if answer.status != 405 or answer.written] == []


def _objects() -> list[Route]:
    return [route for route in _in_organization() if route.object in OBJECTS]


def test_records_of_another_organization(world: World) -> None:
    """The owner, who may do everything, cannot reach the other organization's record through an address of theirs."""
    client = world.client(world.owner)
    assert "\n".join(_walk(world, client, _objects(), lambda route, method: 404, foreign=True)) == ""


def test_records_that_are_not_there(world: World) -> None:
    client = world.client(world.owner)
    found: list[str] = []
    for route in _objects():
        arguments = dict.fromkeys(world.arguments(route), NO_SUCH_KEY)
        url = reverse(route.name, kwargs=arguments | {"organization": world.ours.slug})
        for method in METHODS:
            found += _deviations(ask(client, method, url), 404, f"{method} {route.name}")
    assert "\n".join(found) == ""


def test_a_form_from_elsewhere_is_refused(world: World) -> None:
    """POST without a CSRF token: 403 wherever a POST would do something."""
    found: list[str] = []
    for route in ROUTES:
        if route.post == 405 or route.access == SIGNED_OUT:
            continue
        user = world.equipped if route.equipped else world.owner
        client = world.client(user, enforce_csrf_checks=True)
        wanted = 403 if route.csrf else route.post
        answer = ask(client, "POST", address_of(world, route, person=user))
        found += _deviations(answer, wanted, f"POST {route.name}")
    assert "\n".join(found) == ""


# ---- controls: pages as somebody would write them by mistake, and the walk that finds them ----


def forgets_the_right(request: HttpRequest, organization: str) -> HttpResponse:
    return HttpResponse("everybody may")


def finds_any_branch(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    return HttpResponse("whosever it is")


def asks_another_right_too(request: HttpRequest, organization: str) -> HttpResponse:
    member = request.member  # type: ignore[attr-defined]
    may = member.may("organizations.branch.view") and member.may("organizations.series.view")
    return HttpResponse(status=HTTPStatus.OK if may else HTTPStatus.FORBIDDEN)


def writes_on_get(request: HttpRequest, organization: str) -> HttpResponse:
    Branch.objects.update(phone="1")
    return HttpResponse("changed")


def writes_before_it_refuses(request: HttpRequest, organization: str) -> HttpResponse:
    with tenant(current_organization_id()):
        Branch.objects.update(phone="1")
    raise Http404


@login_required
def known(request: HttpRequest) -> HttpResponse:
    return HttpResponse("known")


urlpatterns = [
    *urls.urlpatterns,
    path("known/", known, name="known"),
    path(f"{TENANT_PREFIX}a/", forgets_the_right, name="forgets_the_right"),
    path(f"{TENANT_PREFIX}b/<int:pk>/", finds_any_branch, name="finds_any_branch"),
    path(f"{TENANT_PREFIX}c/", asks_another_right_too, name="asks_another_right_too"),
    path(f"{TENANT_PREFIX}d/", writes_on_get, name="writes_on_get"),
    path(f"{TENANT_PREFIX}e/", writes_before_it_refuses, name="writes_before_it_refuses"),
]


def test_an_address_that_nobody_declared_is_found() -> None:
    assert _undeclared(set(BY_NAME), __name__) >= {"known", "forgets_the_right", "finds_any_branch"}


@pytest.mark.urls(__name__)
def test_the_walk_finds_what_is_wrong(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    view = "organizations.branch.view"
    made = [
        Route("forgets_the_right", view),
        Route("finds_any_branch", view, object="branch", post=200),
        Route("asks_another_right_too", view, post=200),
        Route("writes_on_get", view, post=200),
        Route("writes_before_it_refuses", view, get=404, post=404),
    ]
    monkeypatch.setattr(f"{__name__}.ROUTES", made)
    owner = world.client(world.owner)

    def found(client: Client, routes: list[Route], expect: Expect, **options: Any) -> list[str]:
        return list(_walk(world, client, routes, expect, **options))

    without, only = world.client(world.member_without(view)), world.client(world.member_with(frozenset({view})))
    assert len(found(without, made[:1], lambda route, method: 403)) == 2
    assert len(found(owner, made[1:2], lambda route, method: 404, foreign=True)) == 2
    assert len(found(only, made[2:3], _allowed)) == 2
    assert found(owner, made[2:3], _allowed) == []
    (written,) = found(owner, made[3:4], _allowed)
    assert "wrote ['organizations_branch'" in written
    assert len(found(owner, made[4:5], _allowed)) == 2
