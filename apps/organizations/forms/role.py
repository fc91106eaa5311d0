"""Custom roles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.ui.crispy import C4, C8, C12, Card, LookHelper
from apps.organizations.queries import RightGroup


class RoleForm(forms.Form):
    """A name, and the rights as ticks; only rights that the member holds are on offer."""

    name = forms.CharField(label=_("Role name"), max_length=60)
    description = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    rights = forms.MultipleChoiceField(
        label=_("May do"),
        # An empty choice is refused by the operation, which says what is missing.
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"note": _("what is not ticked is hidden and refused")}),
    )
    layout = LookHelper(Card(_("The role"), C4("name"), C8("description")), Card(_("Rights"), C12("rights"))).layout

    def __init__(self, *args: Any, groups: Iterable[RightGroup] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rights"].choices = [  # type: ignore[attr-defined]
            (str(group.label), [(right.name, str(right.label)) for right in group.rights]) for group in groups
        ]
