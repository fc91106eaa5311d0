"""Signing up: the code from the mail, and what strangers can learn."""

from __future__ import annotations

import re
import smtplib
from unittest.mock import patch

import pytest
from django.core import mail

from apps.accounts.models import User
from tests.accounts.conftest import PASSWORD, Visitor, make_person, neutral, newest_code, sign_in

NEW = {"name": "Ravi Menon", "email": "Ravi@Banyan.example", "password1": PASSWORD}
CODE_PAGE = "/accounts/confirm-email/"


def test_code_from_the_mail_lets_in(client: Visitor) -> None:
    answer = client.post("/accounts/signup/", NEW)
    assert answer.url == CODE_PAGE
    assert "_auth_user_id" not in client.session
    assert mail.outbox[0].to == ["ravi@banyan.example"]
    assert newest_code() in mail.outbox[0].subject
    answer = client.post(CODE_PAGE, {"code": newest_code()})
    assert (answer.status_code, answer.url) == (302, "/")
    person = User.objects.get(email="ravi@banyan.example")
    assert client.session["_auth_user_id"] == str(person.pk)
    assert person.name == "Ravi Menon"
    assert person.check_password(PASSWORD)


def test_where_somebody_was_going_survives_the_code(client: Visitor) -> None:
    client.post("/accounts/signup/", NEW | {"next": "/invitations/abc/"})
    assert client.post(CODE_PAGE, {"code": newest_code()}).url == "/invitations/abc/"


def test_three_wrong_codes_end_it(client: Visitor) -> None:
    client.post("/accounts/signup/", NEW)
    wrong = "000000" if newest_code() != "000000" else "111111"
    page = client.post(CODE_PAGE, {"code": wrong})
    assert "This code is not right." in page.content.decode()
    client.post(CODE_PAGE, {"code": wrong})
    assert client.post(CODE_PAGE, {"code": wrong}).url == "/accounts/login/"
    assert client.get(CODE_PAGE).url == "/accounts/login/"
    assert not User.objects.get(email="ravi@banyan.example").emailaddress_set.filter(verified=True).exists()  # type: ignore[attr-defined]


def test_a_new_code_replaces_the_old_one(client: Visitor, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}
    client.post("/accounts/signup/", NEW)
    old = newest_code()
    client.post(CODE_PAGE, {"action": "resend"})
    if old != newest_code():
        assert client.post(CODE_PAGE, {"code": old}).status_code == 200
    assert client.post(CODE_PAGE, {"code": newest_code()}).status_code == 302


def test_a_mistyped_address_is_left_by_starting_again(client: Visitor) -> None:
    client.post("/accounts/signup/", NEW | {"email": "rvai@banyan.example"})
    assert "Wrong address? Start again" in client.get(CODE_PAGE).content.decode()
    assert client.post("/accounts/logout/", {"next": "/accounts/signup/"}).url == "/accounts/signup/"
    client.post("/accounts/signup/", NEW)
    assert mail.outbox[-1].to == ["ravi@banyan.example"]
    assert client.post(CODE_PAGE, {"code": newest_code()}).url == "/"


def test_a_taken_address_answers_as_a_free_one(client: Visitor) -> None:
    make_person("ravi@banyan.example", "Ravi")
    taken = client.post("/accounts/signup/", NEW)
    assert taken.url == CODE_PAGE
    stranger = Visitor()
    stranger.post("/accounts/signup/", NEW | {"email": "fresh@banyan.example"})
    assert neutral(client.get(CODE_PAGE)) == neutral(stranger.get(CODE_PAGE))
    assert User.objects.filter(email="ravi@banyan.example").count() == 1
    assert "You have an account" in mail.outbox[0].body
    assert not re.search(r"\b\d{6}\b", str(mail.outbox[0].body))


def test_a_stop_watch_does_not_tell_a_taken_address(client: Visitor) -> None:
    make_person("ravi@banyan.example", "Ravi")
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher.encode"
    for email in ("ravi@banyan.example", "fresh@banyan.example"):
        with patch(hasher, autospec=True, return_value="md5$salt$hash") as hashed:
            Visitor().post("/accounts/signup/", NEW | {"email": email})
        assert hashed.call_count == 1, email


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "Type your name."),
        ({"email": ""}, "Type an e-mail address."),
        ({"email": "ravi"}, "This is not an e-mail address."),
        ({"password1": ""}, "Choose a password."),
        ({"password1": "short"}, "at least 10 characters"),
        ({"password1": "password123"}, "too common"),
        ({"password1": "ravi@banyan.example"}, "too similar"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client: Visitor, change: dict[str, str], words: str) -> None:
    page = client.post("/accounts/signup/", NEW | change).content.decode()
    assert words in page
    assert "There is a problem" in page
    assert "<title>Error: " in page
    if "name" not in change:
        assert 'value="Ravi Menon"' in page
    assert not User.objects.exists()


def test_a_dead_mail_server_costs_nothing_that_was_typed(client: Visitor) -> None:
    refused = smtplib.SMTPServerDisconnected("gone")
    with patch("django.core.mail.EmailMessage.send", side_effect=refused):
        page = client.post("/accounts/signup/", NEW, follow=True)
    assert page.status_code == 200
    assert page.request["PATH_INFO"] == CODE_PAGE
    assert "The mail server does not answer" in page.content.decode()
    assert User.objects.filter(email="ravi@banyan.example").exists()


def test_without_mail_server_the_page_says_where_the_code_is(client: Visitor, settings) -> None:
    client.post("/accounts/signup/", NEW)
    assert "printed where the server runs" not in client.get(CODE_PAGE).content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert "printed where the server runs" in client.get(CODE_PAGE).content.decode()


def test_passkey_sign_up_asks_for_the_code_before_the_passkey(client: Visitor) -> None:
    answer = client.post("/accounts/signup/passkey/", {"name": "Ravi", "email": "ravi@banyan.example"})
    assert answer.url == CODE_PAGE
    answer = client.post(CODE_PAGE, {"code": newest_code()})
    assert answer.url == "/accounts/2fa/webauthn/signup/"
    assert "_auth_user_id" not in client.session
    page = client.get(answer.url).content.decode()
    assert 'id="passkey-options" type="application/json"' in page
    assert not User.objects.get().has_usable_password()


def test_signing_in_before_the_code_is_typed_sends_a_new_one(client: Visitor, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}
    client.post("/accounts/signup/", NEW)
    later = Visitor()
    person = User.objects.get()
    assert sign_in(later, person).url == CODE_PAGE
    assert later.post(CODE_PAGE, {"code": newest_code()}).url == "/"
