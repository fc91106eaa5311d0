"""Forms of organizations. They check values; what needs the database or other rows is refused by the operations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core.ui.crispy import Buttons, Card, LookHelper
from apps.core.ui.widgets import CodeInput
from apps.organizations.models import YEAR_STARTS
from apps.organizations.rules.states import STATE_CHOICES

GSTIN_NOTE = format_html('<span id="gstin-note" aria-live="polite">{}</span>', "")


class StateField(forms.ChoiceField):
    """The State, filled in from the GSTIN while that is typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("", _("Choose")), *STATE_CHOICES],
            **{
                "label": _("State"),
                "required": False,
                "widget": forms.Select(attrs={"span": "c4", "note": "", "autocomplete": "off"}),
                **kwargs,
            },
        )


class GstinField(forms.CharField):
    """A GSTIN, checked on the server while it is typed; the answer arrives in the note under it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("GSTIN"),
                "required": False,
                "max_length": 30,
                "help_text": GSTIN_NOTE,
                "widget": CodeInput(
                    attrs={
                        "span": "c4",
                        "note": _("leave empty if unregistered"),
                        "hx-get": reverse_lazy("organizations:gstin_check"),
                        "hx-trigger": "input changed delay:250ms",
                        "hx-target": "#gstin-note",
                        "hx-include": "#id_gstin_sandbox",
                        "hx-sync": "this:replace",
                    }
                ),
                **kwargs,
            },
        )


class StateForm(forms.Form):
    """The State alone, as the check of a GSTIN sends it back."""

    state_code = StateField(help_text=_("Filled in from the GSTIN"))


class OrganizationForm(forms.Form):
    """Setting up an organization: the business, its registration, its first branch."""

    name = forms.CharField(
        label=_("Business name"),
        max_length=120,
        widget=forms.TextInput(
            attrs={
                "span": "c6",
                "autocomplete": "organization",
                "hx-get": reverse_lazy("organizations:slug_suggestion"),
                "hx-trigger": "input changed delay:250ms",
                "hx-target": "#slug-note",
                "hx-sync": "this:replace",
            }
        ),
    )
    slug = forms.CharField(
        label=_("Web address"),
        required=False,
        max_length=60,
        help_text=format_html(
            '<span id="slug-note" aria-live="polite">{}</span>', _("Made from the name if left empty")
        ),
        widget=CodeInput(attrs={"span": "c6", "prefix": "/o/", "autocapitalize": "none"}),
    )
    gstin = GstinField()
    state_code = StateField()
    financial_year_start = forms.TypedChoiceField(
        label=_("Financial year starts in"),
        coerce=int,
        choices=YEAR_STARTS,
        initial=4,
        widget=forms.Select(attrs={"span": "c4"}),
    )
    branch_name = forms.CharField(
        label=_("Branch name"), max_length=80, initial=_("Main"), widget=forms.TextInput(attrs={"span": "c4"})
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=300,
        widget=forms.TextInput(attrs={"span": "c8", "autocomplete": "street-address"}),
    )
    city = forms.CharField(
        label=_("City"), max_length=60, widget=forms.TextInput(attrs={"span": "c4", "autocomplete": "address-level2"})
    )
    pin_code = forms.CharField(
        label=_("PIN code"),
        max_length=10,
        widget=CodeInput(attrs={"span": "c4", "inputmode": "numeric", "autocomplete": "postal-code"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = LookHelper(
            Card(_("The business"), "name", "slug", "gstin", "state_code", "financial_year_start"),
            Card(
                _("The first branch"),
                "branch_name",
                "address",
                "city",
                "pin_code",
                hint=_("Others can follow, each with its own GSTIN"),
                footer=Buttons(_("Set up the organization"), cancel=""),
            ),
        )
        self.helper.form_tag = True
