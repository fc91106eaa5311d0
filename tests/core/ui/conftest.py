"""An organization with branches, and somebody signed in to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core.tenancy.context import tenant
from apps.core.ui import registry
from apps.organizations.models import Branch, Organization
from tests.organizations.factories import add_member, make_organization, make_user

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@dataclass
class House:
    """An organization, its owner's browser, and ways to others."""

    organization: Organization
    owner: User
    client: Client

    @property
    def root(self) -> str:
        return f"/o/{self.organization.slug}/"

    def url(self, path: str) -> str:
        return self.root + path

    def get(self, path: str = "", *, client: Client | None = None, htmx: bool = False, **params: Any) -> Any:
        return (client or self.client).get(self.url(path), params, headers=HTMX if htmx else None)

    def post(self, path: str, data: Any = None, *, client: Client | None = None, htmx: bool = False) -> Any:
        return (client or self.client).post(self.url(path), data or {}, headers=HTMX if htmx else None)

    def as_role(self, key: str) -> Client:
        """The browser of another member."""
        return browser_of(add_member(self.organization, key).user)

    def branch(self, name: str = "Pune") -> Branch:
        with tenant(self.organization.pk):
            found: Branch = Branch.objects.get(name=name)
            return found

    def add_branches(self, *names: str, **given: Any) -> list[Branch]:
        with tenant(self.organization.pk):
            count = Branch.objects.count()
            made = [
                Branch(
                    **{
                        "name": name,
                        "code": f"B{count + number:03d}",
                        "state_code": "27",
                        "address": "1 Lantern Street",
                        "city": "Pune",
                        "pin_code": "411001",
                        **given,
                    }
                )
                for number, name in enumerate(names)
            ]
            for branch in made:
                branch.organization_id = self.organization.pk
            return Branch.objects.bulk_create(made)


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def make_house(**given: Any) -> House:
    owner = make_user("Asha Rane")
    return House(make_organization(owner, **given), owner, browser_of(owner))


@pytest.fixture
def bare_registry() -> Iterator[None]:
    """A frame to which no app has added anything."""
    with registry.scratch():
        registry.clear()
        yield


@pytest.fixture
def house(db: None, settings: Any, bare_registry: None) -> House:
    """The scratch pages, in an organization with the branch Pune."""
    settings.ROOT_URLCONF = "tests.core.ui.scratch"
    return make_house()


@pytest.fixture
def another_house(house: House) -> Callable[[], House]:
    return make_house
