"""Inviting people, and changing what they may do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.ui.crispy import C6, C12, Card, LookHelper
from apps.core.ui.widgets import DateInput
from apps.organizations.models import Membership, Role

ENDS_ON_HINT = _("Access ends after this day. Every auditor needs one.")


class _RoleChoice(forms.ModelChoiceField):
    """A role with what it is for."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.description}" if obj.description else obj.name


class InviteForm(forms.Form):
    """Somebody new. Offers the roles whose rights the inviting member holds."""

    email = forms.EmailField(label=_("E-mail"), help_text=_("The invitation works only for this address."))
    role = _RoleChoice(label=_("Role"), queryset=None, empty_label=_("Choose"))
    ends_on = forms.DateField(label=_("Last day"), required=False, help_text=ENDS_ON_HINT, widget=DateInput())
    layout = LookHelper(Card(_("Whom, and as what"), C6("email"), C6("ends_on"), C12("role"))).layout

    def __init__(self, *args: Any, roles: Iterable[Role] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["role"], roles)


class MemberForm(forms.ModelForm):
    """A member's role and last day."""

    role = _RoleChoice(label=_("Role"), queryset=None, empty_label=_("Choose"))
    layout = LookHelper(Card(_("What they may do"), C12("role"), C6("ends_on"))).layout

    class Meta:
        model = Membership
        fields = ("role", "ends_on")
        widgets = {"ends_on": DateInput()}

    def __init__(self, *args: Any, roles: Iterable[Role] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["role"], roles)


def _offer(field: Any, roles: Iterable[Role]) -> None:
    field.queryset = Role.objects.filter(pk__in=[role.pk for role in roles]).order_by("id")
