"""How goods are taken in: settings, shelf life, terms of suppliers, figures of the law."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.core.ui.widgets import DateInput
from apps.inventory.models import Product
from apps.parties.models import Party
from apps.purchasing.models import ReceivingSettings, ShelfLifeRule, StatutoryFigure, SupplierTerms


class _Named(forms.CharField):
    """A record by its name; its value is the record."""

    model: type[Party] | type[Product]

    def clean(self, value: Any) -> Any:
        if isinstance(value, self.model):
            return value
        name = " ".join(str(super().clean(value) or "").split())
        if not name:
            return None
        found = list(self.model.objects.alias(key=Lower("name")).filter(key=name.lower(), active=True)[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("Nothing is called so. Type the whole name.") if not found else _("Several are called so.")
            )
        return found[0]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = self.model.objects.filter(pk=value).first()
        return str(value) if value is not None else ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial)).lower() != " ".join(str(data or "").split()).lower()


class SupplierName(_Named):
    model = Party


class ProductName(_Named):
    model = Product


class ReceivingSettingsForm(forms.ModelForm[ReceivingSettings]):
    class Meta:
        model = ReceivingSettings
        fields = ("minimum_days", "rounding_limit", "spread_by", "withholds_tax")


class ShelfLifeForm(forms.ModelForm[ShelfLifeRule]):
    supplier = SupplierName(label=_("Supplier"), required=False, help_text=_("Empty is every supplier."))
    product = ProductName(label=_("Product"), required=False, help_text=_("Empty is every product."))

    class Meta:
        model = ShelfLifeRule
        fields = ("supplier", "product", "minimum_days")


class SupplierTermsForm(forms.ModelForm[SupplierTerms]):
    class Meta:
        model = SupplierTerms
        fields = ("enterprise", "udyam", "written_agreement", "agreed_days")


class StatutoryFigureForm(forms.ModelForm[StatutoryFigure]):
    class Meta:
        model = StatutoryFigure
        fields = ("kind", "valid_from", "valid_to", "value", "source")
        widgets = {"valid_from": DateInput(), "valid_to": DateInput()}
