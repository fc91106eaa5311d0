"""People and ways to be them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client

from apps.accounts.models import User

PASSWORD = "blue drum seven kites"


class Visitor(Client):
    """Django's test client; what it answers has attributes that depend on the status."""

    def get(self, *arguments: Any, **more: Any) -> Any:
        return super().get(*arguments, **more)

    def post(self, *arguments: Any, **more: Any) -> Any:
        return super().post(*arguments, **more)


@pytest.fixture
def client() -> Visitor:
    """Somebody who is not signed in."""
    return Visitor()


@pytest.fixture(autouse=True)
def _quick_and_unlimited(settings, db) -> Iterator[None]:
    """Hashing that costs nothing, and no counter of tries left over from another test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def asha(db) -> User:
    return make_person("asha@banyan.example", "Asha Kulkarni")


def make_person(email: str, name: str, password: str | None = PASSWORD) -> User:
    person = User.objects.create_user(email, password, name=name)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def sign_in(client: Visitor, person: User, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/accounts/login/", {"login": person.email, "password": password, **more})


def neutral(page: Any) -> str:
    """What a page says to anybody: without the tokens of the session and the address that was typed."""
    text = re.sub(r"\b\w{64}\b", "(token)", page.content.decode())
    return re.sub(r"[\w.]+@banyan\.example", "(address)", text)


def newest_code() -> str:
    found = re.search(r"^(\d{6})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[1]
