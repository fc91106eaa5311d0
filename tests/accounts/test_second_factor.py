"""Authenticator app, recovery codes, and organizations that insist on a second factor."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail

from apps.accounts.adapters import SecondFactorAdapter
from apps.accounts.models import User
from tests.accounts.conftest import PASSWORD, Visitor, sign_in

APP = "/accounts/2fa/totp/activate/"
CODES = "/accounts/2fa/recovery-codes/"
STEP = "/accounts/2fa/authenticate/"


def code_of(secret: str, *, later: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later)))


def set_up_app(client: Visitor) -> str:
    """Turns the app on for whoever is signed in; returns its secret."""
    secret = re.search(r'class="code key">(\w+)<', client.get(APP).content.decode())
    assert secret
    answer = client.post(APP, {"code": code_of(secret[1], later=-1)})
    assert answer.url == CODES
    return secret[1]


def recovery_codes(client: Visitor) -> list[str]:
    return re.findall(r"<li>(\d{8})</li>", client.get(CODES).content.decode())


@pytest.fixture
def secret(client: Visitor, asha: User) -> str:
    sign_in(client, asha)
    return set_up_app(client)


def test_qr_code_is_drawn_into_the_page(client: Visitor, asha: User) -> None:
    sign_in(client, asha)
    page = client.get(APP).content.decode()
    assert re.search(r'<svg [^>]*class="qr"', page)
    assert "data:" not in page
    assert 'aria-label="QR code' in page


def test_wrong_code_does_not_turn_the_app_on_and_keeps_the_secret(client: Visitor, asha: User) -> None:
    sign_in(client, asha)
    first = re.search(r'class="code key">(\w+)<', client.get(APP).content.decode())
    page = client.post(APP, {"code": "12345"}).content.decode()
    assert "This is not right." in page
    assert first
    assert first[1] in page
    assert not Authenticator.objects.exists()


@pytest.mark.django_db(transaction=True)  # the mail leaves after the commit
def test_app_and_codes_come_together_and_mail_tells(client: Visitor, asha: User) -> None:
    sign_in(client, asha)
    set_up_app(client)
    assert len(recovery_codes(client)) == 10
    assert "An authenticator app was turned on" in mail.outbox[-1].subject


def test_secrets_lie_encrypted(secret: str, settings) -> None:
    kept = {one.type: one.data for one in Authenticator.objects.all()}
    assert secret not in str(kept)
    assert SecondFactorAdapter().decrypt(kept["totp"]["secret"]) == secret
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key" * 6
    assert SecondFactorAdapter().decrypt(kept["totp"]["secret"]) == secret


def test_password_alone_is_not_enough_then(secret: str, asha: User) -> None:
    other = Visitor()
    assert sign_in(other, asha, next="/o/banyan/").url == STEP
    assert "_auth_user_id" not in other.session
    assert other.get("/accounts/").status_code == 302
    page = other.get(STEP).content.decode()
    assert "Six digits from your authenticator app" in page
    assert "Use a passkey" not in page  # there is none
    answer = other.post(STEP, {"code": code_of(secret)})
    assert answer.url == "/o/banyan/"
    assert "_auth_user_id" in other.session


def test_a_code_works_once(secret: str, asha: User) -> None:
    code = code_of(secret)
    one, two = Visitor(), Visitor()
    sign_in(one, asha)
    sign_in(two, asha)
    assert one.post(STEP, {"code": code}).status_code == 302
    assert "This is not right." in two.post(STEP, {"code": code}).content.decode()


def test_counter_pc_tick_survives_the_second_step(secret: str, asha: User) -> None:
    other = Visitor()
    sign_in(other, asha, remember="on")
    answer = other.post(STEP, {"code": code_of(secret)})
    assert answer.cookies["ineat_session"]["max-age"]


def test_guessing_codes_ends_with_the_time_to_wait(secret: str, asha: User) -> None:
    other = Visitor()
    sign_in(other, asha)
    for _ in range(5):
        other.post(STEP, {"code": "000000"})
    page = other.post(STEP, {"code": code_of(secret)}).content.decode()
    assert "Too many tries. Wait 5 minutes, then try again." in page


def test_recovery_code_works_once(secret: str, client: Visitor, asha: User) -> None:
    code = recovery_codes(client)[3]
    other = Visitor()
    sign_in(other, asha)
    assert other.post(STEP, {"code": code}).url == "/"
    assert code not in recovery_codes(client)
    assert len(recovery_codes(client)) == 9
    again = Visitor()
    sign_in(again, asha)
    assert "This is not right." in again.post(STEP, {"code": code}).content.decode()


def test_codes_come_as_text(secret: str, client: Visitor, asha: User) -> None:
    file = client.get(CODES + "download/")
    assert file.headers["Content-Type"].startswith("text/plain")
    assert "attachment" in file.headers["Content-Disposition"]
    lines = file.content.decode().splitlines()
    assert lines[0] == f"iNEAT recovery codes of {asha.email}"
    assert [line for line in lines if line.isdigit()] == recovery_codes(client)


def test_new_codes_replace_the_old_ones(secret: str, client: Visitor) -> None:
    old = recovery_codes(client)
    assert "The 10 codes you still have stop working." in client.get(CODES + "generate/").content.decode()
    assert client.post(CODES + "generate/").url == CODES
    assert not set(old) & set(recovery_codes(client))


def test_turning_the_app_off_takes_the_codes_along(secret: str, client: Visitor) -> None:
    assert client.post("/accounts/2fa/totp/deactivate/").url == "/accounts/2fa/"
    assert not Authenticator.objects.exists()


def test_old_sessions_are_asked_again_before_changes(secret: str, client: Visitor, monkeypatch) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 601)
    answer = client.get(CODES)
    assert answer.url.startswith("/accounts/reauthenticate/?next=")
    page = client.get(answer.url).content.decode()
    assert "Confirm that it is you" in page
    assert "Use a code" in page
    wrong = client.post(answer.url, {"password": "wrong", "next": CODES})
    assert "This is not your password." in wrong.content.decode()
    assert client.post(answer.url, {"password": PASSWORD, "next": CODES}).url == CODES
    assert client.get(CODES).status_code == 200


def test_confirming_leads_nowhere_else(secret: str, client: Visitor) -> None:
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "https://evil.example/"})
    assert answer.url == "/"


def test_required_second_factor_explains_itself_and_leads_back(client: Visitor, asha: User) -> None:
    sign_in(client, asha)
    page = client.get("/accounts/2fa/", {"required": "1", "next": "/o/banyan/branches/"}, headers={"host": "localhost"})
    text = page.content.decode()
    assert "Your organization asks every member for a second factor." in text
    assert 'href="/accounts/2fa/webauthn/add/"' in text
    assert f'href="{APP}"' in text
    set_up_app(client)
    assert "I have kept them, continue" in client.get(CODES).content.decode()
    assert "Your second factor is set up." in client.get("/accounts/2fa/").content.decode()
    assert client.get("/accounts/2fa/continue/").url == "/o/banyan/branches/"
    assert client.get("/accounts/2fa/continue/").url == "/"  # once
    assert "Your second factor is set up." not in client.get("/accounts/2fa/").content.decode()


def test_required_never_leads_off_the_site(client: Visitor, asha: User) -> None:
    sign_in(client, asha)
    client.get("/accounts/2fa/", {"required": "1", "next": "https://evil.example/"})
    assert client.get("/accounts/2fa/continue/").url == "/"


def test_an_address_without_name_offers_no_passkeys(client: Visitor, asha: User, settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    here = {"host": "127.0.0.1:8000"}
    assert "Sign in with a passkey" not in client.get("/accounts/login/", headers=here).content.decode()
    client.force_login(asha)
    assert "Open iNEAT by that address" in client.get("/accounts/2fa/", headers=here).content.decode()


BROKEN = [
    "",
    "nonsense",
    "null",
    "7",
    "[1]",
    "{}",
    '{"response": 7}',
    '{"id": "x", "response": {}}',
    '{"id": "eA", "rawId": "eA", "type": "public-key", "response": '
    '{"clientDataJSON": "e30", "attestationObject": "oA"}}',
    '{"id": "eA", "rawId": "eA", "type": "public-key", "response": '
    '{"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA", "userHandle": "AA"}}',
    '{"id": "eA", "rawId": "eA", "type": "public-key", "response": '
    '{"clientDataJSON": "!", "attestationObject": "_______", "authenticatorData": 5}}',
]


@pytest.mark.parametrize("credential", BROKEN)
def test_a_broken_new_passkey_is_refused_in_words(client: Visitor, asha: User, credential: str) -> None:
    sign_in(client, asha)
    client.get("/accounts/2fa/webauthn/add/")
    page = client.post("/accounts/2fa/webauthn/add/", {"name": "Counter", "credential": credential})
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", BROKEN)
def test_a_broken_passkey_answer_is_refused_in_words(client: Visitor, credential: str) -> None:
    client.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
    answer = client.post("/accounts/2fa/webauthn/login/", {"credential": credential, "next": "/o/banyan/"}, follow=True)
    assert answer.redirect_chain == [("/accounts/login/?next=%2Fo%2Fbanyan%2F", 302)]
    assert 'class="toast bad"' in answer.content.decode()
