"""Fields that several forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core.refusals import Refusal
from apps.core.ui.widgets import CodeInput
from apps.organizations.operations import check_pin_code, check_registration
from apps.organizations.rules.states import STATE_CHOICES


def note(key: str, text: Any = "") -> str:
    """A hint under a field that a fragment replaces while somebody types."""
    return format_html('<span id="{}" aria-live="polite">{}</span>', key, text)


class LicenceNames:
    """Mixin: what the page calls the fields of a drug licence.

    A control called "form" hides the property of that name, with which htmx finds what to send: nothing would be sent.
    """

    def add_prefix(self, field_name: str) -> str:
        name: str = super().add_prefix("licence_form" if field_name == "form" else field_name)  # type: ignore[misc]
        return name


class StateField(forms.ChoiceField):
    """The State, filled in from the GSTIN while that is typed."""

    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {
            "label": _("State"),
            "required": False,
            "widget": forms.Select(attrs={"note": _("also if unregistered"), "autocomplete": "off"}),
        }
        super().__init__(choices=[("", _("Choose")), *STATE_CHOICES], **{**given, **kwargs})


class GstinField(forms.CharField):
    """A GSTIN, checked on the server while it is typed; the answer arrives in the note under it."""

    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {
            "label": _("GSTIN"),
            "required": False,
            "max_length": 40,
            "help_text": note("gstin-note"),
            "widget": CodeInput(
                attrs={
                    "note": _("leave empty if unregistered"),
                    "hx-get": reverse_lazy("organizations:gstin_check"),
                    "hx-trigger": "input changed delay:250ms, change from:#id_gstin_sandbox",
                    "hx-target": "#gstin-note",
                    "hx-include": "#id_gstin_sandbox",
                    "hx-sync": "this:replace",
                }
            ),
        }
        super().__init__(**{**given, **kwargs})


class StateForm(forms.Form):
    """The State alone, as the check of a GSTIN sends it back."""

    state_code = StateField(help_text=_("Filled in from the GSTIN"))


class PlaceMixin(forms.BaseForm):
    """Checks shared by everything with a GSTIN, a State and a PIN code, each beside its own field."""

    def clean_pin_code(self) -> str:
        try:
            return check_pin_code(self.cleaned_data["pin_code"])
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "gstin" in data and "state_code" in data:
            try:
                data["gstin"], data["state_code"] = check_registration(
                    gstin=data["gstin"], state_code=data["state_code"], sandbox=data.get("gstin_sandbox", False)
                )
            except Refusal as refusal:
                self.add_error(refusal.field, str(refusal))
        return data
