"""Nobody is led to another site by a link to ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization
from tests import factories
from tests.access.world import World

pytestmark = pytest.mark.django_db

PASSWORD = "a counter in Pune, 1987"

# Ways to write another site's address that checks have overlooked before.
ELSEWHERE = [
    "https://evil.example/",
    "http://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https:evil.example",
    "https:///evil.example/",
    "http://testserver@evil.example/",
    "http://evil.example#testserver",
    "http://testserver.evil.example/",
    "javascript:alert(1)",
    "data:text/html,words",
    " https://evil.example/",
    "\thttps://evil.example/",
    "/\t/evil.example/",
    "http:\\\\evil.example/",
    "ftp://testserver/",
]


def _leaves(address: str) -> bool:
    """Whether a browser that is sent there leaves the site: it ignores tabs and takes a backslash for a slash."""
    clean = address.strip().replace("\t", "").replace("\n", "").replace("\r", "").replace("\\", "/")
    parts = urlsplit(clean)
    return (
        clean.startswith("//")
        or parts.netloc not in {"", "testserver"}
        or (bool(parts.scheme) and (parts.scheme not in {"http", "https"} or not parts.netloc))
    )


def _targets(response: HttpResponse) -> Iterator[str]:
    """Everywhere an answer leads, and what it hands on as the place to go to later."""
    for name in ("Location", "HX-Redirect", "HX-Location"):
        if target := response.headers.get(name):
            yield target
            yield from (value for values in parse_qs(urlsplit(target).query).values() for value in values)


def _astray(client: Client, ask: Callable[[Client, str], Any]) -> list[str]:
    """The addresses with which the answer leads elsewhere."""
    return [
        f"{elsewhere!r} → {target!r}"
        for elsewhere in ELSEWHERE
        for target in _targets(ask(client, elsewhere))
        if _leaves(target)
    ]


def test_the_judge_knows_every_way() -> None:
    assert [address for address in ELSEWHERE if not _leaves(address)] == []
    ours = ("/o/x/?a=1", "?next=2", "http://testserver/o/", "branches/")
    assert [address for address in ours if _leaves(address)] == []


def _sign_in(client: Client, elsewhere: str) -> Any:
    client.logout()
    return client.post(reverse("account_login"), {"login": "olga@example.com", "password": PASSWORD, "next": elsewhere})


def _sign_in_by_query(client: Client, elsewhere: str) -> Any:
    client.logout()
    data = {"login": "olga@example.com", "password": PASSWORD}
    return client.post(reverse("account_login", query={"next": elsewhere}), data)


@pytest.mark.parametrize("ask", [_sign_in, _sign_in_by_query])
def test_signing_in_leads_to_our_own_pages(client: Client, ask: Callable[[Client, str], Any]) -> None:
    factories.organization(owner=factories.person("Olga", email="olga@example.com", password=PASSWORD))
    assert ask(client, "/accounts/sessions/").headers["Location"] == "/accounts/sessions/"
    assert _astray(client, ask) == []


OUTSIDE: dict[str, Callable[[Client, str], Any]] = {
    "sign-in page, already in": lambda client, there: client.get(reverse("account_login"), {"next": there}),
    "sign-up page, already in": lambda client, there: client.get(reverse("account_signup"), {"next": there}),
    "second factor wanted": lambda client, there: (
        client.get(reverse("mfa_index"), {"required": "1", "next": there}),
        client.get(reverse("account_continue")),
    )[1],
    "preferences": lambda client, there: client.post(reverse("ui:preferences"), {"theme": "dark", "next": there}),
    "say who you are": lambda client, there: client.post(
        reverse("account_reauthenticate"), {"password": PASSWORD, "next": there}
    ),
    "device signed out": lambda client, there: client.post(reverse("usersessions_list"), {"next": there}),
    "password changed": lambda client, there: client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": PASSWORD, "next": there},
    ),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_pages_about_oneself_lead_nowhere_else(client: Client, name: str) -> None:
    olga = factories.person("Olga", email="olga@example.com", password=PASSWORD)
    factories.organization(owner=olga)
    factories.sign_in(client, olga)
    assert _astray(client, OUTSIDE[name]) == []


def test_signing_out_leads_nowhere_else(client: Client) -> None:
    olga = factories.person("Olga", email="olga@example.com", password=PASSWORD)

    def sign_out(client: Client, elsewhere: str) -> Any:
        factories.sign_in(client, olga)
        return client.post(reverse("account_logout"), {"next": elsewhere})

    assert _astray(client, sign_out) == []


def _address(organization: Organization) -> str:
    return reverse("organizations:branch_list", kwargs={"organization": organization.slug})


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_fragment_asked_for_after_the_session_ended_leads_back_to_its_page_only(client: Client, method: str) -> None:
    """The browser names its page in a header; what comes after signing in must be one of ours."""
    address = _address(factories.organization())

    def ask(client: Client, elsewhere: str) -> Any:
        return getattr(client, method)(address, headers={"HX-Request": "true", "HX-Current-URL": elsewhere})

    assert _astray(client, ask) == []
    ours = ask(client, f"http://testserver{address}?q=a%26b&page=2#part")
    assert ours.status_code == 401
    (after,) = parse_qs(urlsplit(ours.headers["HX-Redirect"]).query)["next"]
    assert after == f"{address}?q=a%26b&page=2"


def test_a_member_sent_to_set_up_a_second_factor_comes_back_to_us(client: Client) -> None:
    organization = factories.organization()
    with tenant(organization.pk):
        organization.require_second_factor = True
        organization.save(update_fields=["require_second_factor"])
    factories.sign_in(client, factories.owner_of(organization).user)
    address = _address(organization)

    def by_header(client: Client, elsewhere: str) -> Any:
        client.get(
            client.get(address, headers={"HX-Request": "true", "HX-Current-URL": elsewhere}).headers["HX-Redirect"]
        )
        return client.get(reverse("account_continue"))

    def by_referer(client: Client, elsewhere: str) -> Any:
        client.get(client.post(address, headers={"Referer": elsewhere}).headers["Location"])
        return client.get(reverse("account_continue"))

    assert by_header(client, f"http://testserver{address}").headers["Location"] == address
    assert _astray(client, by_header) == []
    assert _astray(client, by_referer) == []


def test_an_action_undone_leads_back_to_our_own_pages() -> None:
    world = World()
    client = world.client(world.owner)
    with tenant(world.ours.pk):
        organization = {"organization": world.ours.slug}
    made = client.post(
        reverse("organizations:branch_create", kwargs=organization),
        {"name": "Nashik", "code": "NSK", "state_code": "27", "address": "4 College Road", "city": "Nashik",
         "pin_code": "422005"},
    )  # fmt: skip
    assert made.status_code == 302, made.content.decode()
    page = urlsplit(made.headers["Location"]).path

    def archive(client: Client, elsewhere: str) -> Any:
        client.post(f"{page}restore/", {"next": elsewhere})
        return client.post(f"{page}archive/", {"next": elsewhere})

    assert archive(client, "/accounts/").headers["Location"] == "/accounts/"
    assert _astray(client, archive) == []
