"""A line of an order, as a form."""

from __future__ import annotations

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.ui.crispy import C6, C12, Card
from apps.core.ui.widgets import MoneyInput, QuantityInput
from apps.purchasing.forms.fields import ProductField
from apps.purchasing.operations.orders import Terms


class OrderLineForm(forms.Form):
    """Quantities in base units. Of a new line, what is left empty is as the supplier asks."""

    product = ProductField()
    quantity = forms.IntegerField(label=_("Quantity"), widget=QuantityInput())
    free = forms.IntegerField(label=_("Free"), required=False, widget=QuantityInput())
    rate = forms.DecimalField(
        label=_("Rate"), required=False, max_digits=14, decimal_places=4, widget=MoneyInput(),
        help_text=_("Rupees for one base unit, before tax. Empty takes the supplier's own."),
    )  # fmt: skip
    discount = forms.DecimalField(label=_("Discount"), required=False, max_digits=5, decimal_places=2)

    layout: ClassVar[Layout] = Layout(
        Card(_("Line"), C12("product"), C6("quantity"), C6("free"), C6("rate"), C6("discount"))
    )

    def __init__(self, *args: Any, organization: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].offer_names(organization)  # type: ignore[attr-defined]

    def terms(self, usual: Terms | None = None) -> Terms:
        """What was typed; `usual` stands for what was left empty."""
        data = self.cleaned_data
        empty = usual or Terms(data["product"].pk, 0)
        return Terms(
            product_id=data["product"].pk,
            quantity=data["quantity"],
            free=empty.free if data["free"] is None else data["free"],
            rate=empty.rate if data["rate"] is None else data["rate"],
            discount=empty.discount if data["discount"] is None else data["discount"],
        )
