"""The form that draws up a price revision: which products, what happens to their prices, and from when."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.ui.crispy import C4, C6, C8, Card
from apps.core.ui.fields import MoneyField
from apps.core.ui.widgets import DateInput
from apps.inventory.forms.fields import ManufacturerField, names_while_typing
from apps.inventory.models import DosageForm, Product, Schedule
from apps.inventory.operations.revisions import Change

_YES_NO = [("", _("Any")), ("true", _("Yes")), ("false", _("No"))]


class RevisionForm(forms.Form):
    """New prices for the products that a manufacturer, words and law choose."""

    name = forms.CharField(label=_("Called"), max_length=80, help_text=_("Such as “Lantern price list, December”."))
    effective_from = forms.DateField(label=_("Effective from"), widget=DateInput())
    manufacturer = ManufacturerField()
    words = forms.CharField(label=_("Name, salt or item code has"), max_length=60, required=False, strip=True)
    dosage_form = forms.ChoiceField(
        label=_("Dosage form"), required=False, choices=[("", _("Any")), *DosageForm.choices]
    )
    schedule = forms.ChoiceField(
        label=_("Schedule"),
        required=False,
        choices=[("", _("Any")), *((value, label) for value, label in Schedule.choices if value)],
    )
    price_controlled = forms.ChoiceField(label=_("Price controlled"), required=False, choices=_YES_NO)
    percent = forms.DecimalField(
        label=_("Change by"),
        required=False,
        min_value=Decimal("-90"),
        max_value=Decimal(900),
        decimal_places=4,
        max_digits=8,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "suffix": "%"}),
        help_text=_("Such as 10 or -4.5."),
    )
    mrp = MoneyField(
        label=_("Or new MRP"), required=False, min_value=Decimal("0.01"), max_digits=12, help_text=_("For all of them.")
    )

    layout: ClassVar[Layout] = Layout(
        Card(_("Revision"), C8("name"), C4("effective_from")),
        Card(
            _("Which products"),
            C6("manufacturer"),
            C6("words"),
            C4("dosage_form"),
            C4("schedule"),
            C4("price_controlled"),
            hint=_("All that apply; empty means any."),
        ),
        Card(_("New prices"), C4("percent"), C4("mrp"), hint=_("PTR and PTS change in the same proportion.")),
    )

    def __init__(self, *args: Any, organization: str, **kwargs: Any) -> None:
        """Args:
        organization: its web address, for names while typing.
        """
        super().__init__(*args, **kwargs)
        self.initial.setdefault("effective_from", timezone.localdate())
        address = reverse("inventory:manufacturer_names", kwargs={"organization": organization})
        self.fields["manufacturer"].widget.attrs.update(
            {"list": "manufacturer-names", **names_while_typing(address, "#manufacturer-names")}
        )

    def clean_effective_from(self) -> Any:
        day = self.cleaned_data["effective_from"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Prices of the past are not changed. Choose today or later"))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        percent, mrp = data.get("percent"), data.get("mrp")
        if "percent" in self.errors or "mrp" in self.errors:
            return data
        if (not percent) == (mrp is None):
            self.add_error("percent", _("Say either by how much prices change, or the new MRP"))
        if not self.errors and not self.products().exists():
            self.add_error(None, _("No active product is chosen by this. Choose fewer conditions"))
        return data

    def products(self) -> Any:
        """The active products that are chosen."""
        data = self.cleaned_data
        rows = Product.objects.filter(active=True)
        if words := data.get("words"):
            rows = rows.matching(words)
        chosen = {
            "manufacturer": data.get("manufacturer"),
            "form": data.get("dosage_form"),
            "schedule": data.get("schedule"),
        }
        rows = rows.filter(**{name: value for name, value in chosen.items() if value})
        if controlled := data.get("price_controlled"):
            rows = rows.filter(price_controlled=controlled == "true")
        return rows

    def change(self) -> Change:
        """What happens to the prices."""
        return Change(self.cleaned_data.get("percent"), self.cleaned_data.get("mrp"))
