"""Forms that begin a document for a customer."""

from __future__ import annotations

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui.crispy import C6, C12, Card
from apps.core.ui.widgets import DateInput
from apps.organizations.models import Branch


class BeginForm(forms.Form):
    """Where and on which day."""

    branch = forms.ModelChoiceField(label=gettext_lazy("Branch"), queryset=Branch.objects.none(), empty_label=None)
    on_date = forms.DateField(label=gettext_lazy("Date"), widget=DateInput())

    layout: ClassVar[Layout] = Layout(Card(gettext_lazy("The document"), C6("branch"), C6("on_date")))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branches = Branch.objects.filter(active=True).order_by("pk")
        self.fields["branch"].queryset = branches  # type: ignore[attr-defined]
        self.fields["branch"].initial = branches.first()
        self.fields["on_date"].initial = timezone.localdate()

    def clean_on_date(self) -> Any:
        day = self.cleaned_data["on_date"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Choose today or an earlier day."))
        return day


class ReturnForm(BeginForm):
    """Where and on which day goods come back, and a word on it."""

    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    layout: ClassVar[Layout] = Layout(Card(gettext_lazy("The return"), C6("branch"), C6("on_date"), C12("note")))
