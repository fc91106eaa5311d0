"""Headings of orders, and what ends or moves them."""

from __future__ import annotations

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.ui.crispy import C6, C12, Card
from apps.core.ui.widgets import DateInput
from apps.organizations.models import Branch
from apps.purchasing.forms.fields import SupplierField
from apps.purchasing.models import OrderSettings


class OrderForm(forms.Form):
    """What stands above the lines of an order."""

    supplier = SupplierField()
    branch = forms.ModelChoiceField(label=_("Goods come to"), queryset=Branch.objects.none(), empty_label=None)
    on_date = forms.DateField(label=_("Date"), widget=DateInput())
    expected_on = forms.DateField(label=_("Expected"), required=False, widget=DateInput())
    note = forms.CharField(label=_("Note to the supplier"), required=False, max_length=300)

    layout: ClassVar[Layout] = Layout(
        Card(_("Order"), C12("supplier"), C12("branch"), C6("on_date"), C6("expected_on"), C12("note"))
    )

    def __init__(self, *args: Any, organization: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = Branch.objects.filter(active=True)  # type: ignore[attr-defined]
        self.fields["supplier"].offer_names(organization)  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class ExpectForm(forms.Form):
    expected_on = forms.DateField(label=_("Expected"), required=False, widget=DateInput())


class SendForm(forms.Form):
    """Where the order goes: to an address, or it was handed over."""

    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Leave it empty if you told or handed it to the supplier.")
    )
    text = forms.CharField(
        label=_("Text"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 5, "span": "c12"})
    )


class OrderSettingsForm(forms.ModelForm[OrderSettings]):
    class Meta:
        model = OrderSettings
        fields = ("approval_limit", "over_receipt_percent", "lead_days", "cover_days")
