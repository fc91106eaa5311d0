"""Signing in and out: what is said, how long it lasts, where it leads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import User
from tests.accounts.conftest import PASSWORD, Visitor, make_person, neutral, sign_in

MISMATCH = "E-mail and password do not match."


def signed_in(client: Visitor) -> bool:
    return "_auth_user_id" in client.session


def test_right_password_leads_home(client: Visitor, asha: User) -> None:
    answer = sign_in(client, asha)
    assert (answer.status_code, answer.url) == (302, "/")
    assert signed_in(client)


def test_email_may_be_typed_in_capitals(client: Visitor, asha: User) -> None:
    assert client.post("/accounts/login/", {"login": "ASHA@Banyan.Example ", "password": PASSWORD}).status_code == 302


def test_wrong_password_keeps_the_email_and_says_so(client: Visitor, asha: User) -> None:
    page = sign_in(client, asha, "wrong")
    text = page.content.decode()
    assert page.status_code == 200
    assert MISMATCH in text
    assert f'value="{asha.email}"' in text
    assert "wrong" not in text.replace("wrong page", "")
    assert not signed_in(client)


def test_unknown_email_gets_the_same_answer(client: Visitor, asha: User) -> None:
    known = sign_in(client, asha, "wrong")
    unknown = client.post("/accounts/login/", {"login": "none@banyan.example", "password": "wrong"})
    assert neutral(known) == neutral(unknown)


def test_unverified_person_is_asked_for_the_code(client: Visitor) -> None:
    person = make_person("new@banyan.example", "New")
    person.emailaddress_set.update(verified=False)  # type: ignore[attr-defined]
    answer = sign_in(client, person)
    assert answer.url == "/accounts/confirm-email/"
    assert not signed_in(client)


def test_inactive_person_stays_out(client: Visitor, asha: User) -> None:
    asha.is_active = False
    asha.save()
    sign_in(client, asha)
    assert not signed_in(client)


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///evil.example"],
)
def test_next_never_leaves_the_site(client: Visitor, asha: User, target: str) -> None:
    assert sign_in(client, asha, next=target).url == "/"
    assert client.get("/accounts/login/", {"next": target}).url == "/"


def test_next_within_the_site_is_followed(client: Visitor, asha: User) -> None:
    assert sign_in(client, asha, next="/o/banyan/branches/?q=a").url == "/o/banyan/branches/?q=a"


def test_next_survives_a_wrong_password_and_reaches_sign_up(client: Visitor, asha: User) -> None:
    page = sign_in(client, asha, "wrong", next="/o/banyan/").content.decode()
    assert '<input type="hidden" name="next" value="/o/banyan/">' in page
    assert "/accounts/signup/?next=%2Fo%2Fbanyan%2F" in page


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/accounts/2fa/webauthn/login/"])
def test_signed_in_people_are_sent_on(client: Visitor, asha: User, path: str) -> None:
    client.force_login(asha)
    answer = client.get(path, headers={"accept": "text/html"})
    assert (answer.status_code, answer.url) == (302, "/")


def test_signing_out_takes_a_post(client: Visitor, asha: User) -> None:
    sign_in(client, asha)
    assert client.get("/accounts/logout/").status_code == 200
    assert signed_in(client)
    answer = client.post("/accounts/logout/")
    assert answer.url == "/accounts/login/"
    assert not signed_in(client)


def test_session_ends_with_the_browser(client: Visitor, asha: User) -> None:
    answer = sign_in(client, asha)
    cookie = answer.cookies["ineat_session"]
    assert cookie["expires"] == cookie["max-age"] == ""
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_counter_pc_stays_for_12_hours_whatever_happens(client: Visitor, asha: User) -> None:
    answer = sign_in(client, asha, remember="on")
    twelve_hours = 12 * 60 * 60
    assert twelve_hours - 60 < answer.cookies["ineat_session"]["max-age"] <= twelve_hours
    ends = client.session.get_expiry_date()
    assert abs(ends - timezone.now() - timedelta(hours=12)) < timedelta(minutes=1)
    client.get("/accounts/")  # use does not push the end away
    assert client.session.get_expiry_date() == ends


def test_page_has_no_script_or_style_of_its_own(client: Visitor) -> None:
    page = client.get("/accounts/login/")
    text = page.content.decode()
    assert "style=" not in text
    assert "onclick" not in text
    assert "'unsafe" not in page.headers["Content-Security-Policy"]
    assert all(" src=" in tag for tag in text.split("<script")[1:])
