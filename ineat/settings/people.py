"""Sign-in: django-allauth, second factors, passkeys, single sign-on, e-mail."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from ineat import environment

from .base import PRODUCT_NAME

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
# A link in a mail nobody asked for must not stay useful.
PASSWORD_RESET_TIMEOUT = 60 * 60

SESSION_ENGINE = "apps.accounts.sessions"

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "apps.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "apps.accounts.signup.PersonForm"
ACCOUNT_FORMS = {
    "login": "apps.accounts.forms.SignInForm",
    "signup": "apps.accounts.forms.SignUpForm",
    "change_password": "apps.accounts.forms.PasswordChangeForm",
    "set_password": "apps.accounts.forms.PasswordSetForm",
    "reset_password": "apps.accounts.forms.PasswordResetForm",
    "reset_password_from_key": "apps.accounts.forms.NewPasswordForm",
    "reauthenticate": "apps.accounts.forms.PasswordAgainForm",
    "add_email": "apps.accounts.forms.EmailChangeForm",
    "confirm_email_verification_code": "apps.accounts.forms.EmailCodeForm",
}
# By code and not by link: the mail may be read on a phone while the counter PC waits, and scanners follow links.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
# Not by correcting the address on the code page: allauth offers that only for addresses that were free, which tells
# anybody who asks which addresses are taken.
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = 5
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
# Limits hold across processes through the shared cache. A whole shop may stand behind one address, so the limits per
# address are wide and those per person narrow.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "30/m/ip,5/5m/key",
    "login": "60/m/ip",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,3/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
}

MFA_ADAPTER = "apps.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "apps.accounts.forms.CodeForm",
    "reauthenticate": "apps.accounts.forms.CodeAgainForm",
    "authenticate_webauthn": "apps.accounts.forms.PasskeyForm",
    "reauthenticate_webauthn": "apps.accounts.forms.PasskeyAgainForm",
    "login_webauthn": "apps.accounts.forms.PasskeySignInForm",
    "add_webauthn": "apps.accounts.forms.PasskeyAddForm",
    "signup_webauthn": "apps.accounts.forms.PasskeySignUpForm",
    "edit_webauthn": "apps.accounts.forms.PasskeyNameForm",
    "activate_totp": "apps.accounts.forms.AppActivateForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_TOTP_ISSUER = PRODUCT_NAME
# Clocks of shop phones drift: the code before and the one after count too (RFC 6238, section 5.2).
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": "30/m/ip"}

# How many proxies of ours stand in front; 0 means X-Forwarded-For is not believed, so nobody can invent an address.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number(
    "TRUSTED_PROXY_COUNT", 1 if environment.flag("BEHIND_PROXY", default=environment.mode() == "production") else 0
)

SOCIALACCOUNT_ADAPTER = "apps.accounts.adapters.SingleSignOnAdapter"
SOCIALACCOUNT_FORMS = {"signup": "apps.accounts.forms.SingleSignOnSignUpForm"}
# The issuer is the business's own directory, so an address it calls verified lets its holder in (OpenID Connect Core
# 1.0, section 5.1, email_verified). allauth wipes a password that was set before the address was verified here.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False


def single_sign_on() -> dict[str, Any]:
    """allauth's provider of OIDC_ISSUER; empty when there is none.

    Raises:
        ImproperlyConfigured: an issuer without client, or one whose answers anybody on the way could change.
    """
    issuer = environment.text("OIDC_ISSUER").rstrip("/")
    if not issuer:
        return {}
    client, secret = environment.text("OIDC_CLIENT_ID"), environment.text("OIDC_CLIENT_SECRET")
    if not client or not secret:
        raise ImproperlyConfigured("OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET beside it.")
    if urlsplit(issuer).scheme != "https" and environment.mode() == "production":
        raise ImproperlyConfigured(f"OIDC_ISSUER must be an https address, not {issuer}.")
    app = {
        "provider_id": "sso",
        "name": environment.text("OIDC_NAME") or "single sign-on",
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": issuer},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


SOCIALACCOUNT_PROVIDERS = single_sign_on()


def outgoing_mail(url: str) -> dict[str, Any]:
    """Django's e-mail settings for EMAIL_URL: smtps://user:password@host:465, smtp+tls://…:587 or smtp://host:25.

    Without one, mails are printed where the server runs.

    Raises:
        ImproperlyConfigured: another kind of address.
    """
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(url)
    ports = {"smtps": 465, "smtp+tls": 587, "smtp": 25}
    if parts.scheme not in ports or not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL must look like smtps://user:password@mail.example:465.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": int(parse_qs(parts.query).get("timeout", ["10"])[0]),
    }


globals().update(outgoing_mail(environment.text("EMAIL_URL")))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.text("DEFAULT_FROM_EMAIL") or f"{PRODUCT_NAME} <no-reply@localhost>"
