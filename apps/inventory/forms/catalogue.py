"""Forms of manufacturers, salts and prices."""

from __future__ import annotations

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.ui.crispy import C4, C6, C8, C12, Card
from apps.core.ui.fields import MoneyField
from apps.core.ui.widgets import DateInput
from apps.inventory.models import Manufacturer, ProductPrice, Salt


class ManufacturerForm(forms.ModelForm[Manufacturer]):
    """A manufacturer with its terms."""

    layout: ClassVar[Layout] = Layout(
        Card(_("Manufacturer"), C12("name")),
        Card(_("Prices"), C12("convention"), C6("retailer_margin"), C6("stockist_margin")),
        Card(
            _("Returns and claims"),
            C6("return_window_before_days"),
            C6("return_window_after_days"),
            C12("claim_address"),
        ),
    )

    class Meta:
        model = Manufacturer
        fields = (
            "name",
            "convention",
            "retailer_margin",
            "stockist_margin",
            "return_window_before_days",
            "return_window_after_days",
            "claim_address",
        )
        widgets: ClassVar[dict[str, Any]] = {
            "retailer_margin": forms.TextInput(attrs={"inputmode": "decimal", "suffix": "%"}),
            "stockist_margin": forms.TextInput(attrs={"inputmode": "decimal", "suffix": "%"}),
            "return_window_before_days": forms.NumberInput(attrs={"suffix": _("days before expiry")}),
            "return_window_after_days": forms.NumberInput(attrs={"suffix": _("days after expiry")}),
            "claim_address": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("retailer_margin", "stockist_margin"):
            self.initial[name] = f"{getattr(self.instance, name).normalize():f}"


class SaltForm(forms.ModelForm[Salt]):
    """A salt."""

    class Meta:
        model = Salt
        fields = ("name",)
        help_texts: ClassVar[dict[str, Any]] = {"name": _("The generic (INN) name, such as Amoxicillin.")}


class PriceForm(forms.ModelForm[ProductPrice]):
    """Prices of a product from a day on."""

    mrp = MoneyField(label=_("MRP"), max_digits=12)
    ptr = MoneyField(
        label=_("PTR"),
        max_digits=14,
        decimal_places=4,
        required=False,
        help_text=_("Without tax. Empty follows from the MRP and the margins."),
    )
    pts = MoneyField(label=_("PTS"), max_digits=14, decimal_places=4, required=False)

    layout: ClassVar[Layout] = Layout(
        Card(_("Price"), C4("effective_from"), C8("mrp"), C6("ptr"), C6("pts")),
    )

    class Meta:
        model = ProductPrice
        fields = ("effective_from", "mrp", "ptr", "pts")
        widgets: ClassVar[dict[str, Any]] = {"effective_from": DateInput()}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        mrp = data.get("mrp")
        if mrp is not None and mrp <= 0:
            self.add_error("mrp", _("An MRP is more than 0"))
        for name in ("ptr", "pts"):
            rate = data.get(name)
            if rate is None or mrp is None:
                continue
            if rate < 0:
                self.add_error(name, _("A price is not below 0"))
            elif rate > mrp:
                self.add_error(name, _("This is more than the MRP"))
        if data.get("pts") and data.get("ptr") and data["pts"] > data["ptr"]:
            self.add_error("pts", _("The price to the stockist is at most the PTR"))
        return data
