"""Number series, with a preview of their numbers while they are typed."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import HTML
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.ui.crispy import C4, C6, Card, LookHelper
from apps.core.ui.widgets import CodeInput, QuantityInput
from apps.organizations.models import Branch, NumberSeries
from apps.organizations.models.series import DOCUMENT_KINDS
from apps.organizations.operations import sentence_of
from apps.organizations.rules.numbering import (
    InvalidSeries,
    check_series,
    clean_prefix,
    financial_year,
    year_label,
)

PREVIEW = "series-preview"
_PREVIEW_BOX = HTML(f'<div class="c12" id="{PREVIEW}" aria-live="polite">{{{{ preview }}}}</div>')


class SeriesForm(forms.ModelForm):
    """What the numbers of a series look like."""

    def __init__(self, *args: Any, preview_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prefix"] = forms.CharField(label=_("Prefix"), max_length=40, widget=CodeInput())
        for name in ("prefix", "width", "first_number"):
            self.fields[name].widget.attrs |= {
                "hx-get": preview_url,
                "hx-trigger": "input changed delay:250ms, load" if name == "prefix" else "input changed delay:250ms",
                "hx-target": f"#{PREVIEW}",
                "hx-include": "closest form",
                "hx-sync": "closest form:replace",
            }
        self.layout = LookHelper(self.numbers_card()).layout

    class Meta:
        model = NumberSeries
        fields: tuple[str, ...] = ("prefix", "width", "first_number")
        widgets = {"width": QuantityInput(), "first_number": QuantityInput()}

    def numbers_card(self) -> Card:
        return Card(_("The numbers"), C4("prefix"), C4("width"), C4("first_number"), _PREVIEW_BOX)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if {"prefix", "width", "first_number"} <= data.keys():
            data["prefix"] = clean_prefix(data["prefix"])
            try:
                check_series(data["prefix"], data["width"], data["first_number"])
            except InvalidSeries as error:
                self.add_error(error.field, sentence_of(error))
        return data


class SeriesCreateForm(SeriesForm):
    """A new series: of which branch, for which documents, in which year."""

    financial_year = forms.TypedChoiceField(label=_("Financial year"), coerce=int)

    class Meta(SeriesForm.Meta):
        fields = ("branch", "kind", "financial_year", "prefix", "width", "first_number")

    def __init__(self, *args: Any, start_month: int = 4, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = Branch.objects.filter(active=True)  # type: ignore[attr-defined]
        now = financial_year(timezone.localdate(), start_month)
        self.fields["financial_year"].choices = [  # type: ignore[attr-defined]
            (year, year_label(year, start_month)) for year in (now, now + 1, now - 1)
        ]
        self.fields["branch"].empty_label = _("Choose")  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("Choose")), *DOCUMENT_KINDS]  # type: ignore[attr-defined]
        for name in ("branch", "kind", "financial_year"):
            self.fields[name].widget.attrs |= {
                "hx-get": self.fields["prefix"].widget.attrs["hx-get"],
                "hx-trigger": "change",
                "hx-target": f"#{PREVIEW}",
                "hx-include": "closest form",
                "hx-sync": "closest form:replace",
            }
        self.layout = LookHelper(
            Card(_("What it numbers"), C6("branch"), C6("kind"), C6("financial_year")), self.numbers_card()
        ).layout
