"""What every answer says to the browser, whoever asked and whatever came of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest
from django.conf import settings
from django.test import Client

from apps.core.exchange.reading.limits import MAX_BYTES
from ineat import environment
from tests.access.matrix import ROUTES
from tests.access.walk import address_of
from tests.access.world import World, ask

pytestmark = pytest.mark.django_db

EXACT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.fixture
def world() -> World:
    return World()


def _faults(what: str, headers: Mapping[str, str]) -> Iterator[str]:
    for name, value in EXACT.items():
        if headers.get(name) != value:
            yield f"{what}: {name} is {headers.get(name)!r}"
    if "camera=(self)" not in headers.get("Permissions-Policy", "") or "microphone=()" not in headers.get(
        "Permissions-Policy", ""
    ):
        yield f"{what}: Permissions-Policy is {headers.get('Permissions-Policy')!r}"
    if not re.search(r"no-cache|no-store|max-age=0", headers.get("Cache-Control", "")):
        yield f"{what}: Cache-Control is {headers.get('Cache-Control')!r}"
    policy = headers.get("Content-Security-Policy", "")
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        if part not in policy:
            yield f"{what}: the content security policy lacks {part}"
    if re.search(r"unsafe-(inline|eval|hashes)|\bdata:|\bhttps?:|\*", policy):
        yield f"{what}: the content security policy is loose: {policy}"


def test_every_route_answers_with_them(world: World) -> None:
    found: list[str] = []
    for signed_in in (True, False):
        for route in ROUTES:
            person = world.equipped if route.equipped else world.owner
            client = world.client(person if signed_in else None)
            url = address_of(world, route, person=person)
            for method in ("GET", "POST"):
                found += _faults(f"{method} {route.name}", ask(client, method, url).headers)
    assert "\n".join(sorted(set(found))) == ""


def test_what_is_refused_or_not_there_does_too(world: World) -> None:
    client = world.client(world.owner)
    answers = {
        "404": client.get("/no/such/page/"),
        "404 in an organization": client.get(f"/o/{world.ours.slug}/no/such/page/"),
        "a stranger's": client.get(f"/o/{world.theirs.slug}/"),
        "403 without a token": world.client(world.owner, enforce_csrf_checks=True).post("/accounts/logout/"),
        "413": client.post("/accounts/login/", b"x", content_type="text/plain", CONTENT_LENGTH="999999999"),
        "another host's": client.get("/", headers={"host": "evil.example"}),
    }
    assert [answer.status_code for answer in answers.values()] == [404, 404, 404, 403, 413, 400]
    assert [fault for what, answer in answers.items() for fault in _faults(what, answer.headers)] == []


def test_static_files_are_not_sniffed_or_embedded(client: Client) -> None:
    answer = client.get("/static/app.css")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/css")
    assert {name: answer.headers[name] for name in EXACT} == EXACT
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_policy_that_were_loose_would_be_found() -> None:
    loose = {"Content-Security-Policy": "default-src 'none'; script-src 'unsafe-inline' *"}
    assert len(list(_faults("page", loose))) >= 8


@pytest.mark.parametrize("where", ["/accounts/login/", "/accounts/signup/", "/organizations/gstin/", "/healthz"])
def test_nobody_fills_the_disk_from_outside(client: Client, where: str) -> None:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    answer = client.post(where, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(most + 1))
    assert answer.status_code == 413
    assert b"larger than the 5 MB" in answer.content


def test_a_member_may_bring_the_largest_file_of_an_import_and_not_more(world: World) -> None:
    client = world.client(world.owner)
    address = f"/o/{world.ours.slug}/branches/new/"
    assert settings.UPLOAD_MAX_BYTES >= MAX_BYTES + 512 * 1024, "a form wraps something around the file"
    fits = client.post(address, b"", content_type="text/plain", CONTENT_LENGTH=str(settings.UPLOAD_MAX_BYTES))
    assert fits.status_code == 422
    over = client.post(address, b"", content_type="text/plain", CONTENT_LENGTH=str(settings.UPLOAD_MAX_BYTES + 1))
    assert over.status_code == 413
    stranger = world.client(world.stranger)
    assert stranger.post(address, b"", content_type="text/plain", CONTENT_LENGTH="99999999999").status_code == 404


def test_the_proxy_lets_through_what_is_taken_here() -> None:
    sample = (environment.BASE_DIR / "deploy" / "nginx.conf").read_text()
    (size,) = re.findall(r"client_max_body_size (\d+)m;", sample)
    assert int(size) * 1024**2 == settings.UPLOAD_MAX_BYTES


def test_a_form_with_countless_fields_is_refused(client: Client) -> None:
    fields = {f"field{number}": "x" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    assert client.post("/accounts/login/", fields).status_code == 400
