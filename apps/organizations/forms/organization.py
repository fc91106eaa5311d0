"""Setting an organization up, and its settings."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import HTML
from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.ui.crispy import C4, C6, C8, Buttons, Card, LookHelper
from apps.core.ui.widgets import CodeInput
from apps.organizations.forms.fields import GstinField, PlaceMixin, StateField, note
from apps.organizations.models import YEAR_STARTS, Organization
from apps.organizations.rules.time_zones import time_zones


class OrganizationForm(PlaceMixin, forms.Form):
    """Setting up an organization: the business, its registration, its first branch."""

    name = forms.CharField(
        label=_("Business name"),
        max_length=120,
        widget=forms.TextInput(
            attrs={
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
        help_text=note("slug-note", _("Made from the name if left empty")),
        widget=CodeInput(attrs={"prefix": "/o/", "autocapitalize": "none"}),
    )
    gstin = GstinField()
    state_code = StateField()
    financial_year_start = forms.TypedChoiceField(
        label=_("Financial year starts in"), coerce=int, choices=YEAR_STARTS, initial=4
    )
    branch_name = forms.CharField(label=_("Branch name"), max_length=80, initial=_("Main"))
    address = forms.CharField(
        label=_("Address"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "street-address"})
    )
    city = forms.CharField(
        label=_("City"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "address-level2"})
    )
    pin_code = forms.CharField(
        label=_("PIN code"),
        max_length=10,
        widget=CodeInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = LookHelper(
            HTML('{% include "organizations/set_up_lead.html" %}'),
            Card(_("The business"), C6("name"), C6("slug"), "gstin", "state_code", C6("financial_year_start")),
            Card(
                _("The first branch"),
                C4("branch_name"),
                C8("address"),
                C8("city"),
                C4("pin_code"),
                hint=_("Others can follow, each with its own GSTIN"),
                footer=Buttons(_("Set up the organization"), cancel=""),
            ),
        )


class SettingsForm(forms.ModelForm):
    """What can be changed about an organization."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(name, label) for name, label in time_zones()],
        help_text=Organization._meta.get_field("time_zone").help_text,
    )

    layout = LookHelper(
        Card(_("The business"), C6("name"), C6("financial_year_start"), C6("time_zone")),
        Card(_("Signing in"), "require_second_factor"),
    ).layout

    class Meta:
        model = Organization
        fields = ("name", "financial_year_start", "time_zone", "require_second_factor")
