"""Forms of sign-in, second factors and the account: allauth's checks with our words and controls."""

from __future__ import annotations

import struct
from typing import Any, ClassVar

from allauth.account import forms as account_forms
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as code_forms
from allauth.mfa.totp import forms as app_forms
from allauth.mfa.webauthn import forms as passkey_forms
from allauth.socialaccount import forms as social_forms
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts import operations
from apps.accounts.languages import offered
from apps.accounts.models import User

_WORDS: dict[str, tuple[Any, Any]] = {
    "login": (_("Work e-mail"), _("Type your e-mail address.")),
    "email": (_("Work e-mail"), _("Type an e-mail address.")),
    "password": (_("Password"), _("Type your password.")),
    "oldpassword": (_("Current password"), _("Type your current password.")),
    "password1": (_("New password"), _("Type a new password.")),
    "password2": (_("New password again"), _("Type the new password a second time.")),
    "code": (_("Code"), _("Type the code.")),
    "credential": ("", _("The passkey gave no answer. Try again, or use another way to sign in.")),
}
_HINTS = {"password1": _("10 characters or more. A few words are easier to type than signs.")}


class InOurWords:
    """Puts our labels, hints and messages on the fields that allauth declares."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in _WORDS:
                field.label, field.error_messages["required"] = _WORDS[name]
                field.help_text = _HINTS.get(name, "")
            if name == "code":
                # Digits only, but never type=number: it drops a leading zero.
                field.widget.attrs |= {"inputmode": "numeric", "class": "code", "autofocus": True}
            if name in {"login", "email"}:
                field.error_messages["invalid"] = _("This is not an e-mail address. It looks like name@business.in.")


class SignInForm(InOurWords, account_forms.LoginForm):
    """E-mail, password, and how long to stay."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["remember"].label = _("Keep me signed in on this counter PC for 12 hours")

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponseBase:
        response: HttpResponseBase = super().login(request, redirect_url)
        if self.cleaned_data["remember"]:
            operations.keep_signed_in(request.session, now=timezone.now())
        return response


class SignUpForm(InOurWords, account_forms.SignupForm):
    """Name, e-mail and password; by passkey the password is left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "username"
        if "password1" in self.fields:
            self.fields["password1"].label = _("Password")
            self.fields["password1"].error_messages["required"] = _("Choose a password.")

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponseBase | None]:
        if self.account_already_exists:
            # Hashing takes most of the time; leaving it out would tell with a stop-watch that the address is taken.
            make_password(self.cleaned_data.get("password1"))
        return super().try_save(request)  # type: ignore[no-any-return]


class SingleSignOnSignUpForm(InOurWords, social_forms.SignupForm):
    """What the directory did not say about somebody who comes for the first time."""


class PasswordChangeForm(InOurWords, account_forms.ChangePasswordForm):
    """Current password, then the new one once: it can be shown while typing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]


class PasswordSetForm(InOurWords, account_forms.SetPasswordForm):
    """A first password for somebody who signs in by passkey or single sign-on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]


class NewPasswordForm(InOurWords, account_forms.ResetPasswordKeyForm):
    """The new password after a reset link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]


class PasswordResetForm(InOurWords, account_forms.ResetPasswordForm):
    """Where to send the reset link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "username"


class PasswordAgainForm(InOurWords, account_forms.ReauthenticateForm):
    """The password once more, before something sensitive."""


class EmailChangeForm(InOurWords, account_forms.AddEmailForm):
    """The new address; it counts only once its code has been typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail")


class EmailCodeForm(InOurWords, account_forms.ConfirmEmailVerificationCodeForm):
    """The code from the mail."""


class CodeForm(InOurWords, code_forms.AuthenticateForm):
    """Six digits from the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("Six digits from your authenticator app, or one of your recovery codes.")


class CodeAgainForm(InOurWords, code_forms.ReauthenticateForm):
    """A code once more, before something sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("Six digits from your authenticator app, or one of your recovery codes.")


class AppActivateForm(InOurWords, app_forms.ActivateTOTPForm):
    """Proof that the app has taken the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code from the app")
        self.fields["code"].help_text = _("Six digits. They change every 30 seconds.")


class _Answer(InOurWords):
    """An answer of a browser's authenticator, which anybody can send in any shape.

    The decoder behind it stumbles over broken ones in its own ways; all of them are a refusal, none is a fault of ours.
    """

    cleaned_data: dict[str, Any]
    broken = (ValueError, TypeError, LookupError, AttributeError, struct.error)

    def clean_credential(self) -> Any:
        check = getattr(super(), "clean_credential", None)
        try:
            return check() if check else self.cleaned_data["credential"]
        except self.broken as error:
            raise get_adapter().validation_error("incorrect_code") from error

    def clean(self) -> Any:
        try:
            return super().clean()  # type: ignore[misc]
        except self.broken as error:
            raise get_adapter().validation_error("incorrect_code") from error


class PasskeyForm(_Answer, passkey_forms.AuthenticateWebAuthnForm):
    """A passkey as second factor."""


class PasskeyAgainForm(_Answer, passkey_forms.ReauthenticateWebAuthnForm):
    """A passkey once more, before something sensitive."""


class PasskeySignInForm(_Answer, passkey_forms.LoginWebAuthnForm):
    """A passkey alone, and how long to stay."""

    remember = forms.BooleanField(required=False, widget=forms.HiddenInput)


class PasskeyAddForm(_Answer, passkey_forms.AddWebAuthnForm):
    """A new passkey and its name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_of_passkey(self.fields["name"])
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].label = _("Sign in with this alone, without a password")
        self.fields["passwordless"].help_text = _("Needs a fingerprint, a face or a PIN on the device.")


class PasskeySignUpForm(_Answer, passkey_forms.SignupWebAuthnForm):
    """The first passkey of somebody who signs up without a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_of_passkey(self.fields["name"])


class PasskeyNameForm(InOurWords, passkey_forms.EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_of_passkey(self.fields["name"])
        self.fields["name"].required = True
        self.fields["name"].error_messages["required"] = _("Type a name, such as “Counter PC”.")


def _name_of_passkey(field: forms.Field) -> None:
    field.label = _("Name of this passkey")
    field.help_text = _("So that you know later which one it is.")
    field.widget.attrs |= {"maxlength": 60, "autocomplete": "off"}
    field.validators.append(_at_most_60)


def _at_most_60(value: str) -> None:
    if len(value) > 60:
        raise forms.ValidationError(_("Use 60 characters or fewer."))


class AccountForm(forms.ModelForm[User]):
    """What a person decides about themselves."""

    language = forms.ChoiceField(label=_("Language"), required=False)

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["name", "density", "single_keys"]
        labels: ClassVar[dict[str, Any]] = {
            "name": _("Your name"),
            "single_keys": _("Single-key shortcuts, such as / to search"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "name": _("Colleagues see it beside what you change."),
            "density": _("Compact shows more rows at once."),
            "single_keys": _("Turn off if you use speech input."),
        }
        error_messages: ClassVar[dict[str, Any]] = {"name": {"required": _("Type your name.")}}
        widgets: ClassVar[dict[str, Any]] = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = offered(settings.LOCALE_PATHS)
        if len(choices) < 2:
            del self.fields["language"]  # nothing to choose from until a translation is compiled
            return
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = choices
        field.initial = language
