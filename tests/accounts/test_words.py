"""Nothing of allauth's own pages or words reaches a person."""

from __future__ import annotations

import re
from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import get_adapter as account_adapter
from allauth.mfa.adapter import get_adapter as second_factor_adapter
from allauth.socialaccount.adapter import get_adapter as social_adapter
from django.conf import settings

THEIRS = Path(allauth.__file__).parent / "templates"
OURS = Path(settings.BASE_DIR) / "templates"
FORBIDDEN = re.compile(r"\b(please|sorry|oops|success\w*|invalid\w*)\b|!(?=[\s\"<.])", re.IGNORECASE)

# Templates that no page of ours can reach, and why.
UNREACHED = {
    "account/base_": "extended only by pages that we replace",
    "account/email.html": "ACCOUNT_CHANGE_EMAIL is on: one address for each person",
    "account/email_confirm.html": "addresses are confirmed by code",
    "account/verification_sent.html": "addresses are confirmed by code",
    "account/verified_email_required.html": "nobody gets in without a confirmed address",
    "account/snippets/": "included only by pages that we replace",
    "account/request_login_code.html": "sign-in by code is off",
    "account/confirm_login_code.html": "sign-in by code is off",
    "account/email/login_code": "sign-in by code is off",
    "account/messages/login_code_sent.txt": "sign-in by code is off",
    "account/confirm_password_reset_code.html": "passwords are reset by link",
    "account/email/password_reset_code": "passwords are reset by link",
    "account/phone_change.html": "no telephone numbers",
    "account/confirm_phone_verification_code.html": "no telephone numbers",
    "account/messages/phone_": "no telephone numbers",
    "mfa/base_": "extended only by pages that we replace",
    "mfa/totp/base.html": "extended only by pages that we replace",
    "mfa/recovery_codes/base.html": "extended only by pages that we replace",
    "mfa/webauthn/base.html": "extended only by pages that we replace",
    "mfa/webauthn/snippets/": "included only by pages that we replace",
    "mfa/webauthn/authenticator_list.html": "its address leads to the page of all ways to sign in",
    "mfa/trust.html": "MFA_TRUST_ENABLED is off",
    "usersessions/base_manage.html": "extended only by pages that we replace",
    "socialaccount/base_": "extended only by pages that we replace",
    "socialaccount/snippets/": "included only by pages that we replace",
    "socialaccount/messages/account_connected_updated.txt": "extends a message that we replace",
}


def test_every_page_and_mail_of_theirs_is_replaced() -> None:
    rooms = ("account", "mfa", "usersessions", "socialaccount")
    theirs = {str(path.relative_to(THEIRS)) for room in rooms for path in (THEIRS / room).rglob("*.*")}
    left = {name for name in theirs if not (OURS / name).exists()}
    unexpected = {name for name in left if not any(name.startswith(known) for known in UNREACHED)}
    assert unexpected == set()
    assert [known for known in UNREACHED if not any(name.startswith(known) for name in left)] == []


@pytest.mark.parametrize("adapter", [account_adapter, second_factor_adapter, social_adapter])
def test_messages_in_use_have_our_voice(adapter, rf) -> None:
    unused = {
        "phone_password_mismatch",
        "phone_taken",
        "unknown_phone",
        "username_blacklisted",
        "username_password_mismatch",
        "username_taken",
        "unverified_primary_email",
        "cannot_remove_primary_email",
        "max_email_addresses",
        "select_only_one",
        "unknown_email",
        "invalid_login",
        "invalid_or_expired_key",
        "invalid_token",
        "add_email_blocked",
        "cannot_delete_authenticator",
        "too_many_login_attempts",
        "rate_limited",
    }
    said = {code: str(text) for code, text in adapter().error_messages.items() if code not in unused}
    assert said
    assert {code: text for code, text in said.items() if FORBIDDEN.search(text)} == {}


@pytest.mark.parametrize("room", ["account", "mfa", "usersessions", "socialaccount"])
def test_templates_have_our_voice(room: str) -> None:
    found = {}
    for path in (OURS / room).rglob("*.*"):
        words = re.sub(r"\{%(?!\s*(?:translate|blocktranslate)).*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", path.read_text())
        if hits := FORBIDDEN.findall(words):
            found[path.name] = hits
    assert found == {}


def test_no_template_styles_or_scripts_inline() -> None:
    for room in ("account", "mfa", "usersessions", "socialaccount"):
        for path in (OURS / room).rglob("*.html"):
            text = path.read_text()
            assert not re.search(r"\sstyle=|\son\w+=|hx-on|data:", text), path
            assert "<script>" not in text, path
