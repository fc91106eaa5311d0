"""Forms of parties and of what belongs to them. They check values; doubles are the database's to refuse."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.ui.crispy import C4, C6, C8, C12, Card
from apps.core.ui.widgets import CodeInput, DateInput, MoneyInput
from apps.organizations.forms.fields import GstinField, LicenceNames, StateField, note
from apps.organizations.operations.sentences import told
from apps.organizations.rules.contacts import InvalidPinCode, clean_pin_code
from apps.organizations.rules.gstin import InvalidGstin, InvalidPan, parse_pan, validate_gstin
from apps.organizations.rules.licences import InvalidLicence, LicenceForm, parse_licence
from apps.organizations.rules.states import ABROAD, state_label
from apps.parties.models import (
    PARTY_STATES,
    Party,
    PartyAddress,
    PartyContact,
    PartyLicence,
    PriceGroup,
    Registration,
    Route,
)
from apps.parties.queries import sandbox_allowed

_WITH_GSTIN = {Registration.REGULAR, Registration.COMPOSITION, Registration.SEZ}
_CREDIT = ("credit_limit", "credit_days")


def pin_code_of(text: str) -> str:
    """A PIN code as it is kept; none is as good as any.

    Raises:
        ValidationError: it is no PIN code.
    """
    try:
        return clean_pin_code(text) if text.strip() else ""
    except InvalidPinCode as broken:
        raise forms.ValidationError(told(broken)) from None


def clean_phone(text: str) -> str:
    """A phone number with at least six digits; signs between them stay as typed.

    Raises:
        ValidationError: there are letters in it, or too few digits.
    """
    if text and (not re.fullmatch(r"[+0-9 ().,/-]+", text) or len(re.sub(r"\D", "", text)) < 6):
        raise forms.ValidationError(_("Type a phone number, such as 98765 43210"))
    return text


class PartyForm(forms.ModelForm[Party]):
    """A customer or supplier."""

    layout: ClassVar[Layout] = Layout(
        Card(
            _("Who they are"),
            C6("name"),
            C6("registration"),
            C4("gstin"),
            C4("pan"),
            C4("state_code"),
            C4("is_customer"),
            C4("is_supplier"),
        ),
        Card(_("Where they are"), C8("address"), C4("city"), C4("pin_code"), C4("phone"), C4("email")),
        Card(
            _("Terms"),
            C4("credit_limit"),
            C4("credit_days"),
            C4("minimum_shelf_life_days"),
            C6("route"),
            C6("price_group"),
        ),
    )

    gstin = GstinField()
    state_code = StateField()

    class Meta:
        model = Party
        fields = (
            "name",
            "registration",
            "gstin",
            "pan",
            "state_code",
            "is_customer",
            "is_supplier",
            "address",
            "city",
            "pin_code",
            "phone",
            "email",
            "credit_limit",
            "credit_days",
            "minimum_shelf_life_days",
            "route",
            "price_group",
        )
        widgets: ClassVar[dict[str, Any]] = {
            "pan": CodeInput(attrs={"autocapitalize": "characters"}),
            "address": forms.TextInput(),
            "pin_code": CodeInput(attrs={"inputmode": "numeric"}),
            "phone": CodeInput(attrs={"inputmode": "tel"}),
            "credit_limit": MoneyInput(),
            "credit_days": forms.NumberInput(attrs={"suffix": _("days")}),
            "minimum_shelf_life_days": forms.NumberInput(attrs={"suffix": _("days")}),
        }
        help_texts: ClassVar[dict[str, Any]] = {"phone": note("look-alikes")}

    def __init__(self, *args: Any, organization: str, may_set_credit: bool, **kwargs: Any) -> None:
        """Args:
        organization: its web address, for the checks while typing.
        may_set_credit: whether the member may change limit and days; otherwise they are shown and stay.
        """
        super().__init__(*args, **kwargs)
        self.fields["state_code"].choices = [("", _("Choose")), *PARTY_STATES]  # type: ignore[attr-defined]
        for name in _CREDIT:
            self.fields[name].disabled = not may_set_credit
        self._check_while_typing(organization)

    def _check_while_typing(self, organization: str) -> None:
        if sandbox_allowed():
            self.fields["gstin"].widget.attrs["hx-get"] = f"{reverse('organizations:gstin_check')}?gstin_sandbox=on"
        address = reverse("parties:look_alikes", kwargs={"organization": organization})
        if self.instance.pk:
            address += f"?but={self.instance.pk}"
        self.fields["phone"].widget.attrs |= {
            "hx-get": address,
            "hx-trigger": "change, change from:#id_gstin, change from:#id_pan",
            "hx-target": "#look-alikes",
            "hx-include": "#id_gstin, #id_pan, #id_phone",
        }

    def clean_gstin(self) -> str:
        text = self.cleaned_data["gstin"].strip()
        if not text:
            return ""
        try:
            self.found = validate_gstin(text, sandbox=sandbox_allowed())
        except InvalidGstin as broken:
            raise forms.ValidationError(told(broken)) from None
        return self.found.text

    def clean_pan(self) -> str:
        text = self.cleaned_data["pan"].strip()
        if not text:
            return ""
        try:
            return parse_pan(text).text
        except InvalidPan as broken:
            raise forms.ValidationError(told(broken)) from None

    def clean_pin_code(self) -> str:
        return pin_code_of(self.cleaned_data["pin_code"])

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._agree_with_registration(data)
        self._agree_with_gstin(data)
        if not data.get("state_code") and "state_code" not in self.errors and "gstin" not in self.errors:
            self.add_error("state_code", _("Choose the State"))
        if not data.get("is_customer") and not data.get("is_supplier"):
            self.add_error("is_customer", _("Say whether you sell to them, buy from them, or both"))
        return data

    def _agree_with_registration(self, data: dict[str, Any]) -> None:
        if "gstin" in self.errors:
            return
        registration, gstin = data.get("registration"), data.get("gstin")
        if registration in _WITH_GSTIN and not gstin:
            self.add_error("gstin", _("A registered party has a GSTIN. Type it, or choose Unregistered"))
        elif registration not in _WITH_GSTIN and gstin:
            self.add_error("registration", _("A party with a GSTIN is registered. Choose how"))
        if registration == Registration.OVERSEAS and not data.get("state_code"):
            data["state_code"] = ABROAD

    def _agree_with_gstin(self, data: dict[str, Any]) -> None:
        found = getattr(self, "found", None)
        if found is None:
            return
        if not data.get("state_code"):
            data["state_code"] = found.current_state_code
        elif not found.in_state(data["state_code"]):
            self.add_error(
                "state_code",
                _("The GSTIN is of %(state)s. Choose that State, or correct the GSTIN")
                % {"state": state_label(found.current_state_code)},
            )
        if found.pan is None:
            return
        if not data.get("pan") and "pan" not in self.errors:
            data["pan"] = found.pan.text
        elif data.get("pan") and data["pan"] != found.pan.text:
            self.add_error("pan", _("The GSTIN holds the PAN %(pan)s") % {"pan": found.pan.text})


class LicenceOfParty(LicenceNames, forms.ModelForm[PartyLicence]):
    """A drug licence of a party."""

    class Meta:
        model = PartyLicence
        fields = ("form", "number", "valid_from", "valid_to")
        widgets: ClassVar[dict[str, Any]] = {
            "number": CodeInput(attrs={"autocapitalize": "characters"}),
            "valid_from": DateInput(),
            "valid_to": DateInput(),
        }

    layout: ClassVar[Layout] = Layout(
        Card(_("Drug licence"), C6("form"), C6("number"), C6("valid_from"), C6("valid_to"))
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("form") and data.get("number"):
            try:
                data["number"] = parse_licence(data["number"], LicenceForm(data["form"])).number
            except InvalidLicence as broken:
                self.add_error("number", told(broken))
        if data.get("valid_from") and data.get("valid_to") and data["valid_to"] < data["valid_from"]:
            self.add_error("valid_to", _("A licence ends on or after the day it begins"))
        return data


class AddressOfParty(forms.ModelForm[PartyAddress]):
    """A further place of a party."""

    class Meta:
        model = PartyAddress
        fields = ("name", "address", "city", "pin_code", "state_code")
        widgets: ClassVar[dict[str, Any]] = {
            "address": forms.TextInput(),
            "pin_code": CodeInput(attrs={"inputmode": "numeric"}),
        }

    layout: ClassVar[Layout] = Layout(
        Card(_("Address"), C6("name"), C12("address"), C4("city"), C4("pin_code"), C4("state_code"))
    )

    def clean_pin_code(self) -> str:
        return pin_code_of(self.cleaned_data["pin_code"])


class ContactOfParty(forms.ModelForm[PartyContact]):
    """A person at a party."""

    class Meta:
        model = PartyContact
        fields = ("name", "position", "phone", "email")
        widgets: ClassVar[dict[str, Any]] = {"phone": CodeInput(attrs={"inputmode": "tel"})}

    layout: ClassVar[Layout] = Layout(Card(_("Contact"), C6("name"), C6("position"), C6("phone"), C6("email")))

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])


class RouteForm(forms.ModelForm[Route]):
    class Meta:
        model = Route
        fields = ("name",)


class PriceGroupForm(forms.ModelForm[PriceGroup]):
    class Meta:
        model = PriceGroup
        fields = ("name",)
