"""How a receipt begins, and why one is cancelled."""

from __future__ import annotations

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.ui.crispy import C6, C12, Card
from apps.core.ui.widgets import DateInput
from apps.inventory.models import Place
from apps.purchasing.forms.fields import SupplierField
from apps.purchasing.models import OPEN_STATES, PurchaseOrder


class PlaceChoice(forms.ModelChoiceField):
    """Places of all branches: the place says the branch."""

    def label_from_instance(self, obj: Place) -> str:
        return f"{obj} · {obj.branch}"


class OrderChoice(forms.ModelChoiceField):
    """Orders that expect goods, with their supplier."""

    def label_from_instance(self, obj: PurchaseOrder) -> str:
        return f"{obj} · {obj.supplier}"


class ReceiptForm(forms.Form):
    """From whom goods come, and where they are put; an order fills the lines."""

    supplier = SupplierField(required=False)
    order = OrderChoice(
        label=_("Against order"),
        queryset=PurchaseOrder.objects.none(),
        required=False,
        empty_label=_("Without an order"),
        help_text=_("An order brings its supplier and its lines."),
    )
    place = PlaceChoice(label=_("Put into"), queryset=Place.objects.none(), empty_label=None)
    on_date = forms.DateField(label=_("Received on"), widget=DateInput())
    challan = forms.CharField(label=_("Supplier's challan"), max_length=40, required=False)

    layout: ClassVar[Layout] = Layout(
        Card(_("Delivery"), C12("supplier"), C12("order"), C12("place"), C6("on_date"), C6("challan"))
    )

    def __init__(self, *args: Any, organization: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Place.objects.filter(active=True).exclude(kind="transit").select_related("branch")
        self.fields["place"].queryset = places.order_by("branch_id", "id")  # type: ignore[attr-defined]
        orders = PurchaseOrder.objects.filter(state__in=OPEN_STATES).select_related("supplier")
        self.fields["order"].queryset = orders.order_by("-on_date", "-id")  # type: ignore[attr-defined]
        self.fields["supplier"].offer_names(organization)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        order = data.get("order")
        if order is not None and not data.get("supplier"):
            data["supplier"] = order.supplier
        if not data.get("supplier") and "supplier" not in self.errors:
            self.add_error("supplier", _("Type who sends the goods, or choose an order."))
        return data


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)
    on_date = forms.DateField(label=_("Booked on"), widget=DateInput())


class BillForm(forms.Form):
    """A bill that comes after its goods."""

    bill_number = forms.CharField(label=_("Bill number"), max_length=40)
    bill_date = forms.DateField(label=_("Bill date"), widget=DateInput())
    printed_total = forms.DecimalField(
        label=_("Bill total"),
        max_digits=14,
        decimal_places=2,
        min_value=0,
        required=False,
        help_text=_("As printed. Empty takes what the lines come to."),
    )
    bill_discount = forms.DecimalField(
        label=_("Discount %"), max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False
    )
    freight = forms.DecimalField(label=_("Freight ₹"), max_digits=12, decimal_places=2, min_value=0, required=False)
    freight_tax = forms.DecimalField(
        label=_("Tax on freight %"), max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False
    )
    on_date = forms.DateField(label=_("Booked on"), widget=DateInput())

    layout: ClassVar[Layout] = Layout(
        Card(
            _("Supplier bill"),
            C6("bill_number"),
            C6("bill_date"),
            C6("printed_total"),
            C6("bill_discount"),
            C6("freight"),
            C6("freight_tax"),
            C6("on_date"),
        )
    )
