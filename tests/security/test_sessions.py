"""A session belongs to whoever signed in, begins then and ends when they say so."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db

PASSWORD = "a counter in Pune, 1987"
COOKIE = settings.SESSION_COOKIE_NAME


@pytest.fixture
def olga() -> Any:
    return factories.person("Olga", email="olga@example.com", password=PASSWORD)


def _sign_in(client: Client) -> str:
    answer = client.post("/accounts/login/", {"login": "olga@example.com", "password": PASSWORD})
    assert answer.status_code == 302
    return client.cookies[COOKIE].value


def test_a_session_planted_before_signing_in_is_worth_nothing_after(client: Client, olga: Any) -> None:
    planted = SessionStore()
    planted["basket"] = "of somebody else"
    planted.save()
    client.cookies[COOKIE] = planted.session_key or ""
    mine = _sign_in(client)
    assert mine != planted.session_key
    intruder = Client()
    intruder.cookies[COOKIE] = planted.session_key or ""
    assert intruder.get("/accounts/").headers["Location"].startswith("/accounts/login/")


def test_a_key_that_we_never_gave_out_is_not_taken(client: Client, olga: Any) -> None:
    client.cookies[COOKIE] = "abcdefghijklmnopqrstuvwxyz012345"
    assert _sign_in(client) != "abcdefghijklmnopqrstuvwxyz012345"


def test_signing_out_ends_the_session_itself(client: Client, olga: Any) -> None:
    key = _sign_in(client)
    assert client.get("/accounts/").status_code == 200
    client.post("/accounts/logout/")
    copied = Client()
    copied.cookies[COOKIE] = key
    assert copied.get("/accounts/").headers["Location"].startswith("/accounts/login/")
    assert not SessionStore().exists(key)


def test_a_new_password_ends_every_other_session(client: Client, olga: Any) -> None:
    elsewhere = Client()
    _sign_in(elsewhere)
    factories.sign_in(client, olga)
    new = "another counter, in Satara"
    answer = client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new})
    assert answer.status_code == 302, answer.content.decode()
    assert client.get("/accounts/").status_code == 200
    assert elsewhere.get("/accounts/").headers["Location"].startswith("/accounts/login/")


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client: Client, olga: Any) -> None:
    client.get("/accounts/login/")
    _sign_in(client)
    session = client.cookies[COOKIE]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    assert session["domain"] == ""
    assert client.cookies[settings.CSRF_COOKIE_NAME]["samesite"] == "Lax"
