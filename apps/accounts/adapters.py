"""Where allauth asks us: words, sessions, mails, QR codes, secrets at rest."""

from __future__ import annotations

import base64
import hashlib
import logging
import time
from typing import Any, ClassVar

import segno
from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.forms import BaseForm, ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts import lockout
from apps.accounts.models import User
from apps.accounts.queries import DEMO_DOMAIN
from apps.accounts.rules import device_of

logger = logging.getLogger(__name__)

_LOCKED_OUT = frozenset({"too_many_login_attempts", "rate_limited"})


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail, in our words."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is switched off. Ask the owner of your organization."),
        "duplicate_email": _("This is your e-mail address already."),
        "email_password_mismatch": _(
            "E-mail and password do not match. Check both, or set a new password with “Forgot it?”."
        ),
        "email_taken": _("Another person uses this e-mail address. Type another one."),
        "enter_current_password": _("This is not your current password. Type it again."),
        "incorrect_code": _("This code is not right. Check the newest one and type it again."),
        "incorrect_password": _("This is not your password. Type it again."),
        "invalid_password_reset": _("This link has been used or is too old. Ask for a new one."),
        "same_as_current": _("This is the address you have. Type another one."),
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """allauth's refusal in our words; being locked out says how long it lasts."""
        if code in _LOCKED_OUT:
            return ValidationError(lockout.too_many_tries(self._seconds_locked_out()), code=code)
        return super().validation_error(code, *args)  # type: ignore[no-any-return]

    def _seconds_locked_out(self) -> int:
        request = context.request
        keys = [getattr(request, "lockout_key", None)]
        stage = getattr(request, "_login_stage", None)
        person = stage.login.user if stage else request.user
        if person and person.pk:
            keys.append(f"mfa-auth-user-{person.pk}")
        return max(lockout.seconds_left(request, "login_failed", key=key) for key in keys)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        context.request.lockout_key = self._get_login_attempts_cache_key(request, **credentials)
        super().pre_authenticate(request, **credentials)

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        user.name = form.cleaned_data.get("name") or user.name
        return super().save_user(request, user, form, commit)  # type: ignore[no-any-return]

    def clean_email(self, email: str) -> str:
        """Nobody signs up into the demo's own domain: its people are offered to everybody who looks around."""
        if settings.DEMO and email.lower().endswith(DEMO_DOMAIN):
            raise ValidationError(gettext("Addresses at banyankite.example belong to the demo. Type your own."))
        return email

    def login(self, request: HttpRequest, user: User) -> None:
        """Without the tick for a counter PC the session ends with the browser, whichever way somebody came in."""
        if "_session_expiry" not in request.session:
            request.session.set_expiry(0)
        super().login(request, user)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has just signed in is not asked again: the first minutes of a session count as confirmed."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        records = get_authentication_records(context.request, context.request.user)
        since = time.time() - account_settings.REAUTHENTICATION_TIMEOUT
        return not any(record["at"] > since for record in records)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": gettext("Use your password"),
            "mfa_reauthenticate": gettext("Use a code"),
            "mfa_reauthenticate:webauthn": gettext("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": words[method["id"]]} for method in methods]

    def get_password_change_redirect_url(self, _request: HttpRequest) -> str:
        return reverse("mfa_index")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        if self.request.user.is_authenticated:
            return reverse("account_settings")
        return super().get_email_verification_redirect_url(email_address)  # type: ignore[no-any-return]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send, or say that it failed: a mail server that is down must not cost what was typed."""
        device = device_of(str(context.get("user_agent", "")))
        words = {"product": settings.PRODUCT_NAME, "browser": device.browser, "system": device.system}
        try:
            super().send_mail(template_prefix, email, words | context)
        except OSError:  # smtplib's exceptions are OSErrors too
            logger.exception("Mail %s could not be sent", template_prefix)
            text = gettext("The mail server does not answer, so no e-mail was sent. Ask for a new one in a minute.")
            self.add_message(self.request, messages.ERROR, message=text)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Passkeys, authenticator apps and recovery codes."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "cannot_generate_recovery_codes": _("Add a passkey or an authenticator app first. The codes stand in for it."),
        "incorrect_code": _("This is not right. Try again with the newest code, or with another passkey."),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def build_totp_svg(self, url: str) -> str:
        """The QR code as part of the page: the content security policy allows no `data:` image."""
        drawn = segno.make(url, micro=False, error="m").svg_inline(
            border=4, omitsize=True, dark="#000", light="#fff", svgclass="qr", lineclass=None
        )
        return mark_safe(drawn)  # noqa: S308  drawn by segno from an encoded address

    def generate_authenticator_name(self, *_details: Any) -> str:
        """What most people would call it: the device they sit at."""
        device = device_of(context.request.META.get("HTTP_USER_AGENT", ""))
        return device.system or gettext("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": settings.PRODUCT_NAME}

    def encrypt(self, text: str) -> str:
        """Secrets of second factors lie encrypted, so that a copy of the database signs nobody in."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()


def _fernet() -> MultiFernet:
    """Keys derived from SECRET_KEY and, while it is being changed, SECRET_KEY_FALLBACKS."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.blake2b(force_bytes(key), digest_size=32, person=b"second factor").digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def single_sign_on_providers(request: HttpRequest) -> list[Any]:
    """The directory of OIDC_ISSUER, without asking the database when there is none."""
    if not settings.SOCIALACCOUNT_PROVIDERS:
        return []
    return get_social_adapter(request).list_providers(request)  # type: ignore[no-any-return]


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """People who come from the directory of OIDC_ISSUER."""

    error_messages: ClassVar[dict[str, Any]] = DefaultSocialAccountAdapter.error_messages | {
        "email_taken": _("Somebody with this e-mail address exists already. Sign in with %s after confirming it."),
        "no_password": _("Set a password or add a passkey first, else you cannot sign in again."),
        "no_verified_email": _("Confirm your e-mail address first."),
        "disconnect_last": _("This is your only way to sign in. Set a password or add a passkey first."),
        "connected_other": _("This account belongs to another person here."),
    }

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        names = [data.get("first_name") or "", data.get("last_name") or ""]
        full = data.get("name") or " ".join(filter(None, names))
        user.name = str(full)[: User._meta.get_field("name").max_length]
        return user

    def get_signup_form_initial_data(self, sociallogin: Any) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_signup_form_initial_data(sociallogin)
        return initial | {"name": sociallogin.user.name}

    def on_authentication_error(self, *_request: Any, error: Any = None, **details: Any) -> None:
        logger.warning("Single sign-on failed: %s %s", error, details.get("exception"))
