"""Which labels, how many of each, on which paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui.widgets import QuantityInput
from apps.inventory.rules.labels import MOST, PAPERS


class LabelForm(forms.Form):
    """One box for each thing that gets labels. `things`: key of the box, what it says, how many at first."""

    paper = forms.ChoiceField(label=gettext_lazy("Paper"))
    used = forms.IntegerField(
        label=gettext_lazy("Labels gone from the first sheet"),
        min_value=0,
        initial=0,
        required=False,
        widget=QuantityInput(),
        help_text=gettext_lazy("So that a sheet that was begun is used up."),
    )

    def __init__(self, things: Sequence[tuple[str, str, int]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paper"].choices = [  # type: ignore[attr-defined]
            (paper.key, _(paper.caption)) for paper in PAPERS.values()
        ]
        self.things = [key for key, _label, _count in things]
        for key, label, number in things:
            self.fields[key] = forms.IntegerField(
                label=label, min_value=0, max_value=MOST, initial=number, widget=QuantityInput()
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        paper = PAPERS.get(cleaned.get("paper", ""))
        if paper and (cleaned.get("used") or 0) >= paper.per_page:
            self.add_error("used", _("A page has %(count)d labels. Type fewer than that.") % {"count": paper.per_page})
        total = sum(cleaned.get(key) or 0 for key in self.things)
        if not self.errors and total == 0:
            self.add_error(self.things[0] if self.things else None, _("Type how many labels there should be."))
        if total > MOST:
            self.add_error(
                self.things[0],
                _("That is %(total)d labels. Print at most %(most)d at once.") % {"total": total, "most": MOST},
            )
        return cleaned
