"""The form of a product."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.ui.crispy import C4, C6, C8, C12, Card
from apps.core.ui.fields import MoneyField
from apps.core.ui.widgets import CodeInput, QuantityInput
from apps.inventory.forms.fields import (
    CodesField,
    ManufacturerField,
    PacksField,
    SaltsField,
    code_rows,
    names_while_typing,
    pack_rows,
    salt_rows,
)
from apps.inventory.models import DosageForm, Product
from apps.inventory.operations.products import Parts, parts_of
from apps.inventory.rules.hsn import InvalidHsn, parse_hsn
from apps.inventory.rules.packs import read_label
from apps.inventory.rules.units import uqc_of
from apps.organizations.operations.sentences import told

_PERCENTS = ("tax_override", "retailer_margin", "stockist_margin", "default_margin")


class ProductForm(forms.ModelForm[Product]):
    """A product with its salts, packs and barcodes as rows."""

    manufacturer = ManufacturerField()
    new_manufacturer = forms.BooleanField(label=_("Add this manufacturer, it is new"), required=False)
    salts = SaltsField()
    pack_units = PacksField()
    barcodes = CodesField()

    layout: ClassVar[Layout] = Layout(
        Card(
            _("What it is"),
            C8("name"),
            C4("code"),
            C4("pack"),
            C4("form"),
            C4("strength"),
            C8("manufacturer"),
            C4("new_manufacturer"),
            C12("salts"),
        ),
        Card(
            _("Law, tax and storage"),
            C4("schedule"),
            C8("licence_class"),
            C4("h2"),
            C4("ndps"),
            C4("price_controlled"),
            C4("hsn"),
            C4("tax_override"),
            C4("storage"),
        ),
        Card(
            _("Units and codes"),
            C4("base_unit"),
            C4("uqc"),
            C4("loose"),
            C6("pack_units"),
            C6("barcodes"),
        ),
        Card(
            _("Prices and reorder"),
            C4("retailer_margin"),
            C4("stockist_margin"),
            C4("default_margin"),
            C4("reorder_level"),
            C4("reorder_quantity"),
        ),
    )

    class Meta:
        model = Product
        fields = (
            "name",
            "code",
            "pack",
            "form",
            "strength",
            "manufacturer",
            "schedule",
            "licence_class",
            "h2",
            "ndps",
            "price_controlled",
            "hsn",
            "tax_override",
            "storage",
            "base_unit",
            "uqc",
            "loose",
            "retailer_margin",
            "stockist_margin",
            "default_margin",
            "reorder_level",
            "reorder_quantity",
        )
        widgets: ClassVar[dict[str, Any]] = {
            "code": CodeInput(),
            "hsn": CodeInput(attrs={"inputmode": "numeric"}),
            "base_unit": forms.TextInput(attrs={"list": "base-units"}),
            "reorder_level": QuantityInput(),
            "reorder_quantity": QuantityInput(),
            **{name: forms.TextInput(attrs={"inputmode": "decimal", "suffix": "%"}) for name in _PERCENTS},
        }

    def __init__(self, *args: Any, organization: str, **kwargs: Any) -> None:
        """Args:
        organization: its web address, for names while typing.
        """
        super().__init__(*args, **kwargs)
        parts = parts_of(self.instance)
        self.initial.update(
            salts=salt_rows(parts),
            pack_units=pack_rows(parts),
            barcodes=code_rows(parts),
        )
        maker: Any = self.fields["manufacturer"]
        maker.may_make = bool(self.data.get("new_manufacturer"))
        address = reverse("inventory:manufacturer_names", kwargs={"organization": organization})
        maker.widget.attrs |= {"list": "manufacturer-names", **names_while_typing(address, "#manufacturer-names")}
        address = reverse("inventory:salt_names", kwargs={"organization": organization})
        self.fields["salts"].widget.attrs |= names_while_typing(address, "#salt-names")
        for name in _PERCENTS:
            if isinstance(value := self.initial.get(name), Decimal):
                self.initial[name] = f"{value.normalize():f}"

    def add_prefix(self, field_name: str) -> str:
        # A control called "form" hides the property with which htmx finds what to send.
        return super().add_prefix("dosage_form" if field_name == "form" else field_name)

    def clean_hsn(self) -> str:
        try:
            return parse_hsn(self.cleaned_data["hsn"])
        except InvalidHsn as broken:
            raise forms.ValidationError(told(broken)) from None

    def clean_base_unit(self) -> str:
        return " ".join(self.cleaned_data["base_unit"].lower().split())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        base = data.get("base_unit", "")
        try:
            self.packs = self.fields["pack_units"].read(data.get("pack_units", []), base)  # type: ignore[attr-defined]
        except forms.ValidationError as error:
            self.add_error("pack_units", error)
            return data
        try:
            self.codes = self.fields["barcodes"].read(data.get("barcodes", []), self.packs, base)  # type: ignore[attr-defined]
        except forms.ValidationError as error:
            self.add_error("barcodes", error)
        return data

    def parts(self) -> Parts:
        """What belongs to the product, as typed."""
        return Parts(tuple(self.cleaned_data["salts"]), self.packs, self.codes)


class NewProductForm(ProductForm):
    """A new product, with its MRP of today."""

    mrp = MoneyField(
        label=_("MRP"), required=False, min_value=Decimal("0.01"), max_digits=12, help_text=_("From today on.")
    )

    def clean(self) -> dict[str, Any]:
        """Form and unit code follow from the pack where they were left as they were offered."""
        data = super().clean()
        label = read_label(data.get("pack", ""))
        if label is not None and data.get("form") == DosageForm.OTHER:
            data["form"] = label.form
        if data.get("uqc") == "NOS" and data.get("base_unit"):
            data["uqc"] = uqc_of(data["base_unit"])
        return data

    layout: ClassVar[Layout] = Layout(
        *ProductForm.layout.fields[:-1],
        Card(
            _("Prices and reorder"),
            C4("mrp"),
            C4("reorder_level"),
            C4("reorder_quantity"),
            C4("retailer_margin"),
            C4("stockist_margin"),
            C4("default_margin"),
        ),
    )


class PhotoForm(forms.Form):
    """A photo to upload."""

    photo = forms.FileField(
        label=_("Photo"),
        help_text=_("JPEG, PNG or WebP, up to 8 MB. It is drawn anew, without place and time of the picture."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
