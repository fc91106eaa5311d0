"""OpenID Connect against a provider that answers over real HTTP."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured

from apps.accounts.models import User
from ineat.settings import people
from tests.accounts.conftest import PASSWORD, Visitor, make_person, newest_code, sign_in
from tests.accounts.directory import CLIENT, SECRET, Directory, running
from tests.accounts.test_second_factor import set_up_app

START = "/accounts/oidc/sso/login/"
ASHA = {"sub": "a-1", "email": "asha@banyan.example", "email_verified": True, "name": "Asha Kulkarni"}


@pytest.fixture
def directory(settings, monkeypatch) -> Iterator[Directory]:
    with running() as found:
        monkeypatch.setenv("OIDC_ISSUER", found.issuer)
        monkeypatch.setenv("OIDC_CLIENT_ID", CLIENT)
        monkeypatch.setenv("OIDC_CLIENT_SECRET", SECRET)
        monkeypatch.setenv("OIDC_NAME", "Banyan Directory")
        settings.SOCIALACCOUNT_PROVIDERS = people.single_sign_on()
        found.claims = dict(ASHA)
        yield found


def go(client: Visitor, query: str = "process=login") -> Any:
    """Press the button, be the browser at the directory, come back; returns the callback's answer."""
    page = client.post(f"{START}?{query}")
    assert page.status_code == 200
    target = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page.content.decode())
    assert target
    back = requests.get(html.unescape(target[1]), allow_redirects=False, timeout=5).headers["Location"]
    assert back.startswith("http://testserver/accounts/oidc/sso/login/callback/?")
    return client.get(back.removeprefix("http://testserver"))


def who(client: Visitor) -> str | None:
    found: str | None = client.session.get("_auth_user_id")
    return found


def test_no_button_without_a_directory(client: Visitor) -> None:
    assert "oidc" not in client.get("/accounts/login/").content.decode()
    assert client.post(START).status_code == 404


def test_button_carries_the_name_and_the_way_on(client: Visitor, directory: Directory) -> None:
    page = client.get("/accounts/login/", {"next": "/o/banyan/?a=1&b=2"}).content.decode()
    assert "Sign in with Banyan Directory" in page
    assert f'action="{START}?process=login&amp;next=%2Fo%2Fbanyan%2F%3Fa%3D1%26b%3D2"' in page


def test_verified_email_is_the_person_who_is_here_already(client: Visitor, directory: Directory, asha: User) -> None:
    answer = go(client, "process=login&next=/o/banyan/")
    assert (answer.status_code, answer.url) == (302, "/o/banyan/")
    assert who(client) == str(asha.pk)
    assert directory.complaints == []
    assert SocialAccount.objects.get().user_id == asha.pk
    asha.refresh_from_db()
    assert asha.check_password(PASSWORD)
    directory.claims["email"] = "asha.new@banyan.example"  # the directory knows her by `sub` from now on
    again = Visitor()
    go(again)
    assert who(again) == str(asha.pk)


def test_somebody_new_gets_an_account_without_password(client: Visitor, directory: Directory) -> None:
    assert go(client).url == "/"
    person = User.objects.get()
    assert (person.email, person.name) == ("asha@banyan.example", "Asha Kulkarni")
    assert not person.has_usable_password()
    assert who(client) == str(person.pk)


def test_unverified_email_opens_nobody_elses_account(client: Visitor, directory: Directory, asha: User) -> None:
    directory.claims["email_verified"] = False
    go(client)
    assert who(client) is None
    assert not SocialAccount.objects.exists()


def test_new_unverified_email_is_asked_for_a_code(client: Visitor, directory: Directory) -> None:
    directory.claims["email_verified"] = False
    assert go(client).url == "/accounts/confirm-email/"
    assert who(client) is None
    assert client.post("/accounts/confirm-email/", {"code": newest_code()}).url == "/"
    assert who(client)


def test_a_squatter_with_an_unverified_account_is_locked_out(client: Visitor, directory: Directory) -> None:
    """Somebody signed up with Asha's address before her and knows its password, but never saw the code."""
    squatted = make_person("asha@banyan.example", "Squatter")
    EmailAddress.objects.update(verified=False)
    answer = go(client)
    assert answer.url == "/accounts/confirm-email/", answer.url
    squatted.refresh_from_db()
    assert not squatted.has_usable_password()
    assert client.post(answer.url, {"code": newest_code()}).url == "/"
    assert who(client) == str(squatted.pk)


def test_second_factor_is_asked_for_after_the_directory_too(client: Visitor, directory: Directory, asha: User) -> None:
    home = Visitor()
    sign_in(home, asha)
    set_up_app(home)
    assert go(client).url == "/accounts/2fa/authenticate/"
    assert who(client) is None


def test_saying_no_there_is_said_here(client: Visitor, directory: Directory) -> None:
    directory.refuse = "access_denied"
    answer = go(client)
    assert answer.url == "/accounts/3rdparty/login/cancelled/"
    assert "You stopped at the sign-on server." in client.get(answer.url).content.decode()


def test_a_stale_or_forged_answer_is_refused(client: Visitor, directory: Directory) -> None:
    page = client.get("/accounts/oidc/sso/login/callback/", {"code": "x", "state": "forged"})
    assert "Single sign-on did not work" in page.content.decode()
    assert who(client) is None


def test_a_directory_that_is_down_is_said(client: Visitor, directory: Directory, settings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:9"
    page = client.post(START)
    assert page.status_code == 502
    assert "does not answer" in page.content.decode()


def test_connecting_and_disconnecting(client: Visitor, directory: Directory, asha: User) -> None:
    sign_in(client, asha)
    directory.claims["email"] = "a.kulkarni@elsewhere.example"
    assert "Connect Banyan Directory" in client.get("/accounts/3rdparty/").content.decode()
    assert go(client, "process=connect").url == "/accounts/3rdparty/"
    account = SocialAccount.objects.get()
    assert account.user_id == asha.pk
    page = client.get("/accounts/3rdparty/").content.decode()
    assert "Disconnect" in page
    client.post("/accounts/3rdparty/", {"account": account.pk})
    assert not SocialAccount.objects.exists()


def test_configuration_is_checked(monkeypatch) -> None:
    monkeypatch.setenv("OIDC_ISSUER", "http://directory.example")
    with pytest.raises(ImproperlyConfigured, match="OIDC_CLIENT_ID"):
        people.single_sign_on()
    monkeypatch.setenv("OIDC_CLIENT_ID", "x")
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "y")
    monkeypatch.setenv("INEAT_MODE", "production")
    with pytest.raises(ImproperlyConfigured, match="https"):
        people.single_sign_on()
    monkeypatch.setenv("OIDC_ISSUER", "https://directory.example/")
    app = people.single_sign_on()["openid_connect"]["APPS"][0]
    assert app["settings"]["server_url"] == "https://directory.example"
