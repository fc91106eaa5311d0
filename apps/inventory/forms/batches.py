"""Taking batches out of sale and giving them back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class HoldForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("It stands with the batch and in its history: “Seal broken on two strips”."),
        widget=forms.TextInput(attrs={"span": "c12"}),
    )


class RecallForm(HoldForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("As the manufacturer or the drugs controller gives it, with the number of their letter."),
        widget=forms.TextInput(attrs={"span": "c12"}),
    )
