"""The part of signing up that is the same by password, by passkey and by single sign-on.

allauth builds its own forms on top of this one while it loads, so nothing here may import allauth's forms.
"""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User


class PersonForm(forms.Form):
    """Who is signing up."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Type your name.")},
    )

    field_order = ["name", "email", "password1"]

    def signup(self, _request: HttpRequest, _user: User) -> None:
        """Called by allauth once the person is saved; the adapter has set the name before."""
