"""What a supplier asks for a product."""

from __future__ import annotations

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.ui.crispy import C4, C6, C12, Card
from apps.core.ui.widgets import CodeInput, DateInput, MoneyInput
from apps.purchasing.forms.fields import ProductField, SupplierField
from apps.purchasing.models import SupplierPrice


class SupplierPriceForm(forms.ModelForm[SupplierPrice]):
    supplier = SupplierField()
    product = ProductField()

    layout: ClassVar[Layout] = Layout(
        Card(
            _("Supplier price"),
            C12("supplier"),
            C12("product"),
            C4("effective_from"),
            C4("rate"),
            C4("discount"),
            C6("scheme_paid"),
            C6("scheme_free"),
            C6("multiple"),
            C6("supplier_code"),
        )
    )

    class Meta:
        model = SupplierPrice
        fields = (
            "supplier",
            "product",
            "effective_from",
            "rate",
            "discount",
            "scheme_paid",
            "scheme_free",
            "multiple",
            "supplier_code",
        )
        widgets: ClassVar[dict[str, Any]] = {
            "effective_from": DateInput(),
            "rate": MoneyInput(),
            "supplier_code": CodeInput(),
        }

    def __init__(self, *args: Any, organization: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("supplier", "product"):
            self.fields[name].offer_names(organization)  # type: ignore[attr-defined]

    def clean_supplier(self) -> Any:
        supplier = self.cleaned_data["supplier"]
        if not supplier.is_supplier or not supplier.active:
            raise forms.ValidationError(_now("%(party)s is no supplier, or archived.") % {"party": supplier})
        return supplier

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("scheme_paid")) != bool(data.get("scheme_free")):
            self.add_error("scheme_free", _now("A scheme says how many are free for how many, such as 10 and 1."))
        return data
