"""Forms of tax rates."""

from __future__ import annotations

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.ui.crispy import C4, C6, C12, Card
from apps.core.ui.widgets import CodeInput, DateInput
from apps.finance.models import TaxRate


class NewTaxRateForm(forms.ModelForm[TaxRate]):
    """A rate from a day on; the one before it ends by itself."""

    layout: ClassVar[Layout] = Layout(
        Card(
            _("Rate"),
            C4("hsn_prefix"),
            C4("valid_from"),
            C4("rate"),
            C4("cess_rate"),
            C6("description"),
            C12("source"),
            C6("certainty"),
            hint=_("The rate before it ends the day before."),
        )
    )

    class Meta:
        model = TaxRate
        fields = ("hsn_prefix", "valid_from", "rate", "cess_rate", "description", "source", "certainty")
        widgets: ClassVar[dict[str, Any]] = {
            "hsn_prefix": CodeInput(attrs={"inputmode": "numeric"}),
            "valid_from": DateInput(),
        }


class TaxRateForm(forms.ModelForm[TaxRate]):
    """Mend a rate that was entered wrongly; its days stay."""

    layout: ClassVar[Layout] = Layout(
        Card(_("Rate"), C4("rate"), C4("cess_rate"), C6("description"), C12("source"), C6("certainty"))
    )

    class Meta:
        model = TaxRate
        fields = ("rate", "cess_rate", "description", "source", "certainty")
