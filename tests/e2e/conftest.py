"""A real browser on the real server, as the role that serves and under row-level security.

    def test_something(signed_in_page):
        page = signed_in_page("manager", phone=True)
        page.goto("branches/")              # relative to /o/<organization>/

Every test fails, without asking for it, on an error in the console, a breach of the content security policy, a missing
file, a request to another host, or a fault of the server.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from apps.accounts.models import User
from apps.organizations import rights
from apps.organizations.models import Organization
from tests import factories
from tests.e2e.browser import DESKTOP, PHONE, SHOTS, Watch
from tools.find_browser import installed


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever lies in this folder drives a browser; its data must be committed for the server to see it."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this process; each test has a context of its own."""
    # Playwright's sync API runs an event loop in this thread, and Django would refuse to query from it.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=installed(), args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        yield chromium
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class OpenPage(Protocol):
    """Opens a page for a person, or for nobody; its address is relative to `base`."""

    def __call__(
        self, user: User | None = None, *, base: str = "/", theme: str = "light", phone: bool = False, **options: Any
    ) -> Page: ...


@pytest.fixture
def watch(live_server: LiveServer) -> Watch:
    """What the browser noticed in this test. `watch.allow(r"503")` for what the test itself provokes."""
    return Watch(live_server.url)


@pytest.fixture
def open_page(
    browser: Browser, live_server: LiveServer, watch: Watch, request: pytest.FixtureRequest
) -> Iterator[OpenPage]:
    """Opens pages; when the test is over it checks what they noticed, and keeps a picture of them if it failed."""
    contexts: list[BrowserContext] = []

    def open_one(
        user: User | None = None, *, base: str = "/", theme: str = "light", phone: bool = False, **options: Any
    ) -> Page:
        touch = {"has_touch": True, "is_mobile": True} if phone else {}
        context = browser.new_context(
            base_url=f"{live_server.url}{base}",
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            locale="en-IN",
            timezone_id="Asia/Kolkata",
            reduced_motion="reduce",
            **{**touch, **options},
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        watch.attach(context)
        cookies = [("theme", theme)]
        if user is not None:
            cookies.append((settings.SESSION_COOKIE_NAME, session_of(user)))
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies])
        return context.new_page()

    yield open_one
    for context in contexts:
        for page in context.pages[-1:]:
            watch.settle(page)
    failed = getattr(request.node, "failed", False) or bool(watch.found())
    for number, context in enumerate(contexts):
        if failed and context.pages:
            name = "".join(letter if letter.isalnum() else "-" for letter in request.node.name)
            SHOTS.mkdir(exist_ok=True)
            context.pages[-1].screenshot(path=SHOTS / f"failed-{name}-{number}.png")
        context.close()
    assert watch.found() == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Tell `open_page` whether the test itself failed."""
    report = yield
    if report.when == "call":
        item.failed = report.failed  # type: ignore[attr-defined]
    return report


def session_of(user: User) -> str:
    """Key of a signed-in session, without going through the form."""
    client = Client()
    factories.sign_in(client, user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture(autouse=True)
def _own_data_folder(settings: Any, tmp_path: Path) -> None:
    """Files that people upload go with the test."""
    settings.DATA_DIR = tmp_path


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page of somebody who is not signed in."""
    return open_page()


@pytest.fixture
def organization(live_server: LiveServer) -> Organization:
    """The organization that `signed_in_page` enters."""
    return factories.organization("Banyan & Kite Distributors")


@pytest.fixture
def signed_in_page(open_page: OpenPage, organization: Organization) -> Callable[..., Page]:
    """Opens a page as a member with a built-in role; addresses are relative to the organization's."""

    def open_as(role: str = rights.OWNER, **look: Any) -> Page:
        member = factories.owner_of(organization) if role == rights.OWNER else factories.member(organization, role)
        return open_page(member.user, base=f"/o/{organization.slug}/", **look)

    return open_as
