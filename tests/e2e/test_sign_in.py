"""Signing up and in as people do it: real mails, real passkeys, two browsers at once."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization
from tests import factories
from tests.accounts import directory
from tests.e2e.browser import Watch, axe
from tests.e2e.conftest import OpenPage

PASSWORD = "blue drum seven kites"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)


@pytest.fixture(autouse=True)
def _fresh_counters(live_server: Any) -> None:
    cache.clear()


@pytest.fixture
def asha(live_server: Any) -> User:
    return factories.person("Asha Kulkarni", email="asha@banyan.example", password=PASSWORD)


def code_from_mailbox() -> str:
    found = re.search(r"^(\d{6})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[1]


def sign_in(page: Page, person: User, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Work e-mail").fill(person.email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Continue").click()


def fit_authenticator(page: Page, *, verified: bool = True) -> Any:
    """Gives the browser a built-in authenticator, such as a fingerprint reader (WebAuthn, section 11)."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verified,
        "automaticPresenceSimulation": True,
    }
    identity = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    return session, identity


def test_sign_up_with_the_code_from_the_mail(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Sign up").click()
    page.get_by_label("Your name").fill("Ravi Menon")
    page.get_by_label("Work e-mail").fill("ravi@banyan.example")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_role("button", name="Send me a code").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("at least 10 characters")
    expect(summary).to_be_focused()
    assert axe(page) == []
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", name="Type the code from the e-mail")).to_be_visible()
    expect(page.get_by_label("Code")).to_be_focused()
    assert axe(page) == []
    page.keyboard.type(code_from_mailbox())
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/" not in url)
    page.goto("/accounts/")
    expect(page.get_by_label("Your name")).to_have_value("Ravi Menon")


def test_wrong_password_is_said_and_can_be_looked_at(page: Page, asha: User) -> None:
    sign_in(page, asha, "blue drum seven kits")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("E-mail and password do not match.")
    expect(summary).to_be_focused()
    expect(page.get_by_label("Work e-mail")).to_have_value(asha.email)
    assert axe(page) == []
    password = page.get_by_label("Password", exact=True)
    password.fill(PASSWORD)
    page.get_by_role("button", name="Show password").click()
    expect(password).to_have_attribute("type", "text")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)


def test_passkey_is_added_and_then_signs_in_alone(page: Page, asha: User) -> None:
    fit_authenticator(page)
    sign_in(page, asha)
    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of this passkey").fill("Counter PC")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes", exact=True)).to_be_visible()
    assert axe(page) == []
    page.goto("/accounts/2fa/")
    row = page.get_by_role("row", name="Counter PC")
    expect(row).to_contain_text("Yes")
    assert axe(page) == []

    page.get_by_role("link", name="Rename Counter PC").click()
    page.get_by_label("Name of this passkey").fill("Counter 2")
    page.get_by_role("button", name="Save name").click()
    expect(page.get_by_role("row", name="Counter 2")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_text("Keep me signed in").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)
    cookie = next(one for one in page.context.cookies() if one["name"] == "ineat_session")
    assert 11.9 * 3600 < cookie["expires"] - time.time() <= 12 * 3600

    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Remove Counter 2").click()
    page.get_by_role("button", name="Remove Counter 2").click()
    expect(page.get_by_text("Passkey removed.")).to_be_visible()
    assert not Authenticator.objects.exists()


def test_passkey_goes_on_where_somebody_was_going(page: Page, asha: User) -> None:
    fit_authenticator(page)
    sign_in(page, asha)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/recovery-codes/")
    page.context.clear_cookies(name="ineat_session")
    page.goto("/accounts/sessions/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/accounts/sessions/")


def test_a_finger_that_does_not_fit_is_said(page: Page, asha: User) -> None:
    fit_authenticator(page, verified=False)
    sign_in(page, asha)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("No passkey was used.")
    expect(page.get_by_role("button", name="Make the passkey")).to_be_enabled()
    assert not Authenticator.objects.exists()


def test_passkey_as_second_step_only(page: Page, asha: User) -> None:
    fit_authenticator(page)
    sign_in(page, asha)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Sign in with this alone").uncheck()
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/recovery-codes/")
    page.context.clear_cookies(name="ineat_session")
    sign_in(page, asha)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)


def test_sign_up_without_any_password(page: Page) -> None:
    fit_authenticator(page)
    page.goto("/accounts/signup/")
    page.get_by_role("link", name="Sign up with a passkey").click()
    page.get_by_label("Your name").fill("Ravi Menon")
    page.get_by_label("Work e-mail").fill("ravi@banyan.example")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(code_from_mailbox())
    page.get_by_role("button", name="Confirm e-mail").click()
    expect(page.get_by_role("heading", name="Make your passkey")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)
    assert not User.objects.get(email="ravi@banyan.example").has_usable_password()


def test_app_and_recovery_code(page: Page, open_page: OpenPage, asha: User) -> None:
    sign_in(page, asha)
    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Set up the app").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    assert axe(page) == []
    page.get_by_text("You cannot scan?").click()
    secret = page.locator(".code.key").inner_text()
    page.get_by_label("Code from the app").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Turn on").click()
    codes = page.get_by_role("list", name="Recovery codes").get_by_role("listitem").all_inner_texts()
    assert len(codes) == 10
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as text").click()
    assert codes[0] in download.value.path().read_text()

    other = open_page(phone=True)
    sign_in(other, asha)
    expect(other.get_by_role("heading", name="One more step")).to_be_visible()
    assert axe(other) == []
    other.get_by_label("Code").fill("000000")
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("alert")).to_contain_text("this is not right")
    other.get_by_label("Code").fill(codes[4])
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_url(lambda url: "/accounts/" not in url)
    page.goto("/accounts/2fa/")
    expect(page.get_by_text("9 codes are left")).to_be_visible()


def test_device_signed_out_from_another(page: Page, open_page: OpenPage, asha: User) -> None:
    phone = open_page(phone=True, user_agent=IPHONE)
    sign_in(phone, asha)
    sign_in(page, asha)
    page.goto("/accounts/sessions/")
    assert axe(page) == []
    row = page.get_by_role("row", name="Safari on iPhone")
    row.get_by_role("button").click()
    expect(page.get_by_text("The next click there leads to the sign-in page.")).to_be_visible()
    expect(page.get_by_role("row", name="Safari on iPhone")).to_have_count(0)
    phone.goto("/accounts/sessions/")
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()


def test_organization_that_insists_on_a_second_factor(page: Page, asha: User) -> None:
    organization = factories.organization("Banyan Care", owner=asha)
    with tenant(organization.pk):
        assert Organization.objects.filter(pk=organization.pk).update(require_second_factor=True) == 1
    fit_authenticator(page)
    sign_in(page, asha)
    page.goto(f"/o/{organization.slug}/")
    expect(page.get_by_text("Your organization asks every member for a second factor.")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("link", name="Add a passkey").first.click()
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_role("link", name="I have kept them, continue").click()
    page.wait_for_url(f"**/o/{organization.slug}/")


def test_too_many_tries_say_how_long(page: Page, asha: User) -> None:
    for _ in range(6):
        sign_in(page, asha, "wrong")
    expect(page.get_by_role("alert")).to_contain_text("Too many tries. Wait 5 minutes, then try again.")


def test_single_sign_on_leaves_and_comes_back(page: Page, watch: Watch, settings: Any) -> None:
    """The policy allows forms to go nowhere else, redirects after them included; the way out must hold under it."""
    watch.allow(r"^request to another host: http://127\.0\.0\.1:\d+/authorize")
    with directory.running() as provider:
        provider.claims = {"sub": "m-1", "email": "meher@banyan.example", "email_verified": True, "name": "Meher Irani"}
        app = {
            "provider_id": "sso",
            "name": "Banyan Directory",
            "client_id": directory.CLIENT,
            "secret": directory.SECRET,
            "settings": {"server_url": provider.issuer},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
        page.goto("/accounts/login/?next=/accounts/sessions/")
        assert axe(page) == []
        page.get_by_role("button", name="Sign in with Banyan Directory").click()
        page.wait_for_url("**/accounts/sessions/")
        assert provider.complaints == []
    page.goto("/accounts/")
    expect(page.get_by_label("Your name")).to_have_value("Meher Irani")
