"""Words that go with a decision about a bill."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class AnswerForm(forms.Form):
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
