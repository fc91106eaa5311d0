"""Places where goods lie."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _

from apps.core.ui.widgets import CodeInput
from apps.inventory.models import Place, PlaceKind
from apps.organizations.models import Branch

# What lies inside what: a bin in a rack or godown, a rack in a godown. All others stand by themselves.
_LIES_IN = {
    PlaceKind.RACK: frozenset({PlaceKind.GODOWN, PlaceKind.QUARANTINE, PlaceKind.EXPIRED}),
    PlaceKind.BIN: frozenset({PlaceKind.RACK, PlaceKind.GODOWN, PlaceKind.QUARANTINE, PlaceKind.EXPIRED}),
}


class PlaceForm(forms.ModelForm[Place]):
    """A place. What it is for stays once goods have moved through it."""

    class Meta:
        model = Place
        fields = ("branch", "kind", "name", "parent", "code")
        widgets = {"code": CodeInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branch = cast(forms.ModelChoiceField, self.fields["branch"])
        branch.queryset = Branch.objects.filter(active=True)
        cast(forms.ModelChoiceField, self.fields["parent"]).queryset = (
            Place.objects.filter(active=True, kind__in=frozenset[PlaceKind]().union(*_LIES_IN.values()))
            .exclude(pk=self.instance.pk)
            .select_related("branch")
        )
        if self.instance.pk and self.instance.moves.exists():
            # Goods that lie here were counted as for sale or not, and in this branch's books.
            branch.disabled = self.fields["kind"].disabled = True
            self.fields["kind"].help_text = _("Goods have moved through this place, so kind and branch stay.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        kind, parent, branch = cleaned.get("kind"), cleaned.get("parent"), cleaned.get("branch")
        if parent is None or kind is None:
            return cleaned
        allowed = _LIES_IN.get(PlaceKind(kind))
        if allowed is None:
            self.add_error("parent", _("Only a rack or a bin lies in another place. Leave this empty."))
        elif parent.kind not in allowed:
            self.add_error(
                "parent",
                _("A %(kind)s does not lie in a %(parent)s.")
                % {"kind": PlaceKind(kind).label.lower(), "parent": parent.get_kind_display().lower()},
            )
        elif branch and parent.branch_id != branch.pk:
            self.add_error("parent", _("%(parent)s belongs to another branch.") % {"parent": parent})
        elif self.instance.pk and self._lies_in_itself(parent):
            self.add_error("parent", _("%(parent)s lies in this place.") % {"parent": parent})
        return cleaned

    def _lies_in_itself(self, parent: Place) -> bool:
        above: Place | None = parent
        while above is not None:
            if above.pk == self.instance.pk:
                return True
            above = above.parent
        return False
