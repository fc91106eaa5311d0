"""Forgotten and changed passwords."""

from __future__ import annotations

import re
from datetime import timedelta

from django.core import mail
from django.utils import timezone

from apps.accounts.models import User
from tests.accounts.conftest import PASSWORD, Visitor, make_person, neutral, sign_in

OTHER = "green lamp nine rivers"


def reset_link() -> str:
    found = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[1]


def test_link_sets_a_new_password_once_and_signs_in(client: Visitor, asha: User) -> None:
    elsewhere = Visitor()
    sign_in(elsewhere, asha)
    client.post("/accounts/password/reset/", {"email": asha.email})
    link = reset_link()
    form = client.get(link)
    assert form.url.endswith("-set-password/")  # the secret leaves the address bar
    answer = client.post(form.url, {"password1": OTHER})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(asha.pk)
    asha.refresh_from_db()
    assert asha.check_password(OTHER)
    assert elsewhere.get("/accounts/").status_code == 302  # signed out there
    assert "was set anew" in mail.outbox[-1].body
    again = Visitor().get(link)
    assert "This link no longer works" in again.content.decode()


def test_link_is_good_for_an_hour(client: Visitor, asha: User, monkeypatch) -> None:
    client.post("/accounts/password/reset/", {"email": asha.email})
    link = reset_link()
    now = timezone.localtime().replace(tzinfo=None)
    clock = "django.contrib.auth.tokens.PasswordResetTokenGenerator._now"
    monkeypatch.setattr(clock, lambda self: now + timedelta(minutes=59))
    assert client.get(link).status_code == 302
    monkeypatch.setattr(clock, lambda self: now + timedelta(minutes=61))
    assert "This link no longer works" in client.get(link).content.decode()


def test_page_says_the_same_for_strangers(client: Visitor, asha: User) -> None:
    known = client.post("/accounts/password/reset/", {"email": asha.email}, follow=True)
    stranger = client.post("/accounts/password/reset/", {"email": "none@banyan.example"}, follow=True)
    assert known.redirect_chain == stranger.redirect_chain
    assert neutral(known) == neutral(stranger)
    assert mail.outbox[-1].to == ["none@banyan.example"]
    assert "nobody here has that address" in mail.outbox[-1].body
    assert "/password/reset/key/" not in mail.outbox[-1].body


def test_change_keeps_this_device_and_ends_the_others(client: Visitor, asha: User) -> None:
    elsewhere = Visitor()
    sign_in(elsewhere, asha)
    sign_in(client, asha)
    answer = client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": OTHER})
    assert answer.url == "/accounts/2fa/"
    assert client.get("/accounts/").status_code == 200
    assert elsewhere.get("/accounts/").status_code == 302
    assert "Your password was changed" in mail.outbox[-1].subject


def test_change_needs_the_current_password(client: Visitor, asha: User) -> None:
    sign_in(client, asha)
    page = client.post("/accounts/password/change/", {"oldpassword": "wrong", "password1": OTHER})
    assert "This is not your current password." in page.content.decode()
    asha.refresh_from_db()
    assert asha.check_password(PASSWORD)


def test_somebody_without_password_sets_a_first_one(client: Visitor) -> None:
    person = make_person("key@banyan.example", "Key", None)
    client.force_login(person)
    assert client.get("/accounts/password/change/").url == "/accounts/password/set/"
    assert client.post("/accounts/password/set/", {"password1": OTHER}).url == "/accounts/2fa/"
    person.refresh_from_db()
    assert person.check_password(OTHER)
