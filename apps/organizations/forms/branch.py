"""Branches and their drug licences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.refusals import Refusal
from apps.core.ui.crispy import C4, C6, C8, C12, Card, LookHelper
from apps.core.ui.widgets import CodeInput, DateInput
from apps.organizations.forms.fields import GstinField, LicenceNames, PlaceMixin, StateField
from apps.organizations.models import Branch, BranchLicence
from apps.organizations.models.branch import LICENCE_FORMS
from apps.organizations.operations import check_branch_code, check_licence
from apps.organizations.operations.sentences import told
from apps.organizations.rules.letterheads import InvalidLetterhead, clean_account_number, clean_fssai, clean_ifsc


class BranchForm(PlaceMixin, forms.ModelForm):
    """A branch: who it is to the tax office, and where it is."""

    gstin = GstinField()
    state_code = StateField()
    layout = LookHelper(
        Card(_("Registration"), C8("name"), C4("code"), "gstin", "state_code", "gstin_sandbox"),
        Card(_("Where it is"), "address", C8("city"), C4("pin_code"), C6("phone"), C6("email")),
        Card(
            _("On its bills"),
            "composition",
            C4("bank_name"),
            C4("bank_account"),
            C4("bank_ifsc"),
            C6("signatory"),
            C6("fssai"),
            C12("bill_terms"),
        ),
    ).layout

    class Meta:
        model = Branch
        fields = (
            "name",
            "code",
            "gstin",
            "state_code",
            "gstin_sandbox",
            "address",
            "city",
            "pin_code",
            "phone",
            "email",
            "composition",
            "bank_name",
            "bank_account",
            "bank_ifsc",
            "signatory",
            "fssai",
            "bill_terms",
        )
        widgets = {
            "code": CodeInput(),
            "pin_code": CodeInput(attrs={"inputmode": "numeric"}),
            "address": forms.Textarea(attrs={"rows": 2}),
            "phone": forms.TextInput(attrs={"type": "tel"}),
            "bill_terms": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # People type 411 001; the model keeps six digits.
        self.fields["pin_code"] = forms.CharField(
            label=_("PIN code"), max_length=10, widget=CodeInput(attrs={"inputmode": "numeric"})
        )
        # Long numbers are typed in groups; the rules join them.
        for name, label in (("bank_account", _("Account number")), ("bank_ifsc", _("IFSC")), ("fssai", _("FSSAI"))):
            self.fields[name] = forms.CharField(label=label, required=False, max_length=40, widget=CodeInput())

    def clean_bank_account(self) -> str:
        return self._cleaned("bank_account", clean_account_number)

    def clean_bank_ifsc(self) -> str:
        return self._cleaned("bank_ifsc", clean_ifsc)

    def clean_fssai(self) -> str:
        return self._cleaned("fssai", clean_fssai)

    def _cleaned(self, name: str, clean: Callable[[str], str]) -> str:
        try:
            return clean(self.cleaned_data[name])
        except InvalidLetterhead as broken:
            raise forms.ValidationError(told(broken)) from None

    def clean_code(self) -> str:
        try:
            return check_branch_code(self.cleaned_data["code"])
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from None


class LicenceForm(LicenceNames, forms.ModelForm):
    """A drug licence of a branch; the form is read from the number where that names it."""

    form = forms.ChoiceField(label=_("Form"), required=False, choices=[("", _("As the number says")), *LICENCE_FORMS])
    layout = LookHelper(Card(_("The licence"), C6("number"), C6("form"), C6("valid_from"), C6("valid_to"))).layout

    class Meta:
        model = BranchLicence
        fields = ("number", "form", "valid_from", "valid_to")
        widgets = {"valid_from": DateInput(), "valid_to": DateInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Long licence numbers are refused by the rule, which says so in words.
        self.fields["number"] = forms.CharField(
            label=_("Licence number"),
            max_length=80,
            help_text=_("As printed on it, such as 20B-MH-123456"),
            widget=CodeInput(),
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if {"number", "form", "valid_from", "valid_to"} <= data.keys():
            try:
                found = check_licence(**{name: data[name] for name in ("number", "form", "valid_from", "valid_to")})
            except Refusal as refusal:
                self.add_error(refusal.field, str(refusal))
            else:
                data |= {"form": found.form.value, "number": found.number}
        return data
