"""Why a bill is taken back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)
